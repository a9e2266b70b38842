"""Which changes of the register need a second officer, and what they are called."""

from __future__ import annotations

from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import _

CHANGE = "people.change"
DECIDE = "people.decide"
PROPOSE_JOIN = "people.propose_join"


class Deed(StrEnum):
    """A change of a legal fact: one officer proposes it, a second one decides."""

    BIRTH = "birth"
    CLOSE = "close"
    REOPEN = "reopen"
    MARRY = "marry"
    DIVORCE = "divorce"
    MOVE = "move"
    HOME = "home"
    JOIN = "join"
    PART = "part"
    NUMBER = "number"
    CORRECT = "correct"


DEED_WORDS = {
    Deed.BIRTH: _("Birth"),
    Deed.CLOSE: _("Record closed"),
    Deed.REOPEN: _("Record reopened"),
    Deed.MARRY: _("Marriage"),
    Deed.DIVORCE: _("Divorce"),
    Deed.MOVE: _("Permanent residence"),
    Deed.HOME: _("Move of the whole household"),
    Deed.JOIN: _("Two records joined"),
    Deed.PART: _("Joined records parted"),
    Deed.NUMBER: _("Number cancelled and established anew"),
    Deed.CORRECT: _("Correction"),
}


# What a proposal says, in words: the names of the facts it carries.
PROPOSED_WORDS = {
    "life": _("State"),
    "day": _("From the day"),
    "reason": _("Reason"),
    "other_id": _("With"),
    "goes_id": _("The record that is joined to this one"),
    "join_id": _("The join that is undone"),
    "evidence": _("What it rests on"),
    "mother_id": _("Mother"),
    "father_id": _("Father"),
    "household_id": _("Household"),
    "commune_code": _("Commune"),
    "village_code": _("Village"),
    "address": _("Address"),
    "relation_to_head": _("Relation to the head"),
    "valid_from": _("From the day"),
}
PROPOSING = {Deed.JOIN: PROPOSE_JOIN}  # who may propose what, CHANGE where nothing is said
PEOPLE_NAMED = frozenset({"other_id", "goes_id", "mother_id", "father_id"})


class AnotherWaits(Refusal):
    """Of each sort one proposal waits on a record."""

    code = "people.another_waits"
    message = _("Another proposal of this sort waits on this record, by %(who)s. Have it decided first.")


class NotWaiting(Refusal):
    """Nothing of that sort waits for a second officer."""

    code = "people.not_waiting"
    message = _("Nothing waits under this address. It may have been decided already.")


class NothingChanges(Refusal):
    """A correction changes something."""

    code = "people.nothing_changes"
    message = _("Nothing differs from what the register says. Change what is wrong, then send it.")


class OrganisationClosed(Refusal):
    """A closed organisation has no new representative."""

    code = "people.organisation_closed"
    message = _("%(name)s is closed. Establish the organisation anew.")


class NobodyMeant(Refusal):
    """A number and a name must fit, so that nobody fishes for numbers."""

    code = "people.nobody_meant"
    message = _("Nobody living has the number %(number)s and that name. Check both against the card.")


def kind_of(deed: Deed) -> str:
    """Under which kind a proposal of this act waits."""
    return f"people.{deed}"


def deed_of(kind: str) -> Deed:
    """The act of a proposal's kind. Raises NotWaiting."""
    room, _dot, deed = kind.partition(".")
    if room != "people" or deed not in set(Deed):
        raise NotWaiting()
    return Deed(deed)
