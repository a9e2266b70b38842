"""Household patterns: who lives together at which ages, weighted until ages and sizes are right.

A pattern has fixed seats (elders, a core couple or one adult, a brother or sister, children). Many
are sketched at random with plausible gaps of age; then their weights are raked (Deville and
Särndal 1992) so that drawn households have the sizes of their ethnic group and the ages and sexes
of the province. One age structure is used for every ethnic group, for want of figures by group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hoaban.synth.engine.facts import (
    Choice,
    Flags,
    Floats,
    Ints,
    Random,
    age_shares,
    assumed,
    household_sizes,
)

ELDER_MAN, ELDER_WOMAN, MAN, WOMAN, SIBLING, CHILD = 0, 1, 2, 3, 4, 5
CHILDREN = 9
SEATS = CHILD + CHILDREN
ABSENT = -1
SKETCHES = 6000
PARENT_GAP = 18  # years between a parent and a child, at least
OLDEST = 99


@dataclass(frozen=True)
class Patterns:
    """Columns over patterns: age and sex by seat, the head's seat, the seat whose parents the elders are."""

    age: Ints
    female: Flags
    head: Ints
    link: Ints
    weight: Floats

    @property
    def size(self) -> Ints:
        """Persons in each pattern."""
        return np.asarray((self.age >= 0).sum(axis=1), dtype=np.int64)

    def take(self, rows: Ints) -> Patterns:
        """Those patterns, in that order."""
        return Patterns(self.age[rows], self.female[rows], self.head[rows], self.link[rows], self.weight[rows])


def joined(parts: list[Patterns]) -> Patterns:
    """Several sets of patterns one under the other."""
    return Patterns(
        np.concatenate([p.age for p in parts]),
        np.concatenate([p.female for p in parts]),
        np.concatenate([p.head for p in parts]),
        np.concatenate([p.link for p in parts]),
        np.concatenate([p.weight for p in parts]),
    )


def patterns_of(group: str, rng: Random) -> Patterns:
    """Patterns of an ethnic group with weights that sum to 1."""
    sizes = household_sizes(group)
    size = Choice.of(sizes).draw(rng, SKETCHES) + 1
    sketched = _sketch(rng, size)
    weight = _rake(*_constraints(sketched, sizes))
    return Patterns(sketched.age, sketched.female, sketched.head, sketched.link, weight / weight.sum())


def _sketch(rng: Random, size: Ints) -> Patterns:
    count = len(size)
    couple = rng.random(count) < np.where(size == 2, assumed("pair_couple_share"), assumed("couple_share"))
    couple &= size >= 2
    rest = size - 1 - couple
    chance = rng.random(count)
    two, one = assumed("two_elders_share"), assumed("one_elder_share")
    elders = np.minimum(np.where(chance < two, 2, np.where(chance < two + one, 1, 0)), rest)
    rest = rest - elders
    sibling = (rng.random(count) < assumed("sibling_share")) & (rest > 0)
    children = rest - sibling

    age = np.full((count, SEATS), ABSENT, dtype=np.int64)
    female = rng.random((count, SEATS)) < 0.485  # the raking settles the sexes of children by age
    female[:, [ELDER_WOMAN, WOMAN]] = True
    female[:, [ELDER_MAN, MAN]] = False

    eldest = _seat_children(rng, age, children, elders > 0)
    base = _core_age(rng, size, children, eldest, elders > 0)
    lone_woman = ~couple & (rng.random(count) < np.where(children > 0, assumed("lone_mother_share"), 0.5))
    has_woman, has_man = couple | lone_woman, ~lone_woman
    oldest_child = np.where(children > 0, eldest + PARENT_GAP, PARENT_GAP)
    age[:, WOMAN] = np.where(has_woman, base, ABSENT)
    age[:, MAN] = np.where(has_man, np.maximum(base + rng.integers(-3, 9, count), oldest_child), ABSENT)

    wife_side = has_woman & (~has_man | (rng.random(count) < assumed("wife_side_share")))
    link = np.where(wife_side, WOMAN, MAN)
    link_age = np.where(wife_side, age[:, WOMAN], age[:, MAN])
    _seat_elders(rng, age, elders, link_age)
    _seat_sibling(rng, age, sibling, link_age)

    young, middle, old = (assumed(f"elder_head_{span}") for span in ("under_35", "under_50", "over_50"))
    elder_head = (elders > 0) & (
        rng.random(count) < np.where(link_age < 35, young, np.where(link_age < 50, middle, old))
    )
    woman_head = has_woman & (~has_man | (rng.random(count) < assumed("woman_head_share")))
    core_head = np.where(woman_head, WOMAN, MAN)
    head = np.where(elder_head, np.where(age[:, ELDER_MAN] >= 0, ELDER_MAN, ELDER_WOMAN), core_head)
    return Patterns(age, female, head, link, np.full(count, 1 / count))


