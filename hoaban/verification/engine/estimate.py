"""Error rates with their bounds: what a sample says about all the forms it was drawn from.

`exact` inverts the hypergeometric law, so that the bounds are right for small lots and for samples
that are a large part of their lot. `wilson` and `clopper_pearson` are the usual ones for lots without
end. `stratified` puts lots of different sizes together (Korn and Graubard 1998: Clopper-Pearson at the
sample size that would have had the same variance).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy import stats

from hoaban.verification.rules import Interval

SURE = 0.95


@dataclass(frozen=True)
class Stratum:
    """A lot of `population` forms, `n` of them checked, `wrong` of those wrong."""

    population: int
    n: int
    wrong: int

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= self.n <= self.population:
            raise ValueError(f"{self.wrong} wrong of {self.n} checked of {self.population}")


def wilson(wrong: int, n: int, sure: float = SURE) -> tuple[float, float]:
    """The score interval of Wilson (1927) for a share."""
    z = float(stats.norm.ppf(0.5 + sure / 2))
    share = wrong / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (0.0 if wrong == 0 else middle - half), (1.0 if wrong == n else middle + half)


def clopper_pearson(wrong: float, n: float, sure: float = SURE) -> tuple[float, float]:
    """The exact binomial interval of Clopper and Pearson (1934); `wrong` and `n` needn't be whole."""
    tail = (1 - sure) / 2
    low = 0.0 if wrong <= 0 else float(stats.beta.ppf(tail, wrong, n - wrong + 1))
    high = 1.0 if wrong >= n else float(stats.beta.ppf(1 - tail, wrong + 1, n - wrong))
    return low, high


def exact(wrong: int, n: int, population: int, sure: float = SURE) -> Interval:
    """The error rate of a lot from a simple random sample of it, by the hypergeometric law.

    The bounds are the least and the greatest number of wrong forms in the lot under which what was
    seen isn't too strange. When all are checked there is nothing left to guess.
    """
    Stratum(population, n, wrong)
    if n == 0:
        raise ValueError("nothing was checked")
    tail = (1 - sure) / 2
    least, most = wrong, population - (n - wrong)
    low = _first(least, most, lambda bad: bool(stats.hypergeom.sf(wrong - 1, population, bad, n) > tail))
    high = most - _first(
        0, most - least, lambda fewer: bool(stats.hypergeom.cdf(wrong, population, most - fewer, n) > tail)
    )
    return Interval(wrong / n, low / population, high / population, n, wrong, population)


def stratified(strata: Sequence[Stratum], sure: float = SURE) -> Interval:
    """The error rate over several lots, each with its own sample. A lot of which nothing was checked is an error."""
    population = sum(one.population for one in strata)
    n, wrong = sum(one.n for one in strata), sum(one.wrong for one in strata)
    if len(strata) == 1:
        return exact(wrong, n, population, sure)
    if not strata or any(one.n == 0 for one in strata):
        raise ValueError("nothing was checked in a lot")
    parts = [one for one in strata if one.population > one.n]
    rate = sum(one.population / population * one.wrong / one.n for one in strata)
    if not parts:
        return Interval(rate, rate, rate, n, wrong, population)
    size = _effective_size(strata, population, rate)
    low, high = clopper_pearson(rate * size, size, sure)
    seen_wrong = wrong / population  # bounds that what was seen already excludes are drawn in
    seen_right = (n - wrong) / population
    return Interval(rate, max(low, seen_wrong), min(high, 1 - seen_right), n, wrong, population)


def left_after(found: Interval, corrected: int) -> Interval:
    """What is left in the lot once `corrected` of the wrong forms of the sample are put right."""
    gone = corrected / found.population
    return Interval(
        max(found.rate - gone, 0.0), max(found.low - gone, 0.0), max(found.high - gone, 0.0),
        found.n, found.wrong, found.population,
    )  # fmt: skip


def _first(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """The first number from `least` to `most` for which `holds`, which once true stays true."""
    while least < most:
        middle = (least + most) // 2
        if holds(middle):
            most = middle
        else:
            least = middle + 1
    return least


def _effective_size(strata: Sequence[Stratum], population: int, rate: float) -> float:
    """The size of a simple random sample from an endless lot that would vary as little as this one.

    Where lots were sampled unequally or the sample shows no spread, the size under equal rates is used:
    it isn't allowed to claim more than that.
    """
    equal_rates = 1 / sum(
        (one.population / population) ** 2 * (1 - one.n / one.population) / one.n
        for one in strata
        if one.population > one.n
    )
    variance = sum(
        (one.population / population) ** 2
        * (1 - one.n / one.population)
        * (one.wrong / one.n)
        * (1 - one.wrong / one.n)
        / (one.n - 1)
        for one in strata
        if one.n > 1
    )
    if variance == 0:
        return equal_rates
    return min(rate * (1 - rate) / variance, equal_rates)
