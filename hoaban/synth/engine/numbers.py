"""Personal numbers, from the decree's text and nothing else.

Twelve digits: province of birth registration (3), century and sex (1), year of birth (2), random
(6); Decree 137/2015 art. 13, Circular 59/2021 art. 4. Written here on its own, so that the
register's own code for the number is tested against another pair of eyes.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from hoaban.synth.engine.facts import Flags, Ints, Random

RANDOM_PART = 1_000_000
OLD_SERIES = 40_000_000  # nine digits beginning 04: the old series of the province (general knowledge)
OLD_SERIES_SIZE = 10_000_000


def sex_century_digit(birth_year: Ints, female: Flags) -> Ints:
    """The fourth digit: 0 and 1 for men and women of the 20th century, 2 and 3 of the 21st, and so on."""
    return 2 * (birth_year // 100 - 19) + female


def personal_numbers(province: Ints, birth_year: Ints, female: Flags, rng: Random) -> Ints:
    """A number for each person, no two alike."""
    prefix = province * 1000 + sex_century_digit(birth_year, female) * 100 + birth_year % 100
    number = prefix * RANDOM_PART + rng.integers(0, RANDOM_PART, len(prefix))
    while len(again := _repeats(number)):
        number[again] = prefix[again] * RANDOM_PART + rng.integers(0, RANDOM_PART, len(again))
    return number


def old_numbers(count: int, rng: Random) -> Ints:
    """Nine-digit numbers of the province's old series, no two alike."""
    number = OLD_SERIES + rng.integers(0, OLD_SERIES_SIZE, count)
    while len(again := _repeats(number)):
        number[again] = OLD_SERIES + rng.integers(0, OLD_SERIES_SIZE, len(again))
    return number


def written(number: Ints, held: Flags, digits: int) -> pl.Series:
    """The numbers as text of that many digits, "" where nobody holds one."""
    text = pl.Series(number).cast(pl.String).str.zfill(digits)
    return text.set(~pl.Series(held), "")


def _repeats(number: Ints) -> Ints:
    """Positions of values that stood before."""
    first = np.unique(number, return_index=True)[1]
    seen = np.ones(len(number), dtype=np.bool_)
    seen[first] = False
    return np.flatnonzero(seen)
