"""Which look-ups of a day are unusual, and why: over columns, without judging the officer.

What is ranked is the look-ups of one officer on one day. There is no figure of an officer over time: that
would be profiling, and nobody could act on it fairly.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

_DAY = ["actor_id", "day"]


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
    families: pl.DataFrame,
    own_family: Mapping[str, str],
    kin: Mapping[str, frozenset[int]],
    areas: Mapping[str, frozenset[str] | None],
) -> list[Unusual]:
    """Unusual look-ups, the most unusual first. `areas` are the communes of each officer's roles, None for all;
    `families` are the family names (`family`) of those who were looked at (`person_id`)."""
    if looks.is_empty():
        return []
    local = pl.col("at").dt.convert_time_zone("Asia/Ho_Chi_Minh")
    looks = looks.with_columns(day=local.dt.date(), hour=local.dt.hour()).join(
        families, on="person_id", how="left", maintain_order="left"
    )
    alone = looks.filter("alone")
    signs = [
        _known(looks, kin),
        _family(alone, _shares(looks), own_family, limits.namesakes),
        _outside(looks, areas),
        _night(looks, limits),
        _quick(alone, limits),
        _idle(alone, limits.idle_people),
    ]
    reasons: dict[tuple[str, dt.date], list[Reason]] = defaultdict(list)
    for sign, rows in zip(Sign, signs, strict=True):
        for who, day, weight, people in rows.select(*_DAY, "weight", "people").iter_rows():
            reasons[who, day].append(Reason(sign, round(weight, 2), tuple(people)))
    days = looks.group_by(_DAY).agg(pl.first("actor_name"), people=pl.n_unique("person_id"))
    found = [
        Unusual(who, name, day, people, tuple(sorted(reasons[who, day], key=lambda one: -one.weight)))
        for who, day, name, people in days.select(*_DAY, "actor_name", "people").iter_rows()
        if (who, day) in reasons
    ]
    return sorted(found, key=lambda one: (-one.weight, one.day, one.actor_id))


def _by_day(rows: pl.DataFrame, *more: pl.Expr) -> pl.DataFrame:
    """The people of these rows for each officer and day, as first seen, and how many they are."""
    people = pl.col("person_id").unique(maintain_order=True)
    return rows.group_by(_DAY).agg(*more, people=people).with_columns(count=pl.col("people").list.len())


def _weighed(days: pl.DataFrame, factor: pl.Expr | float) -> pl.DataFrame:
    return days.with_columns(weight=factor * (1 + pl.col("count")).log(2))


def _known(looks: pl.DataFrame, kin: Mapping[str, frozenset[int]]) -> pl.DataFrame:
    """Somebody of the officer's household, or related."""
    known = [(who, one) for who, people in kin.items() for one in people]
    pairs = pl.DataFrame(known, schema={"actor_id": pl.String, "person_id": pl.Int64}, orient="row")
    return _weighed(_by_day(looks.join(pairs, on=["actor_id", "person_id"], how="semi")), 8)


def _shares(looks: pl.DataFrame) -> pl.DataFrame:
    """How much of all who were looked at has each family name."""
    people = looks.select("person_id", "family").unique("person_id")
    return people.group_by("family").agg(share=pl.len() / people.height)


def _family(alone: pl.DataFrame, shares: pl.DataFrame, own: Mapping[str, str], least: int) -> pl.DataFrame:
    """Records opened one by one of people of the officer's own family name, oftener than that name is found."""
    names = pl.DataFrame(list(own.items()), schema={"actor_id": pl.String, "own": pl.String}, orient="row")
    opened = alone.join(names.filter(pl.col("own") != ""), on="actor_id", maintain_order="left")
    days = _by_day(opened.filter(pl.col("family") == pl.col("own")), pl.first("family"))
    days = days.join(opened.group_by(_DAY).agg(opened=pl.n_unique("person_id")), on=_DAY).join(shares, on="family")
    oftener = pl.col("count") / pl.col("opened") / pl.max_horizontal("share", pl.lit(1 / 1000))
    days = days.with_columns(oftener=oftener).filter((pl.col("count") >= least) & (pl.col("oftener") >= 1.5))
    return _weighed(days, pl.min_horizontal(pl.col("oftener").log(2), pl.lit(4.0)))


def _outside(looks: pl.DataFrame, areas: Mapping[str, frozenset[str] | None]) -> pl.DataFrame:
    """People of other communes than those of the officer's roles."""
    everywhere = [who for who, area in areas.items() if area is None]
    held = [(who, commune) for who, area in areas.items() for commune in area or ()]
    pairs = pl.DataFrame(held, schema={"actor_id": pl.String, "commune_code": pl.String}, orient="row")
    placed = looks.filter((pl.col("commune_code") != "") & ~pl.col("actor_id").is_in(everywhere))
    return _weighed(_by_day(placed.join(pairs, on=["actor_id", "commune_code"], how="anti")), 2)


def _night(looks: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    by_night = (pl.col("hour") >= limits.night_begins) | (pl.col("hour") < limits.night_ends)
    return _weighed(_by_day(looks.filter(by_night)), 1.5)


def _quick(alone: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Records opened one by one, many within minutes: the busiest stretch of the day, the later of two."""
    span = dt.timedelta(minutes=limits.quick_minutes)
    stretches = (
        alone.sort(*_DAY, "at")
        .rolling("at", period=span, closed="both", group_by=_DAY)
        .agg(looks=pl.len())
        .filter(pl.col("looks") >= limits.quick_people)
    )
    busiest = stretches.sort("looks", "at").group_by(_DAY).agg(pl.last("at").alias("ends"), pl.last("looks"))
    within = alone.join(busiest, on=_DAY).filter(pl.col("at").is_between(pl.col("ends") - span, pl.col("ends")))
    days = _by_day(within.sort("at"), pl.first("looks")).filter(pl.col("count") >= limits.quick_people)
    return days.with_columns(weight=2 * (1 + pl.col("looks") / limits.quick_people).log(2))


def _idle(alone: pl.DataFrame, least: int) -> pl.DataFrame:
    """Records opened one by one of people for whom the officer did nothing else."""
    days = _by_day(alone.filter(~pl.col("has_task"))).filter(pl.col("count") >= least)
    return days.with_columns(weight=(1 + pl.col("count") / least).log(2))
