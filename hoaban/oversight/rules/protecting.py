"""Requests of citizens, looks told of later, breaches: their kinds, their time limits and what is refused."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from hoaban.base import dated_rules
from hoaban.base.clock import day_of
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.officers.rules import FourEyes, four_eyes

PROTECT = "oversight.protect"
ASK_TO_WITHHOLD = "oversight.ask_to_withhold"
WITHHOLD = "oversight.withhold"
WITHHOLDING = four_eyes(
    FourEyes(
        "oversight.withholding", _("Telling a citizen later of a look"), WITHHOLD, "oversight:withholdings",
        reason_first=True,
    )
)  # fmt: skip


class RequestKind(StrEnum):
    """What a citizen may ask for."""

    SEE = "see"
    CORRECT = "correct"
    OBJECT = "object"
    RESTRICT = "restrict"


class RequestState(StrEnum):
    """The life of a request."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class LookResult(StrEnum):
    """What came of looking into look-ups."""

    ALL_RIGHT = "all_right"
    TALK = "talk"
    BREACH = "breach"
    PASSED_ON = "passed_on"


class Ground(StrEnum):
    """On which ground a look may be told of later; there is no other."""

    CRIME = "crime"
    SECURITY = "security"
    DANGER = "danger"


class BreachKind(StrEnum):
    """What went wrong."""

    LOOKED_AT = "looked_at"
    TAKEN = "taken"
    LOST = "lost"
    CHANGED = "changed"


REQUEST_WORDS = {
    RequestKind.SEE: _("to see what is kept"),
    RequestKind.CORRECT: _("to have something corrected"),
    RequestKind.OBJECT: _("an objection"),
    RequestKind.RESTRICT: _("to have the use restricted"),
}
STATE_WORDS = {
    RequestState.OPEN: _("waits for the answer"),
    RequestState.DONE: _("done"),
    RequestState.REFUSED: _("refused"),
}
RESULT_WORDS = {
    LookResult.ALL_RIGHT: _("there was a task for it"),
    LookResult.TALK: _("talked over with the officer"),
    LookResult.BREACH: _("a breach: recorded as one"),
    LookResult.PASSED_ON: _("passed on to the officer's superior"),
}
GROUND_WORDS = {
    Ground.CRIME: _("investigation of a crime, opened by a decision"),
    Ground.SECURITY: _("national security, by a written order"),
    Ground.DANGER: _("danger to somebody's life if told now"),
}
BREACH_WORDS = {
    BreachKind.LOOKED_AT: _("looked at without a ground"),
    BreachKind.TAKEN: _("taken or sent to where it shouldn't be"),
    BreachKind.LOST: _("lost or destroyed"),
    BreachKind.CHANGED: _("changed without a ground"),
}


def due(kind: RequestKind, received_at: dt.datetime) -> dt.datetime:
    """Until when a request is to be answered."""
    day = day_of(received_at)
    if kind is RequestKind.RESTRICT:
        return received_at + dt.timedelta(hours=dated_rules.number("oversight.restrict_hours", day))
    code = "oversight.objection_days" if kind is RequestKind.OBJECT else "oversight.request_days"
    return received_at + dt.timedelta(days=dated_rules.number(code, day))


def breach_due(noticed_at: dt.datetime) -> dt.datetime:
    """Until when the ministry is to be told of a breach: 72 hours after it was noticed."""
    return noticed_at + dt.timedelta(hours=dated_rules.number("oversight.breach_hours", day_of(noticed_at)))


def check_until(until: dt.date, on: dt.date) -> None:
    """Refuse to withhold without an end in sight. Raises TooLong, EndsBefore."""
    longest = dated_rules.number("oversight.withhold_longest_days", on)
    if until <= on:
        raise EndsBefore()
    if until > on + dt.timedelta(days=longest):
        raise TooLong(days=longest)


class TooLong(Refusal):
    """Withheld for too long."""

    code = "oversight.too_long"
    message = _("A look may be told of at most %(days)s days later. Name an earlier day; propose it again then.")


class EndsBefore(Refusal):
    """Withheld until a day that is over."""

    code = "oversight.ends_before"
    message = _("Name a day after today, on which the citizen is told.")


class NotYours(Refusal):
    """An objection to a look that isn't about the citizen."""

    code = "oversight.not_yours"
    message = _("This entry isn't about you.")


class Answered(Refusal):
    """The request was answered before."""

    code = "oversight.answered"
    message = _("Request %(code)s was answered by %(who)s.")


class AnswerMissing(Refusal):
    """No answer without words."""

    code = "oversight.answer_missing"
    message = _("Write the answer that the citizen reads; of a refusal, also the ground.")


class OwnLooks(Refusal):
    """Nobody judges their own look-ups."""

    code = "oversight.own_looks"
    message = _("These are your own look-ups. Somebody else looks into them.")


class LateUnexplained(Refusal):
    """A notice after 72 hours says why."""

    code = "oversight.late_unexplained"
    message = _("The 72 hours are over. Write why the notice comes later: the law asks for it.")


class NotNotified(Refusal):
    """A breach can't be closed before the ministry knows."""

    code = "oversight.not_notified"
    message = _("The ministry isn't told of this breach yet. Send the notice first.")
