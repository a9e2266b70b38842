"""The gate: when a lot is accepted, when it is returned, and which of its rows go back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.words import _
from hoaban.officers.rules import FourEyes, four_eyes
from hoaban.verification.rules.refusals import OverLimit, TooEarly, WithinLimit

DRAW = "verification.draw"
DECIDE = "verification.decide"
# A second officer decides what a check found
CORRECTION = four_eyes(
    FourEyes("verification.correction", _("Correction of the register"), DECIDE, "verification:corrections")
)
# A lot over its limit is accepted by two officers only, and the reason is printed with it
OVERRIDE = four_eyes(
    FourEyes(
        "verification.override", _("Acceptance of a lot over its limit"), DECIDE, "verification:lot", ("lot_id",),
        reason_first=True,
    )
)  # fmt: skip


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


def state_named(text: str) -> LotState | None:
    """The state that a page's address names, if any."""
    return next((one for one in LotState if one.value == text), None)


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
class Tally:
    """How a lot stands. `limit` None means that every form is looked at and put right, whatever is found.

    `drawn` are the plan's forms and those drawn besides where errors are likelier; only the plan's decide the
    lot: `counted` of them are wrong and `unsure` wait for an answer.
    """

    size: int
    drawn: int
    right: int
    wrong: int
    pending: int
    limit: int | None
    counted: int
    unsure: int

    @property
    def done(self) -> int:
        """Forms looked at, whatever came out."""
        return self.right + self.wrong + self.pending

    @property
    def left(self) -> int:
        """Drawn forms not yet checked."""
        return self.drawn - self.done

    @property
    def decided(self) -> int:
        """Forms of which it is known whether they were right."""
        return self.right + self.wrong

    @property
    def may_accept(self) -> bool:
        """Whether no answer still to come could push the lot over its limit."""
        if self.limit is None:
            return self.left == 0 and self.pending == 0
        return self.left == 0 and self.counted + self.unsure <= self.limit

    @property
    def may_return(self) -> bool:
        """Whether the lot is over its limit whatever is still to come."""
        return self.limit is not None and self.counted > self.limit


def check_acceptance(tally: Tally) -> None:
    """Raise OverLimit or TooEarly unless the lot may be accepted."""
    if tally.may_return:
        raise OverLimit(wrong=tally.counted, limit=tally.limit)
    if not tally.may_accept or not tally.decided:
        raise TooEarly(left=tally.left, pending=tally.pending)


def check_return(tally: Tally) -> None:
    """Raise WithinLimit unless the lot is over its limit."""
    if not tally.may_return:
        raise WithinLimit(wrong=tally.counted, limit=tally.limit if tally.limit is not None else tally.size)


def check_override(tally: Tally) -> None:
    """Raise WithinLimit unless the lot is over its limit, TooEarly until all its forms are checked."""
    check_return(tally)
    if tally.left:
        raise TooEarly(left=tally.left, pending=tally.pending)


@dataclass(frozen=True)
class Paper:
    """A form of a lot as the gate sees it: who wrote it, when, where, and what its check said (None: not drawn)."""

    person_id: int
    serial: str
    writer: str
    day: str
    village: str
    wrong: bool | None


class By(StrEnum):
    """What forms can have in common in which errors cluster."""

    WRITER = "writer"
    DAY = "day"
    VILLAGE = "village"


BY_WORDS = {By.WRITER: _("written by"), By.DAY: _("written on"), By.VILLAGE: _("in the village")}


@dataclass(frozen=True)
class Group:
    """The forms of a lot with one writer, day or village: how many rows, how many drawn, how many of those wrong.

    `chance` is how often so many errors or more would fall there if errors had no liking; `back` whether its
    rows go back.
    """

    by: By
    value: str
    rows: int
    drawn: int
    wrong: int
    chance: float
    back: bool = False

    @property
    def words(self) -> object:
        """What its forms have in common, in words."""
        return BY_WORDS[self.by]


@dataclass(frozen=True)
class Return:
    """What goes back of a lot: the rows of the groups in which errors cluster by `by`, or all where they don't."""

    by: By | None
    groups: Sequence[Group]
    papers: Sequence[Paper]


def value_of(paper: Paper, by: By) -> str:
    """The writer, day or village of a form; "" where it isn't known."""
    return {By.WRITER: paper.writer, By.DAY: paper.day, By.VILLAGE: paper.village}[by]


def belonging(papers: Iterable[Paper], by: By, values: Iterable[str]) -> list[Paper]:
    """The forms of these writers, days or villages."""
    among = set(values)
    return [one for one in papers if value_of(one, by) in among]
