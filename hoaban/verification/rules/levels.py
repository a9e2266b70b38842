"""The levels of checking and the strata of a draw: data (`data/verification`), so that nothing here says "district"."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hoaban.base.words import _
from hoaban.verification.rules.planning import PlanKind, PlanSpec
from hoaban.verification.rules.refusals import NoSuchLevel

DATA = Path(__file__).parent.parent.parent / "data" / "verification"
PLAIN = "plain"  # the stratum of forms of which nothing in particular is known
OLD_FROM = 80  # age in years


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


@dataclass(frozen=True)
class Stratum:
    """A kind of forms in which errors are likelier; `share` is how much more of it is drawn besides the plan."""

    code: str
    title: Any
    share: float


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def levels() -> tuple[Level, ...]:
    """Every level, lowest first."""
    return tuple(_level(row) for row in _rows("levels.csv"))


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


@cache
def strata() -> tuple[Stratum, ...]:
    """The strata of a draw, the first that fits a form is its own; the last is the plain one."""
    return tuple(Stratum(row["stratum"], _(row["title"]), float(row["share"])) for row in _rows("strata.csv"))


def stratum_words(code: str) -> Any:
    """A stratum in words."""
    return next((one.title for one in strata() if one.code == code), code)


def stratum_of(*, questioned: bool, born_year: int, away: bool, border: bool, on: dt.date) -> str:
    """The stratum of a form on the day of the draw; who is known by the year of birth turns 80 in that year."""
    fits = {"questioned": questioned, "old": on.year - born_year >= OLD_FROM, "away": away, "border": border}
    return next((one.code for one in strata() if fits.get(one.code)), PLAIN)
