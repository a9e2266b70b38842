"""The made-up province before any form is filled: everybody, as they really are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from hoaban.synth.engine import facts, families, lives, names, numbers, patterns, story, villages
from hoaban.synth.engine.facts import OTHER_GROUP, Choice, Commune, Days, Ints, Random
from hoaban.synth.engine.families import Kin
from hoaban.synth.engine.names import Names
from hoaban.synth.engine.patterns import CHILD, MAN, WOMAN, Patterns
from hoaban.synth.engine.villages import Village

OWN_PATTERNS = ("01", "03", "08", "23")


@dataclass(frozen=True)
class World:
    """Columns over persons (the members first, then people who are only named) and households."""

    on: dt.date
    communes: tuple[Commune, ...]
    villages: tuple[Village, ...]
    village: Ints  # of households, a position in `villages`
    filled: Days  # of households
    religion: Ints  # of households
    officers: list[str]  # of villages
    kin: Kin
    names: Names
    group: Ints
    born: Days
    known: Ints
    marital: Ints
    places: lives.Places
    birthplace: Ints
    origin: Ints
    blood: Ints
    id12: pl.Series
    id9: pl.Series
    away: Ints
    story: dict[int, story.Part]

    @property
    def members(self) -> int:
        """How many people live in the province."""
        return self.kin.members

    def commune_of(self, village: Ints) -> Ints:
        """The commune (a position in `communes`) of each village."""
        return np.array([v.commune for v in self.villages])[village]


@dataclass(frozen=True)
class _Households:
    patterns: Patterns
    group: Ints
    village: Ints
    villages: tuple[Village, ...]
    story: dict[int, story.Household]


def made_up(people: int, seed: int, codes: tuple[str, ...], on: dt.date) -> World:
    """So many people in these communes as of that day; the same arguments give the same world."""
    communes = tuple(c for c in facts.communes() if c.code in codes)
    homes = _settled(people, seed, communes)
    rng = np.random.default_rng([seed, 2])
    shape, households = homes.patterns, len(homes.group)
    has_child = shape.age[:, CHILD] >= 0
    alone = (shape.age[:, MAN] < 0) & (shape.age[:, WOMAN] < 35)
    undeclared = has_child & alone & (rng.random(households) < facts.assumed("unmarried_parent_share"))
    undeclared[list(homes.story)] = False
    kin = families.seated(shape, undeclared, rng)
    parts = story.placed(kin, homes.story)

    commune = np.array([v.commune for v in homes.villages])[homes.village]
    mixes = [Choice.of(facts.groups_in(c.district_code)) for c in communes]
    by_line = names.line_groups(homes.group, mixes, commune, rng)
    by_line[list(homes.story)] = homes.group[list(homes.story)][:, None]
    line = names.lines(kin, shape.link, undeclared)
    named = names.named(kin, line, by_line, homes.village, len(homes.villages), kin.spouse >= 0, rng)
    story.give_names(named, parts)

    filled = lives.forms_filled(homes.village, len(homes.villages), np.datetime64(on), rng)
    born = lives.births(kin, filled, rng)
    known = lives.known_of_birth(kin.age, rng)
    has12, has9 = lives.numbered(kin, rng)
    away = lives.absences(kin, rng)
    places = lives.Places.known()
    every = {c.code: position for position, c in enumerate(facts.communes())}
    here = np.array([every[c.code] for c in communes])[commune]
    origin = lives.origins(places, here, by_line, facts.communes(), rng)[kin.household, line]
    birthplace = lives.birthplaces(kin, places, line, origin, here[kin.household], rng)
    for row, part in parts.items():
        has12[row], has9[row] = part.is_member, part.is_adult
        birthplace[row] = origin[row] = here[kin.household[row]]
        if part.is_member:
            born[row] = np.datetime64(part.born(on))
            known[row], away[row] = lives.DAY, lives.NOWHERE
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    has12 &= year >= 1900
    number = numbers.personal_numbers(places.province[birthplace], np.maximum(year, 1900), kin.female, rng)
    blood = facts.table("blood_weights")
    with_blood = rng.random(len(kin.age)) < facts.assumed("blood_known")
    drawn = Choice.of(blood["weight"].cast(pl.Float64).to_numpy()).draw(rng, len(kin.age))
    return World(
        on=on,
        communes=communes,
        villages=homes.villages,
        village=homes.village,
        filled=filled,
        religion=lives.religions(homes.group, rng),
        officers=_officers(len(homes.villages), seed),
        kin=kin,
        names=named,
        group=by_line[kin.household, line],
        born=born,
        known=known,
        marital=lives.marital(kin, undeclared, has_child, rng),
        places=places,
        birthplace=birthplace,
        origin=origin,
        blood=np.where(with_blood, drawn, lives.NOWHERE),
        id12=numbers.written(number, has12, 12),
        id9=numbers.written(numbers.old_numbers(len(kin.age), rng), has9, 9),
        away=away,
        story=parts,
    )


def _settled(people: int, seed: int, communes: tuple[Commune, ...]) -> _Households:
    rng = np.random.default_rng([seed, 1])
    pools = {code: patterns.patterns_of(code, rng) for code in (*OWN_PATTERNS, OTHER_GROUP)}
    parts: list[Patterns] = []
    groups: list[Ints] = []
    placed: list[Ints] = []
    stops: list[Village] = []
    told: dict[int, story.Household] = {}
    households = 0
    shares = facts.shared_out(people, np.array([c.population for c in communes], dtype=np.float64))
    for position, (commune, count) in enumerate(zip(communes, shares, strict=True)):
        own = [h for h in story.households() if h.commune_code == commune.code]
        inside = sum(int(h.pattern().size[0]) for h in own)
        drawn, group = _drawn(pools, commune, count - inside, rng)
        here = villages.villages_of(position, commune, count, rng)
        village = villages.settle(group, len(here), rng)
        far = int(np.argmax([v.km_from_seat for v in here]))
        for number, household in enumerate(own):
            told[households + len(group) + number] = household
            village = np.append(village, far)
        group = np.append(group, [facts.group_codes().index(h.ethnic_code) for h in own]).astype(np.int64)
        parts += [drawn, *(h.pattern() for h in own)]
        groups.append(group)
        placed.append(village + len(stops))
        stops += here
        households += len(group)
    return _Households(patterns.joined(parts), np.concatenate(groups), np.concatenate(placed), tuple(stops), told)


def _drawn(pools: dict[str, Patterns], commune: Commune, people: int, rng: Random) -> tuple[Patterns, Ints]:
    """Households of exactly so many people for a commune, with the ethnic mix of its district."""
    codes = facts.group_codes()
    pool_of = [code if code in pools else OTHER_GROUP for code in codes]
    mean = np.array([float((pools[p].size * pools[p].weight).sum()) for p in pool_of])
    mix = facts.groups_in(commune.district_code) / mean  # the facts count people, we draw households
    count = int(people / mean.min() * 1.1) + 20
    group = Choice.of(mix).draw(rng, count)
    parts, at = [], []
    for code, pool in pools.items():
        who = np.flatnonzero(np.array([p == code for p in pool_of])[group])
        parts.append(pool.take(Choice.of(pool.weight).draw(rng, len(who))))
        at.append(who)
    drawn = patterns.joined(parts).take(np.argsort(np.concatenate(at)))
    reached = np.cumsum(drawn.size)
    last = int(np.searchsorted(reached, people))
    missing = people - (int(reached[last - 1]) if last else 0)
    pool = pools[pool_of[int(group[last])]]
    fitting = np.flatnonzero(pool.size == missing)
    chosen = fitting[Choice.of(pool.weight[fitting]).draw(rng, 1)]
    return patterns.joined([drawn.take(np.arange(last)), pool.take(chosen)]), group[: last + 1]


def _officers(count: int, seed: int) -> list[str]:
    """The invented name of whoever collected the forms of each village."""
    rng = np.random.default_rng([seed, 3])
    lone = Patterns(
        np.full((count, patterns.SEATS), patterns.ABSENT),
        np.zeros((count, patterns.SEATS), dtype=np.bool_),
        np.full(count, MAN),
        np.full(count, MAN),
        np.ones(count),
    )
    lone.age[:, MAN] = 35
    kin = families.seated(lone, np.zeros(count, dtype=np.bool_), rng)
    group = Choice.of(np.isin(facts.group_codes(), ["01", "03", "08"])).draw(rng, count)
    by_line = np.repeat(group[:, None], names.LINES, axis=1)
    line = names.lines(kin, lone.link, np.zeros(count, dtype=np.bool_))
    drawn = names.named(kin, line, by_line, np.arange(count), count, kin.spouse >= 0, rng)
    officers: list[str] = drawn.full()[:count].to_list()
    return officers
