"""Which forms come in: nobody's for the missed, two for some, one for the dead and for those gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hoaban.synth.engine.facts import Days, Flags, Floats, Ints, Random
from hoaban.synth.engine.families import HEAD
from hoaban.synth.engine.lives import MARRIED, NOWHERE
from hoaban.synth.engine.world import World
from hoaban.synth.rules import SERIAL_MARK, Kind, Order

SECOND_FORM_AGE = 16
GRAVE_YEARS = 5


@dataclass(frozen=True)
class Forms:
    """Columns over forms in the order of their files, and what the forms don't say about people."""

    person: Ints
    commune: Ints
    village: Ints
    second: Flags
    serial: pl.Series
    first: Ints  # of a second form: the row of the same person's first one
    missed: Ints  # persons without a form
    died: Days  # of members: the day of death, or not a day
    hidden: Flags  # of members: gone for long, and the form doesn't say so


def come_in(world: World, order: Order) -> Forms:
    """The forms of a world."""
    rng = np.random.default_rng([order.seed, 4])
    members = np.arange(world.members)
    kin = world.kin
    age, away = kin.age[: world.members], world.away[: world.members]
    free = np.ones(world.members)
    free[[row for row, part in world.story.items() if part.is_member]] = 0

    missed = picked(rng, free * (1 + 2 * (age < 2) + 2 * (away != NOWHERE)), order.rates[Kind.MISSED])
    free[missed] = 0
    unmarried = (world.marital[: world.members] != MARRIED) & (kin.relation[: world.members] != HEAD)
    dead = picked(rng, free * unmarried * np.exp(age / 15), order.rates[Kind.DEAD])
    free[dead] = 0
    hidden = np.zeros(world.members, dtype=np.bool_)
    hidden[picked(rng, free * (away != NOWHERE), order.rates[Kind.MOVED_AWAY])] = True

    died = np.full(world.members, np.datetime64("NaT"), dtype="datetime64[D]")
    filled, born = world.filled[kin.household[dead]], world.born[dead]
    lived = (filled - born).astype(np.int64)
    died[dead] = filled - (rng.random(len(dead)) * np.minimum(lived, 365 * GRAVE_YEARS)).astype(np.int64)

    once = np.setdiff1d(members, missed)
    twice = picked(rng, free * (age >= SECOND_FORM_AGE), order.rates[Kind.SECOND_FORM])
    home = world.village[kin.household[: world.members]]
    person = np.concatenate([once, twice])
    village = np.concatenate([home[once], _elsewhere(world, home[twice], rng)])
    second = np.arange(len(person)) >= len(once)
    at = np.lexsort((person, second, village))
    person, village, second = person[at], village[at], second[at]
    commune = world.commune_of(village)
    return Forms(
        person=person,
        commune=commune,
        village=village,
        second=second,
        serial=_serials(world, commune),
        first=_first_rows(person, second),
        missed=missed,
        died=died,
        hidden=hidden,
    )


def picked(rng: Random, weights: Floats, rate: float) -> Ints:
    """A random part of a column: a binomial number at that rate of all, by weight, never of weight 0."""
    wanted = int(rng.binomial(len(weights), rate))
    eligible = np.flatnonzero(weights > 0)
    wait = rng.exponential(size=len(eligible)) / weights[eligible]
    return np.sort(eligible[np.argsort(wait, kind="stable")[:wanted]])


def _elsewhere(world: World, home: Ints, rng: Random) -> Ints:
    """A village of another commune for each, or another village where there is one commune only."""
    commune = world.commune_of(np.arange(len(world.villages)))
    many = len(world.communes) > 1
    village = home.copy()
    stuck = np.arange(len(home))
    while len(stuck):
        village[stuck] = rng.integers(0, len(world.villages), len(stuck))
        same = commune[village] == commune[home] if many else village == home
        stuck = np.flatnonzero(same)
    return village


def _serials(world: World, commune: Ints) -> pl.Series:
    starts = np.searchsorted(commune, np.arange(len(world.communes)))
    running = pl.Series(np.arange(len(commune)) - starts[commune] + 1).cast(pl.String).str.zfill(6)
    codes = pl.Series([c.code for c in world.communes]).gather(pl.Series(commune))
    return (SERIAL_MARK + codes + running).rename("form_serial")


def _first_rows(person: Ints, second: Flags) -> Ints:
    first = np.full(len(person), -1, dtype=np.int64)
    row = np.full(int(person.max()) + 1, -1, dtype=np.int64)
    row[person[~second]] = np.flatnonzero(~second)
    first[second] = row[person[second]]
    return first
