"""The levels of agreement of each field, and their weights.

Fellegi and Sunter's model (JASA 1969): the weight of a level is log2(m/u), with m how often it occurs
between two records of one person and u between records of two.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from hoaban.base.names import fold, nfc
from hoaban.base.partial_date import PartialDate
from hoaban.linkage.rules import Evidence, Level, Likeness, Record

WEIGHTS_FILE = Path(__file__).parents[2] / "data" / "linkage" / "weights.csv"


@cache
def weights() -> dict[tuple[str, Level], float]:
    """Bits by field and level."""
    with WEIGHTS_FILE.open(encoding="utf-8", newline="") as lines:
        return {
            (row["field"], Level(row["level"])): round(math.log2(float(row["m"]) / float(row["u"])), 2)
            for row in csv.DictReader(lines)
        }


def compare(a: Record, b: Record) -> Likeness:
    """How alike two records are."""
    levels = {
        "name": name_level(a.name, b.name),
        "born": born_level(a.born, b.born),
        "sex": Level.SAME if a.sex == b.sex else Level.OTHER,
        "mother": _mother_level(a.mother, b.mother),
        "number9": _known_level(a.number9, b.number9),
        "village": _known_level(a.village, b.village),
    }
    return Likeness(tuple(Evidence(field, level, weights()[field, level]) for field, level in levels.items()))


def name_level(a: str, b: str) -> Level:
    """How two full names agree. Family and given name decide; the middle may have changed."""
    if nfc(a).casefold() == nfc(b).casefold():
        return Level.SAME
    folded_a, folded_b = fold(a), fold(b)
    if folded_a == folded_b:
        return Level.WITHOUT_MARKS
    words_a, words_b = folded_a.split(" "), folded_b.split(" ")
    if (words_a[0], words_a[-1]) == (words_b[0], words_b[-1]) or sorted(words_a) == sorted(words_b):
        return Level.OTHER_MIDDLE
    if len(words_a) == len(words_b) and OSA.distance(folded_a, folded_b, score_cutoff=2) <= 2 and len(folded_a) > 6:
        return Level.NEAR
    return Level.OTHER


def born_level(a: str, b: str) -> Level:
    """How two partial dates of birth agree."""
    if not a or not b:
        return Level.AGREES if not a and not b else Level.OTHER
    one, two = PartialDate.parse(a), PartialDate.parse(b)
    if one == two:
        return Level.SAME if one.precision == "day" else Level.AGREES
    if one.year != two.year:
        return Level.OTHER
    if _agree_as_known(one, two):
        return Level.AGREES
    if (one.day, one.month) == (two.month, two.day):
        return Level.SWAPPED
    return Level.SAME_YEAR


def _agree_as_known(one: PartialDate, two: PartialDate) -> bool:
    first_of_january = {(1, 1)} & {(one.month, one.day), (two.month, two.day)}
    month_agrees = None in (one.month, two.month) or one.month == two.month
    day_agrees = None in (one.day, two.day) or one.day == two.day
    return bool(first_of_january) or (month_agrees and day_agrees)


def _mother_level(a: str, b: str) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    level = name_level(a, b)
    return level if level in (Level.SAME, Level.WITHOUT_MARKS) else Level.OTHER


def _known_level(a: str, b: str) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    return Level.SAME if a == b else Level.OTHER
