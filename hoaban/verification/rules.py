"""What verification decides: who may check a form, when it is wrong, when a lot is accepted.

The levels are data (`data/verification/levels.csv`); nothing here says "district" or "province".
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from hoaban.base import names
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.officers.rules import FourEyes, four_eyes

LEVELS_FILE = Path(__file__).parent.parent / "data" / "verification" / "levels.csv"
CRITICAL = ("full_name", "born", "number")  # typed again from the paper where the check is blind
DRAW = "verification.draw"
DECIDE = "verification.decide"
# A second officer decides what a check found
CORRECTION = four_eyes(
    FourEyes("verification.correction", _("Correction of the register"), DECIDE, "verification:corrections")
)
HOLDS_FOR = dt.timedelta(minutes=30)  # a form that somebody took and left goes back to the pile after that


class PlanKind(StrEnum):
    """How many forms of a lot are looked at."""

    FULL = "full"
    SAMPLE = "sample"


class LotState(StrEnum):
    """The life of a lot: open until it is accepted or returned; both are final."""

    OPEN = "open"
    ACCEPTED = "accepted"
    RETURNED = "returned"


STATE_WORDS = {
    LotState.OPEN: _("being checked"),
    LotState.ACCEPTED: _("lot accepted"),
    LotState.RETURNED: _("lot returned"),
}


class Outcome(StrEnum):
    """How a form came out of its check. Pending ones wait for the family or for a better image."""

    RIGHT = "right"
    WRONG = "wrong"
    PENDING = "pending"


OUTCOME_WORDS = {
    Outcome.RIGHT: _("found right"),
    Outcome.WRONG: _("found wrong"),
    Outcome.PENDING: _("waits for an answer"),
}


def outcome_named(text: str) -> Outcome | None:
    """The outcome that a page's address names, if any."""
    return next((one for one in Outcome if one.value == text), None)


class Verdict(StrEnum):
    """What a checker says of one field, each with its key."""

    FORM = "form"
    RECORD = "record"
    REKEYED = "rekeyed"
    ASK = "ask"
    BLURRED = "blurred"


VERDICT_WORDS = {
    Verdict.FORM: _("Form is right"),
    Verdict.RECORD: _("Register is right"),
    Verdict.REKEYED: _("Type it again"),
    Verdict.ASK: _("Ask the family"),
    Verdict.BLURRED: _("Image is blurred"),
}
CHANGES_THE_RECORD = frozenset({Verdict.FORM, Verdict.REKEYED})
LEAVES_IT_OPEN = frozenset({Verdict.ASK, Verdict.BLURRED})


@dataclass(frozen=True)
class Mark:
    """What a checker says of one field of a form; `value` is what they typed from the paper."""

    verdict: Verdict
    value: str = ""


@dataclass(frozen=True)
class Interval:
    """An error rate with its bounds: `wrong` of `n` checked of `population` forms."""

    rate: float
    low: float
    high: float
    n: int
    wrong: int
    population: int


@dataclass(frozen=True)
class Level:
    """A level of checking: from what it draws, how, whether blind, and which permission it needs.

    `aql` is the acceptance quality limit in per cent, as the tables write it.
    """

    number: int
    title: Any
    draws_from: int
    plan: PlanKind
    aql: str
    blind: bool
    permission: str


class NoSuchLevel(Refusal):
    """The level isn't in the list."""

    code = "verification.no_such_level"
    message = _("There is no level %(level)s. The levels are: %(known)s.")


class NoPlan(Refusal):
    """The tables hold no plan for that."""

    code = "verification.no_plan"
    message = _("No plan is known for %(lot)s forms, limit %(aql)s, level %(inspection)s.")


class NothingToDraw(Refusal):
    """There are no forms to draw from."""

    code = "verification.nothing_to_draw"
    message = _("No form waits for level %(level)s in %(commune)s. Load its forms, or finish the level before it.")


class RoundRunning(Refusal):
    """A round of that level is open in the commune."""

    code = "verification.round_running"
    message = _("Round %(round)s of this level is still open in %(commune)s. Close it first.")


class SawItBefore(Refusal):
    """Who keyed, collected or checked a form can't check it."""

    code = "verification.saw_it_before"
    message = _("You have had form %(serial)s in your hands before. Somebody else must check it.")


class NotYours(Refusal):
    """The form is in another officer's hands."""

    code = "verification.not_yours"
    message = _("Form %(serial)s is in the hands of %(who)s. Take the next one.")


class CheckedAlready(Refusal):
    """Somebody was faster."""

    code = "verification.checked_already"
    message = _("Form %(serial)s has been checked by %(who)s. Take the next one.")


class NothingSent(Refusal):
    """There is no proposal to decide."""

    code = "verification.nothing_sent"
    message = _("No correction of form %(serial)s waits for a second officer.")


class RegisterMoved(Refusal):
    """The register says something else than when the form was checked."""

    code = "verification.register_moved"
    message = _("The register has changed since form %(serial)s was checked: %(changes)s. Decline it and check again.")


class ValueMissing(Refusal):
    """Typing again needs what is typed."""

    code = "verification.value_missing"
    message = _("Type what stands on the paper: %(label)s.")


