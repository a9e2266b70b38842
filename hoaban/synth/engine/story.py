"""The story's persons: the people whom the flows and the rehearsal follow by name.

A made-up province is drawn at random, but a story needs a heroine who is always there. So whenever
her commune (03174) is written, its farthest village holds the household of a widow of 60 who heads
it, and whenever 03156 is written, one there holds her brother's family with her nephew of 17. Names,
ages and the one known error on her form stand in `data/synth/story.csv`; they are invented, marked
in `people.csv` (column `story`) and listed in `truth/story.csv`. No other error and no omission
falls on these two households; everything else about them is drawn like anybody's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from hoaban.synth.engine import facts, patterns
from hoaban.synth.engine.families import IN_LAW_FATHER, Kin
from hoaban.synth.engine.names import Names
from hoaban.synth.engine.patterns import Patterns

_SEATS = {
    "elder_man": patterns.ELDER_MAN,
    "elder_woman": patterns.ELDER_WOMAN,
    "man": patterns.MAN,
    "woman": patterns.WOMAN,
    "child_1": patterns.CHILD,
    "child_2": patterns.CHILD + 1,
    "in_law_father": IN_LAW_FATHER,
}


@dataclass(frozen=True)
class Part:
    """One person of the story, or one who is only named on their forms (no age)."""

    seat: int
    story: str
    family: str
    middle: str
    given: str
    female: bool
    age: int | None
    born_day: str
    name_error: str  # of the name; "" for none
    name_written: str

    @property
    def is_member(self) -> bool:
        """Whether the person lives there, rather than being named by the others."""
        return self.age is not None

    @property
    def is_adult(self) -> bool:
        """Whether the person is a member old enough for papers of before 2021."""
        return self.age is not None and self.age >= 18

    def born(self, on: dt.date) -> dt.date:
        """The birthday that makes the person exactly as old as told on that day."""
        month, day = (int(part) for part in self.born_day.split("-"))
        passed = (month, day) <= (on.month, on.day)
        return dt.date(on.year - (self.age or 0) - (not passed), month, day)


@dataclass(frozen=True)
class Household:
    """A household of the story in its commune."""

    name: str
    commune_code: str
    ethnic_code: str
    parts: tuple[Part, ...]

    def pattern(self) -> Patterns:
        """The household as a pattern of one row."""
        age = np.full((1, patterns.SEATS), patterns.ABSENT, dtype=np.int64)
        female = np.zeros((1, patterns.SEATS), dtype=np.bool_)
        for part in self.parts:
            if part.age is not None:
                female[0, part.seat] = part.female
                age[0, part.seat] = part.age
        core = patterns.MAN if age[0, patterns.MAN] >= 0 else patterns.WOMAN
        seat = np.array([core], dtype=np.int64)
        return Patterns(age, female, seat, seat.copy(), np.ones(1))


def households() -> tuple[Household, ...]:
    """The households of `story.csv`."""
    frame = facts.table("story")
    told = []
    for name in frame["household"].unique(maintain_order=True).to_list():
        rows = list(frame.filter(frame["household"] == name).iter_rows(named=True))
        parts = tuple(
            Part(
                seat=_SEATS[row["role"]],
                story=row["story"],
                family=row["family"],
                middle=row["middle"],
                given=row["given"],
                female=row["sex"] == "F",
                age=int(row["age"]) if row["age"] else None,
                born_day=row["born_day"],
                name_error=row["name_error"],
                name_written=row["name_written"],
            )
            for row in rows
        )
        told.append(Household(name, rows[0]["commune_code"], rows[0]["ethnic_code"], parts))
    return tuple(told)


def placed(kin: Kin, at: dict[int, Household]) -> dict[int, Part]:
    """The row of each of the story's persons, given the household number of each story household."""
    rows: dict[int, Part] = {}
    for number, household in at.items():
        in_house = np.flatnonzero(kin.household == number)
        by_seat = {int(kin.seat[row]): int(row) for row in in_house}
        rows |= {by_seat[part.seat]: part for part in household.parts if part.seat in by_seat}
    return rows


def give_names(names: Names, rows: dict[int, Part]) -> None:
    """Let the story's persons bear their own names."""
    for row, part in rows.items():
        for column, text in (("family", part.family), ("middle", part.middle), ("given", part.given)):
            getattr(names, column)[row] = names.words.place(text)
        names.adult[row] = 0
