"""Which look-ups of a day are unusual, and why: over columns, without judging the officer.

What is ranked is the look-ups of one officer on one day. There is no figure of an officer over time: that
would be profiling, and nobody could act on it fairly.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Sign(StrEnum):
    """What makes a look-up unusual."""

    KNOWN = "known"
    FAMILY = "family"
    OUTSIDE = "outside"
    NIGHT = "night"
    QUICK = "quick"
    IDLE = "idle"


@dataclass(frozen=True)
class Limits:
    """From where on something counts as unusual; the values stand in rules.csv."""

    night_begins: int
    night_ends: int
    quick_minutes: int
    quick_people: int
    idle_people: int
    namesakes: int


@dataclass(frozen=True)
class Reason:
    """One sign: how many people it is about, and who they are."""

    sign: Sign
    weight: float
    person_ids: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many people."""
        return len(self.person_ids)


@dataclass(frozen=True)
class Unusual:
    """The look-ups of one officer on one day, with what is unusual about them."""

    actor_id: str
    actor_name: str
    day: dt.date
    people: int
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> float:
        """By what these look-ups stand above others of the same span."""
        return sum(one.weight for one in self.reasons)


def find(
    looks: pl.DataFrame,
    *,
    limits: Limits,
    families: Mapping[int, str],
    own_family: Mapping[str, str],
    kin: Mapping[str, frozenset[int]],
    areas: Mapping[str, frozenset[str] | None],
) -> list[Unusual]:
    """Unusual look-ups, the most unusual first. `areas` are the communes of each officer's roles, None for all."""
    if looks.is_empty():
        return []
    shares = _shares(looks, families)
    local = pl.col("at").dt.convert_time_zone("Asia/Ho_Chi_Minh")
    looks = looks.with_columns(day=local.dt.date(), hour=local.dt.hour())
    found = []
    for (actor_id, day), rows in looks.group_by(["actor_id", "day"], maintain_order=True):
        who = str(actor_id)
        reasons = [
            _known(rows, kin.get(who, frozenset())),
            _family(rows, families, own_family.get(who, ""), shares, limits.namesakes),
            _outside(rows, areas.get(who, frozenset())),
            _night(rows, limits),
            _quick(rows, limits),
            _idle(rows, limits.idle_people),
        ]
        kept = tuple(sorted((one for one in reasons if one), key=lambda one: -one.weight))
        if kept and isinstance(day, dt.date):
            found.append(Unusual(who, rows["actor_name"][0], day, rows["person_id"].n_unique(), kept))
    return sorted(found, key=lambda one: (-one.weight, one.day, one.actor_id))


def _people(rows: pl.DataFrame) -> tuple[int, ...]:
    return tuple(rows["person_id"].unique(maintain_order=True).to_list())


def _reason(sign: Sign, rows: pl.DataFrame, factor: float) -> Reason | None:
    who = _people(rows)
    return Reason(sign, round(factor * math.log2(1 + len(who)), 2), who) if who else None


def _known(rows: pl.DataFrame, kin: frozenset[int]) -> Reason | None:
    """Somebody of the officer's household, or related."""
    return _reason(Sign.KNOWN, rows.filter(pl.col("person_id").is_in(sorted(kin))), 8) if kin else None


def _shares(looks: pl.DataFrame, families: Mapping[int, str]) -> dict[str, float]:
    names = [families.get(one, "") for one in looks["person_id"].unique().to_list()]
    return {name: names.count(name) / len(names) for name in set(names)}


def _family(
    rows: pl.DataFrame, families: Mapping[int, str], own: str, shares: Mapping[str, float], least: int
) -> Reason | None:
    """Records opened one by one of people of the officer's own family name, oftener than that name is found."""
    alone = rows.filter(pl.col("alone"))
    if not own or alone.is_empty():
        return None
    namesakes = alone.filter(pl.Series([families.get(one, "") == own for one in alone["person_id"].to_list()]))
    count, opened = namesakes["person_id"].n_unique(), alone["person_id"].n_unique()
    if count < least:
        return None
    oftener = (count / opened) / max(shares.get(own, 0.0), 1 / 1000)
    return _reason(Sign.FAMILY, namesakes, min(math.log2(oftener), 4)) if oftener >= 1.5 else None


def _outside(rows: pl.DataFrame, area: frozenset[str] | None) -> Reason | None:
    """People of other communes than those of the officer's roles."""
    if area is None:
        return None
    away = rows.filter((pl.col("commune_code") != "") & ~pl.col("commune_code").is_in(sorted(area)))
    return _reason(Sign.OUTSIDE, away, 2)


def _night(rows: pl.DataFrame, limits: Limits) -> Reason | None:
    by_night = (pl.col("hour") >= limits.night_begins) | (pl.col("hour") < limits.night_ends)
    return _reason(Sign.NIGHT, rows.filter(by_night), 1.5)


def _quick(rows: pl.DataFrame, limits: Limits) -> Reason | None:
    """Records opened one by one, many within minutes: the busiest stretch of the day."""
    alone = rows.filter(pl.col("alone")).sort("at")
    if alone.height < limits.quick_people:
        return None
    times, people = alone["at"].to_list(), alone["person_id"].to_list()
    span, first, best = dt.timedelta(minutes=limits.quick_minutes), 0, (0, 0, 0)
    for last, moment in enumerate(times):
        while moment - times[first] > span:
            first += 1
        best = max(best, (last - first + 1, first, last))
    count, first, last = best
    if len(set(people[first : last + 1])) < limits.quick_people:
        return None
    return Reason(
        Sign.QUICK,
        round(2 * math.log2(1 + count / limits.quick_people), 2),
        tuple(dict.fromkeys(people[first : last + 1])),
    )


def _idle(rows: pl.DataFrame, least: int) -> Reason | None:
    """Records opened one by one of people for whom the officer did nothing else."""
    idle = rows.filter(pl.col("alone") & ~pl.col("has_task"))
    count = idle["person_id"].n_unique()
    return Reason(Sign.IDLE, round(math.log2(1 + count / least), 2), _people(idle)) if count >= least else None
