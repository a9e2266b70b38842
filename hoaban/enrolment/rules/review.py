"""What an enrolment says, and what the server thinks of it before anybody looks.

A packet whose bytes or form aren't as agreed is refused; one that is sound but doubtful is held for
an officer; the others go on by themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base import dated_rules, names
from hoaban.base.errors import Refusal
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.enrolment.rules import capture


class State(StrEnum):
    """received -> cleared; received or cleared -> held -> received (an officer let it pass)."""

    RECEIVED = "received"
    HELD = "held"
    CLEARED = "cleared"


class Consent(StrEnum):
    """How the person agreed."""

    SIGNATURE = "signature"
    THUMB = "thumb"


class Remark(StrEnum):
    """What makes an enrolment doubtful."""

    PERSON_UNKNOWN = "person_unknown"
    FACTS_DIFFER = "facts_differ"
    FINGERS_INCOMPLETE = "fingers_incomplete"
    FINGERS_POOR = "fingers_poor"
    TOO_YOUNG_FOR_CARD = "too_young_for_card"
    TOO_YOUNG_FOR_EID = "too_young_for_eid"
    CORRECTIONS = "corrections"


REMARK_WORDS = {
    Remark.PERSON_UNKNOWN: _("The register has no such person. Find them by number, then let it pass."),
    Remark.FACTS_DIFFER: _("The register has changed since the list was made. Compare the facts."),
    Remark.FINGERS_INCOMPLETE: _("A finger has neither a print nor a reason."),
    Remark.FINGERS_POOR: _("Most prints are poor after three tries."),
    Remark.TOO_YOUNG_FOR_CARD: _("Too young to ask for a card alone."),
    Remark.TOO_YOUNG_FOR_EID: _("Too young for an e-ID of level 2."),
    Remark.CORRECTIONS: _("The person says that a fact is wrong. Check it."),
}


class NotFitForProduction(Refusal):
    """A mock device took this, and this server takes real ones only."""

    code = "enrolment.mock_device"
    message = _("A mock device took this. It can't become a card.")


class NotHeld(Refusal):
    """Only a held enrolment can be let pass."""

    code = "enrolment.not_held"
    message = _("This enrolment isn't held. Nothing is to be done.")


class NobodyMeant(Refusal):
    """A held enrolment of nobody we know needs a person first."""

    code = "enrolment.nobody_meant"
    message = _("Find the person by their number first.")


class NoFace(Refusal):
    """There is no portrait that can be read."""

    code = "enrolment.no_face"
    message = _("The portrait can't be read.")


@dataclass(frozen=True)
class Facts:
    """The part `facts` of a packet: who, what they confirmed, what they ask for, how it was taken.

    `person_id` is the one of the list, 0 for somebody who wasn't on it.
    """

    person_id: int
    number: str
    full_name: str
    sex: str
    born: str
    commune_code: str
    corrections: str
    wants_card: bool
    wants_eid: bool
    phone: str
    consent: Consent
    slip_code: str
    face_source: capture.Source
    fingers_source: capture.Source
    taken_at: str
    operator_id: str
    operator_name: str
    list_version: int
    activation_digest: str = ""  # of the slip's secret code; "" where no e-ID is asked for, and in format 1

    @property
    def is_simulated(self) -> bool:
        """Whether any of it came from a mock device."""
        return capture.Source.MOCK in (self.face_source, self.fingers_source)


@dataclass(frozen=True)
class Fingers:
    """The part `fingers` of a packet."""

    fingers: tuple[capture.Finger, ...]

    @property
    def mean_quality(self) -> int:
        """Mean quality of the prints that were taken, 0 where there are none."""
        taken = [finger.quality for finger in self.fingers if finger.why_not is None]
        return round(sum(taken) / len(taken)) if taken else 0


@dataclass(frozen=True)
class Registered:
    """What the register says of the same person."""

    number: str
    full_name: str
    sex: str
    born: str


def level_2_first_age(on: dt.date) -> int:
    """The age from which an e-ID of level 2 comes with the card (Decree 69/2024; dated in `rules.csv`)."""
    return dated_rules.number("eid.level_2_first_age", on)


def remarks(facts: Facts, fingers: Fingers, registered: Registered | None, on: dt.date) -> list[Remark]:
    """All that is doubtful about an enrolment on that day; empty when it may go on."""
    found = []
    if registered is None:
        found.append(Remark.PERSON_UNKNOWN)
    elif _differ(facts, registered):
        found.append(Remark.FACTS_DIFFER)
    if facts.corrections:
        found.append(Remark.CORRECTIONS)
    found += _finger_remarks(fingers)
    youngest, _oldest = PartialDate.parse(facts.born).age_range(on)
    if facts.wants_card and youngest < dated_rules.number("card.first_age", on):
        found.append(Remark.TOO_YOUNG_FOR_CARD)
    if facts.wants_eid and youngest < level_2_first_age(on):
        found.append(Remark.TOO_YOUNG_FOR_EID)
    return found


def _differ(facts: Facts, registered: Registered) -> bool:
    return (
        facts.number != registered.number
        or names.fold(facts.full_name) != names.fold(registered.full_name)
        or facts.sex != registered.sex
        or facts.born != registered.born
    )


def _finger_remarks(fingers: Fingers) -> list[Remark]:
    by_code: Mapping[int, capture.Finger] = {finger.code: finger for finger in fingers.fingers}
    if not all(capture.is_settled(by_code.get(code)) for code in capture.FINGER_NAMES):
        return [Remark.FINGERS_INCOMPLETE]
    poor = [f for f in fingers.fingers if f.why_not is None and f.quality < capture.ENOUGH_FROM]
    return [Remark.FINGERS_POOR] if len(poor) > len(fingers.fingers) // 2 else []