def _seat_children(rng: Random, age: Ints, children: Ints, with_elders: Flags) -> Ints:
    """Fill the children's seats, eldest first; return the age of the eldest."""
    count = len(children)
    gaps = rng.choice([1, 2, 3, 4, 5], p=[0.08, 0.40, 0.30, 0.14, 0.08], size=(count, CHILDREN))
    gaps[rng.random((count, CHILDREN)) < assumed("twin_share")] = 0
    seat = np.arange(CHILDREN)
    gaps[seat[None, :] >= children[:, None] - 1] = 0
    span = gaps.sum(axis=1)
    latest = np.where(with_elders, 24, 33)
    youngest = np.minimum(rng.integers(0, 20, count), np.maximum(latest - span, 0))
    older = span[:, None] - np.cumsum(np.pad(gaps, ((0, 0), (1, 0)))[:, :-1], axis=1)
    present = seat[None, :] < children[:, None]
    age[:, CHILD:] = np.where(present, youngest[:, None] + older, ABSENT)
    eldest: Ints = youngest + span
    return eldest


def _core_age(rng: Random, size: Ints, children: Ints, eldest: Ints, with_elders: Flags) -> Ints:
    """The age of the core's woman, or of its only adult."""
    count = len(size)
    first_birth = PARENT_GAP + np.minimum(rng.poisson(4.0, count), np.where(with_elders, 10, 16))
    young, old = rng.integers(18, 33, count), rng.integers(38, 88, count)
    childless = np.where(rng.random(count) < 0.35, young, old)
    childless = np.where(with_elders, rng.integers(18, 54, count), childless)
    childless = np.where((size == 1) & (rng.random(count) < 0.4), rng.integers(20, 60, count), childless)
    return np.where(children > 0, eldest + first_birth, childless)


def _seat_elders(rng: Random, age: Ints, elders: Ints, link_age: Ints) -> None:
    count = len(elders)
    woman = np.minimum(link_age + PARENT_GAP + rng.poisson(5.0, count), OLDEST - 2)
    woman = np.maximum(woman, link_age + PARENT_GAP)
    man = np.clip(woman + rng.integers(-3, 9, count), link_age + PARENT_GAP, OLDEST)
    only_woman = rng.random(count) < 0.65
    age[:, ELDER_WOMAN] = np.where((elders == 2) | ((elders == 1) & only_woman), woman, ABSENT)
    age[:, ELDER_MAN] = np.where((elders == 2) | ((elders == 1) & ~only_woman), man, ABSENT)


def _seat_sibling(rng: Random, age: Ints, sibling: Flags, link_age: Ints) -> None:
    parents = np.where(age[:, :MAN] >= 0, age[:, :MAN], OLDEST + PARENT_GAP).min(axis=1)
    drawn = np.clip(link_age + rng.integers(-12, 9, len(sibling)), 15, parents - PARENT_GAP)
    age[:, SIBLING] = np.where(sibling, drawn, ABSENT)


def _constraints(sketched: Patterns, sizes: Floats) -> tuple[Floats, Floats]:
    """Columns to be met (size of household, persons by age group and sex) and their targets."""
    first, shares = age_shares()
    size = sketched.size
    by_size = size[:, None] == np.arange(1, len(sizes) + 1)[None, :]
    group = np.searchsorted(first, sketched.age, side="right") - 1
    columns = [by_size.astype(np.float64)]
    for sex in (False, True):
        seated = (sketched.age >= 0) & (sketched.female == sex)
        columns.append(np.stack([(seated & (group == g)).sum(axis=1) for g in range(len(first))], axis=1).astype(float))
    persons = float((sizes * np.arange(1, len(sizes) + 1)).sum())
    return np.hstack(columns), np.concatenate([sizes, persons * shares[:, 0], persons * shares[:, 1]])


def _rake(features: Floats, targets: Floats) -> Floats:
    """Weights nearest to equal ones that meet the targets: Newton steps on the dual."""
    slope = np.zeros(features.shape[1])
    equal = 1 / len(features)
    for _ in range(60):
        weight = equal * np.exp(np.clip(features @ slope, -30, 30))
        short = targets - features.T @ weight
        if np.abs(short).max() < 1e-9:
            break
        curve = features.T @ (features * weight[:, None])
        step = np.linalg.lstsq(curve, short, rcond=1e-10)[0]
        slope += step * min(1.0, 2.0 / float(np.abs(step).max()))
    return np.asarray(weight, dtype=np.float64)