class StillOpen(Refusal):
    """A form has differences nobody decided: in the facts `names`, called `labels`."""

    code = "verification.still_open"
    message = _("Choose for each difference first: %(labels)s.")

    def __init__(self, *, names: list[str], **facts: object) -> None:
        super().__init__(names=names, **facts)
        self.names = names


class NothingToUndo(Refusal):
    """There is nothing left to take back."""

    code = "verification.nothing_to_undo"
    message = _("Nothing can be taken back. A correction that was sent needs the second officer's no.")


class TooEarly(Refusal):
    """The lot can't be decided so."""

    code = "verification.too_early"
    message = _("%(left)s forms are left to check and %(pending)s wait for an answer.")


class OverLimit(Refusal):
    """More wrong forms than the plan allows: the lot is not accepted."""

    code = "verification.over_limit"
    message = _("%(wrong)s forms are wrong, %(limit)s are allowed. Return the lot.")


class WithinLimit(Refusal):
    """Not so many wrong forms that the lot may be returned."""

    code = "verification.within_limit"
    message = _("%(wrong)s forms are wrong, %(limit)s are allowed. There is no ground to return the lot.")


class LotDecided(Refusal):
    """The lot has been accepted or returned."""

    code = "verification.lot_decided"
    message = _("This lot has been decided by %(who)s.")


class CorrectionsWait(Refusal):
    """Corrections of the lot wait for their second officer."""

    code = "verification.corrections_wait"
    message = _("%(count)s corrections of this lot wait for a second officer.")


@cache
def levels() -> tuple[Level, ...]:
    """Every level, lowest first."""
    with LEVELS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_level(row) for row in csv.DictReader(lines))


def _level(row: Mapping[str, str]) -> Level:
    title = row["title"]
    return Level(
        int(row["level"]), _(title), int(row["draws_from"]), PlanKind(row["plan"]), row["aql"],
        row["blind"] == "yes", row["permission"],
    )  # fmt: skip


def level(number: int) -> Level:
    """The level of that number. Raises NoSuchLevel."""
    found = next((one for one in levels() if one.number == number), None)
    if found is None:
        raise NoSuchLevel(level=number, known=", ".join(str(one.number) for one in levels()))
    return found


def saw_it_before(
    officer_id: str, officer_name: str, *, keyed_by_id: str, collected_by: str, checked_by: Iterable[str]
) -> bool:
    """Whether the officer keyed, collected or has checked what they are to check.

    The collector is known by the name on the form only, so that names are compared without marks.
    """
    return (
        officer_id == keyed_by_id
        or officer_id in set(checked_by)
        or (bool(collected_by) and names.fold(officer_name) == names.fold(collected_by))
    )


def outcome_of(verdicts: Iterable[Verdict]) -> Outcome:
    """How a form came out: wrong if the register must change, pending if something waits for an answer."""
    given = set(verdicts)
    if given & CHANGES_THE_RECORD:
        return Outcome.WRONG
    return Outcome.PENDING if given & LEAVES_IT_OPEN else Outcome.RIGHT


def differing(typed: Mapping[str, str], held: Mapping[str, str]) -> list[str]:
    """The facts in which what was typed from the paper isn't what the register holds; both as stored."""
    return [name for name, value in typed.items() if value != held[name]]


@dataclass(frozen=True)
class Tally:
    """How a lot stands. `limit` None means that every form is looked at and put right, whatever is found."""

    size: int
    sample: int
    right: int
    wrong: int
    pending: int
    limit: int | None

    @property
    def done(self) -> int:
        """Forms looked at, whatever came out."""
        return self.right + self.wrong + self.pending

    @property
    def left(self) -> int:
        """Forms of the sample not yet checked."""
        return self.sample - self.done

    @property
    def decided(self) -> int:
        """Forms of which it is known whether they were right."""
        return self.right + self.wrong

    @property
    def may_accept(self) -> bool:
        """Whether no answer still to come could push the lot over its limit."""
        if self.limit is None:
            return self.left == 0 and self.pending == 0
        return self.left == 0 and self.wrong + self.pending <= self.limit

    @property
    def may_return(self) -> bool:
        """Whether the lot is over its limit whatever is still to come."""
        return self.limit is not None and self.wrong > self.limit


def check_acceptance(tally: Tally) -> None:
    """Raise OverLimit or TooEarly unless the lot may be accepted."""
    if tally.may_return:
        raise OverLimit(wrong=tally.wrong, limit=tally.limit)
    if not tally.may_accept:
        raise TooEarly(left=tally.left, pending=tally.pending)


def check_return(tally: Tally) -> None:
    """Raise WithinLimit unless the lot may be returned."""
    if not tally.may_return:
        raise WithinLimit(wrong=tally.wrong, limit=tally.limit if tally.limit is not None else tally.size)


@dataclass(frozen=True)
class Paper:
    """A form of a lot as the gate sees it: whose hand collected it, and whether it was found wrong."""

    person_id: int
    serial: str
    collected_by: str
    wrong: bool


def to_return(papers: Iterable[Paper]) -> list[Paper]:
    """Exactly the forms that go back: all of the collectors of whom one form was found wrong.

    Errors come in the hand of one writer, so that the others' forms needn't be done again. Where the
    collector isn't known, only the wrong form itself goes back.
    """
    lot = list(papers)
    hands = {one.collected_by for one in lot if one.wrong and one.collected_by}
    return [one for one in lot if one.wrong or one.collected_by in hands]
