"""How an application, a card and a batch live: states, steps, the words for them and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from hoaban.base.words import _
from hoaban.cards.rules.refusals import NotInThatBatch, NotTheHolder, ReasonMissing, WrongStep
from hoaban.officers.rules import FourEyes, four_eyes

# Two officers release a card for production
RELEASE = four_eyes(FourEyes("cards.release", _("Release of a card"), "cards.release", "cards:application", ("code",)))


class Kind(StrEnum):
    """Why a card is asked for."""

    FIRST = "first"
    RENEWAL = "renewal"
    REISSUE = "reissue"


class ApplicationState(StrEnum):
    """Where an application stands before its card exists."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class CardState(StrEnum):
    """Where a card stands: on its way to the holder, in the hand, or ended."""

    APPROVED = "approved"
    PERSONALISED = "personalised"
    CHECKED = "checked"
    SENT = "sent"
    AT_COMMUNE = "at_commune"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    SPOILED = "spoiled"


LIFE = (
    CardState.APPROVED,
    CardState.PERSONALISED,
    CardState.CHECKED,
    CardState.SENT,
    CardState.AT_COMMUNE,
    CardState.HANDED_OVER,
)
IN_MAKING = LIFE[:-1]
UNDECIDED = (ApplicationState.REQUESTED, ApplicationState.PROPOSED)
ENDED = (CardState.WITHDRAWN, CardState.LOST, CardState.SPOILED)

APPLICATION_MOVES = {
    ApplicationState.REQUESTED: {ApplicationState.PROPOSED},
    ApplicationState.PROPOSED: {ApplicationState.APPROVED, ApplicationState.DECLINED, ApplicationState.REQUESTED},
    ApplicationState.APPROVED: set[ApplicationState](),
    ApplicationState.DECLINED: set[ApplicationState](),
}
CARD_MOVES = {
    CardState.APPROVED: {CardState.PERSONALISED, CardState.WITHDRAWN},
    CardState.PERSONALISED: {CardState.CHECKED, CardState.SPOILED, CardState.WITHDRAWN},
    CardState.CHECKED: {CardState.SENT, CardState.SPOILED, CardState.WITHDRAWN},
    CardState.SENT: {CardState.AT_COMMUNE, CardState.LOST, CardState.WITHDRAWN},
    CardState.AT_COMMUNE: {CardState.HANDED_OVER, CardState.LOST, CardState.WITHDRAWN},
    CardState.HANDED_OVER: {CardState.LOST, CardState.WITHDRAWN},
    CardState.WITHDRAWN: set[CardState](),
    CardState.LOST: set[CardState](),
    CardState.SPOILED: set[CardState](),
}


class BatchState(StrEnum):
    """Where a batch is."""

    PACKED = "packed"
    SENT = "sent"
    ARRIVED = "arrived"


KIND_WORDS = {
    Kind.FIRST: _("first card"),
    Kind.RENEWAL: _("change of card"),
    Kind.REISSUE: _("card lost, made again"),
}
APPLICATION_WORDS = {
    ApplicationState.REQUESTED: _("asked for"),
    ApplicationState.PROPOSED: _("waits for the second officer"),
    ApplicationState.APPROVED: _("approved"),
    ApplicationState.DECLINED: _("declined"),
}
CARD_WORDS = {
    CardState.APPROVED: _("to be made"),
    CardState.PERSONALISED: _("made, to be checked"),
    CardState.CHECKED: _("checked, to be packed"),
    CardState.SENT: _("on the way"),
    CardState.AT_COMMUNE: _("at the commune"),
    CardState.HANDED_OVER: _("in the holder's hand"),
    CardState.WITHDRAWN: _("withdrawn"),
    CardState.LOST: _("lost"),
    CardState.SPOILED: _("spoiled"),
}
BATCH_WORDS = {
    BatchState.PACKED: _("packed"),
    BatchState.SENT: _("on the way"),
    BatchState.ARRIVED: _("arrived"),
}


def kind_of(has_live_card: bool, lost_one: bool) -> Kind:
    """Why somebody asks: for the first time, to renew the card in their hand, or because it is lost."""
    if has_live_card:
        return Kind.RENEWAL
    return Kind.REISSUE if lost_one else Kind.FIRST


def check_application_move(current: ApplicationState, to: ApplicationState, code: str) -> None:
    """Refuse a step that the life of an application doesn't know. Raises WrongStep."""
    if to not in APPLICATION_MOVES[current]:
        raise WrongStep(what=code, state=APPLICATION_WORDS[current])


def check_card_move(current: CardState, to: CardState, serial: str) -> None:
    """Refuse a step that the life of a card doesn't know. Raises WrongStep."""
    if to not in CARD_MOVES[current]:
        raise WrongStep(what=serial, state=CARD_WORDS[current])


def check_handover(holder_number: str, shown: str, state: CardState, serial: str) -> None:
    """The card is here and the number shown (all 12 digits or the last 4) is its holder's.

    Raises WrongStep, NotTheHolder.
    """
    check_card_move(state, CardState.HANDED_OVER, serial)
    digits = shown.replace(" ", "")
    if len(digits) not in (4, 12) or not holder_number.endswith(digits):
        raise NotTheHolder(serial=serial)


def check_reason(reason: str) -> str:
    """The reason without outer spaces. Raises ReasonMissing where there is none."""
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()


def check_missing(sent: Iterable[str], missing: Iterable[str]) -> frozenset[str]:
    """The serials that didn't arrive, each of which was sent. Raises NotInThatBatch."""
    stray = sorted(set(missing) - set(sent))
    if stray:
        raise NotInThatBatch(serials=", ".join(stray))
    return frozenset(missing)


def outlives_join(number: str, standing: str, has_other: bool) -> bool:
    """Whether a card lives on when its holder's record is joined to another one.

    It bears the number that stands, and the record that stays has no live card of its own.
    """
    return bool(number) and number == standing and not has_other


def comes_back(number: str, holders: str, expires_on: dt.date | None, has_other: bool, on: dt.date) -> bool:
    """Whether a card that a join withdrew is in use again when the records are parted."""
    return bool(number) and number == holders and not has_other and (expires_on is None or expires_on >= on)
