"""The words in which the audit is told to people, and in which role somebody acted on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hoaban.base.words import _
from hoaban.people import rules as people

LOOKS = frozenset({"people.looked", "people.searched", "services.looked_up", "oversight.audit_read"})
CHANGED = "people.corrected"

# What was done, in words. Rooms above this one are known by name alone.
ACTION_WORDS = {
    "people.looked": _("opened your record"),
    "people.searched": _("searched and found your name"),
    "people.established": _("entered you in the register"),
    "people.corrected": _("changed your record"),
    "people.number_given": _("gave you a personal number"),
    "people.temporary_residence_registered": _("registered your temporary residence"),
    "enrolment.received": _("received your photo and fingerprints"),
    "enrolment.cleared": _("passed your enrolment"),
    "enrolment.held": _("held your enrolment for a closer look"),
    "matching.cleared": _("made sure that you are in the register once"),
    "cards.requested": _("asked for your card"),
    "cards.released": _("released your card for making"),
    "cards.personalised": _("made your card"),
    "cards.checked": _("checked your card"),
    "cards.batch_sent": _("sent your card on its way"),
    "cards.batch_arrived": _("took in your card at the commune"),
    "cards.handed_over": _("handed your card over"),
    "cards.declined": _("declined your card"),
    "eid.opened": _("opened your electronic identity"),
    "eid.activated": _("activated your electronic identity"),
    "eid.signed_in": _("signed in with your electronic identity"),
    "eid.consented": _("let an agency have your facts"),
    "eid.shared": _("told an agency your facts"),
    "services.submitted": _("sent an application that names you"),
    "services.looked_up": _("named you by number, name and birth in an application"),
    "services.approved": _("approved an application that names you"),
    "services.returned": _("sent an application that names you back"),
    "services.declined": _("declined an application that names you"),
    "visits.promised": _("fixed a day for a team to come to you"),
    "visits.met": _("noted that the team has met you"),
    "oversight.audit_read": _("read who has looked at your record"),
}
ROOM_WORDS = {
    "intake": _("worked on your form"),
    "people": _("worked on your record"),
    "verification": _("checked your record"),
    "enrolment": _("worked on your enrolment"),
    "matching": _("compared your record with others"),
    "cards": _("worked on your card"),
    "eid": _("worked on your electronic identity"),
    "services": _("worked on your application"),
    "campaign": _("planned the way to you"),
    "visits": _("planned the way to you"),
    "officers": _("a second officer decided"),
    "exchange": _("answered another agency about you"),
}
PART_WORDS = {
    "record": _("the whole record"),
    "history": _("its history"),
    "looks": _("who has looked"),
    "application": _("the application"),
}
THE_PROGRAM = _("the program itself")
YOURSELF = _("yourself")


def action_in_words(action: str) -> object:
    """What an entry says was done."""
    return ACTION_WORDS.get(action) or ROOM_WORDS.get(action.partition(".")[0]) or action


def purpose_in_words(purpose: str) -> object:
    """Why, in words."""
    return people.PURPOSES.get(purpose, purpose)


def parts_in_words(action: str, facts: Mapping[str, Any]) -> str:
    """Which facts were changed, or which part of the record was opened."""
    fields = facts.get("fields")
    if not isinstance(fields, list):
        return ""
    if action == CHANGED:
        return ", ".join(people.label_of(name) for name in fields)
    return ", ".join(str(PART_WORDS[name]) for name in fields if name in PART_WORDS)


@dataclass(frozen=True)
class Held:
    """A role that somebody held in a unit between two days, in words."""

    title: str
    unit: str
    first: dt.date
    last: dt.date | None

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title


def roles_on(held: Iterable[Held], day: dt.date) -> str:
    """In which roles somebody acted on that day."""
    return "; ".join(str(one) for one in held if one.first <= day and (one.last is None or day <= one.last))
