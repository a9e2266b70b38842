"""From patterns to persons: seats become rows, rows know father, mother, spouse and head.

People who are only named on somebody's form (a father long dead, a mother elsewhere) get rows too,
after the members; they have names and perhaps a number, but no form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hoaban.synth.engine.facts import Flags, Ints, Random
from hoaban.synth.engine.patterns import (
    CHILD,
    CHILDREN,
    ELDER_MAN,
    ELDER_WOMAN,
    MAN,
    SEATS,
    SIBLING,
    WOMAN,
    Patterns,
)

# Seats of people who are only named: parents of the one who married in, and of the elders.
IN_LAW_FATHER, IN_LAW_MOTHER = SEATS, SEATS + 1
ELDER_MAN_FATHER, ELDER_MAN_MOTHER = SEATS + 2, SEATS + 3
ELDER_WOMAN_FATHER, ELDER_WOMAN_MOTHER = SEATS + 4, SEATS + 5
ALL_SEATS = SEATS + 6
NOBODY = -1

# Relation to the head (codes of relationship_to_head.csv).
HEAD, WIFE, HUSBAND, OWN_CHILD, DAUGHTER_IN_LAW, SON_IN_LAW = 1, 2, 3, 4, 6, 7
FATHER, MOTHER, FATHER_IN_LAW, MOTHER_IN_LAW = 8, 9, 10, 11
OLDER_BROTHER, OLDER_SISTER, YOUNGER_SIBLING, GRANDCHILD, SIBLING_IN_LAW = 16, 17, 18, 19, 23


@dataclass(frozen=True)
class Kin:
    """Columns over persons; the first `members` live in a household, the rest are only named."""

    members: int
    household: Ints
    seat: Ints
    age: Ints
    female: Flags
    father: Ints
    mother: Ints
    spouse: Ints
    head: Ints
    relation: Ints


def seated(patterns: Patterns, undeclared_father: Flags, rng: Random) -> Kin:
    """Everybody of every household, head first, and the parents named on their forms."""
    age, female, named = _with_named_kin(patterns, undeclared_father, rng)
    households = len(age)
    at_home = np.zeros_like(named)
    at_home[:, :SEATS] = patterns.age >= 0

    household, seat = np.nonzero(at_home)
    order = np.lexsort((seat, seat != patterns.head[household], household))
    outside_household, outside_seat = np.nonzero(named & ~at_home)
    row_household = np.concatenate([household[order], outside_household])
    row_seat = np.concatenate([seat[order], outside_seat])
    row = np.full((households, ALL_SEATS), NOBODY, dtype=np.int64)
    row[row_household, row_seat] = np.arange(len(row_household))

    fathers, mothers = _parent_seats(patterns.link)
    father = _row_at(row, row_household, fathers[row_household, row_seat])
    mother = _row_at(row, row_household, mothers[row_household, row_seat])
    partner = np.full(ALL_SEATS, NOBODY)
    partner[[ELDER_MAN, ELDER_WOMAN, MAN, WOMAN]] = [ELDER_WOMAN, ELDER_MAN, WOMAN, MAN]
    members = len(household)
    spouse = _row_at(row, row_household, partner[row_seat])
    spouse[(spouse >= members) | (np.arange(len(spouse)) >= members)] = NOBODY
    row_age = age[row_household, row_seat]
    return Kin(
        members=members,
        household=row_household,
        seat=row_seat,
        age=row_age,
        female=female[row_household, row_seat],
        father=father,
        mother=mother,
        spouse=spouse,
        head=row[row_household, patterns.head[row_household]],
        relation=_relations(patterns, row_household, row_seat, row_age, female[row_household, row_seat]),
    )


def _row_at(row: Ints, household: Ints, seat: Ints) -> Ints:
    return np.where(seat >= 0, row[household, seat], NOBODY)


def _with_named_kin(patterns: Patterns, undeclared: Flags, rng: Random) -> tuple[Ints, Flags, Flags]:
    """Ages and sexes over all seats, and which seats somebody needs as a parent."""
    households = len(patterns.age)
    rows = np.arange(households)
    present = np.zeros((households, ALL_SEATS), dtype=np.bool_)
    present[:, :SEATS] = patterns.age >= 0
    age = np.full((households, ALL_SEATS), -1, dtype=np.int64)
    age[:, :SEATS] = patterns.age
    female = np.zeros((households, ALL_SEATS), dtype=np.bool_)
    female[:, :SEATS] = patterns.female
    female[:, [IN_LAW_MOTHER, ELDER_MAN_MOTHER, ELDER_WOMAN_MOTHER]] = True

    other = MAN + WOMAN - patterns.link
    needed = present.copy()
    has_children = present[:, CHILD]
    needed[:, MAN] |= has_children & ~undeclared
    needed[:, WOMAN] |= has_children
    needed[:, ELDER_MAN] = needed[:, ELDER_WOMAN] = True
    for seat in (IN_LAW_FATHER, IN_LAW_MOTHER):
        needed[:, seat] = present[rows, other]
    needed[:, [ELDER_MAN_FATHER, ELDER_MAN_MOTHER]] = present[:, [ELDER_MAN]]
    needed[:, [ELDER_WOMAN_FATHER, ELDER_WOMAN_MOTHER]] = present[:, [ELDER_WOMAN]]

    gap = rng.integers(19, 34, (households, ALL_SEATS))
    core = np.maximum(age[:, MAN], age[:, WOMAN])
    for seat in (MAN, WOMAN):
        age[:, seat] = np.where(present[:, seat], age[:, seat], core)
    for seat in (ELDER_MAN, ELDER_WOMAN):
        above = np.maximum(age[rows, patterns.link], age[:, SIBLING]) + gap[:, seat]
        age[:, seat] = np.where(present[:, seat], age[:, seat], above)
    for seat in (IN_LAW_FATHER, IN_LAW_MOTHER):
        age[:, seat] = age[rows, other] + gap[:, seat]
    for seat in (ELDER_MAN_FATHER, ELDER_MAN_MOTHER):
        age[:, seat] = age[:, ELDER_MAN] + gap[:, seat]
    for seat in (ELDER_WOMAN_FATHER, ELDER_WOMAN_MOTHER):
        age[:, seat] = age[:, ELDER_WOMAN] + gap[:, seat]
    return age, female, needed


def _parent_seats(link: Ints) -> tuple[Ints, Ints]:
    """Seats of father and mother by household and seat, or NOBODY."""
    fathers = np.full((len(link), ALL_SEATS), NOBODY, dtype=np.int64)
    mothers = fathers.copy()
    rows = np.arange(len(link))
    other = MAN + WOMAN - link
    fathers[:, CHILD : CHILD + CHILDREN], mothers[:, CHILD : CHILD + CHILDREN] = MAN, WOMAN
    fathers[:, SIBLING], mothers[:, SIBLING] = ELDER_MAN, ELDER_WOMAN
    fathers[rows, link], mothers[rows, link] = ELDER_MAN, ELDER_WOMAN
    fathers[rows, other], mothers[rows, other] = IN_LAW_FATHER, IN_LAW_MOTHER
    fathers[:, ELDER_MAN], mothers[:, ELDER_MAN] = ELDER_MAN_FATHER, ELDER_MAN_MOTHER
    fathers[:, ELDER_WOMAN], mothers[:, ELDER_WOMAN] = ELDER_WOMAN_FATHER, ELDER_WOMAN_MOTHER
    return fathers, mothers


def _relations(patterns: Patterns, household: Ints, seat: Ints, age: Ints, female: Flags) -> Ints:
    """What each person is to the head of the household."""
    head, link = patterns.head[household], patterns.link[household]
    head_age = patterns.age[household, head]
    elder_head = head <= ELDER_WOMAN
    of_link = head == link
    is_core = (seat == MAN) | (seat == WOMAN)
    older = np.where(female, OLDER_SISTER, OLDER_BROTHER)
    return np.select(
        [
            seat == head,
            elder_head & (seat <= ELDER_WOMAN),
            elder_head & (seat == link),
            elder_head & is_core,
            elder_head & (seat == SIBLING),
            elder_head,
            is_core,
            seat == ELDER_MAN,
            seat == ELDER_WOMAN,
            (seat == SIBLING) & of_link,
            seat == SIBLING,
        ],
        [
            HEAD,
            np.where(female, WIFE, HUSBAND),
            OWN_CHILD,
            np.where(female, DAUGHTER_IN_LAW, SON_IN_LAW),
            OWN_CHILD,
            GRANDCHILD,
            np.where(female, WIFE, HUSBAND),
            np.where(of_link, FATHER, FATHER_IN_LAW),
            np.where(of_link, MOTHER, MOTHER_IN_LAW),
            np.where(age > head_age, older, YOUNGER_SIBLING),
            SIBLING_IN_LAW,
        ],
        default=OWN_CHILD,
    )
