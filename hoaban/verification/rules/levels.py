"""The levels of checking: data (`data/verification/levels.csv`), so that nothing here says "district"."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hoaban.base.words import _
from hoaban.verification.rules.planning import PlanKind, PlanSpec
from hoaban.verification.rules.refusals import NoSuchLevel

LEVELS_FILE = Path(__file__).parent.parent.parent / "data" / "verification" / "levels.csv"


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

    @property
    def spec(self) -> PlanSpec:
        """The plan of the level where a round names none."""
        return PlanSpec(self.plan, aql=self.aql)

    @property
    def goes_back_to(self) -> int:
        """The level that checks the rows of a returned lot: the one below, or itself where there is none."""
        return self.draws_from or self.number


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
