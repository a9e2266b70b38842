"""Are the two lists independent? If who is in the register is also likelier to be listed, people are missed
by both and the estimate is too low (the 2001 census of England and Wales added 230,000 people for this).

Two lists alone can't tell. Two things can:

* a third source (other signs of life: a card issued, a school, a health insurance): among the people it met, all four
  cells of the two lists can be counted, and their odds ratio says whether the lists depend on each other
  (Mantel and Haenszel 1959 over strata; variance of Robins, Breslow and Greenland 1986). It also says by how much
  the number of people would rise (Wolter 1990; Brown, Abbott and Diamond 2006);
* the strata: where both lists reach some places better than others, a pooled estimate is too low although each
  place is sound, and finer strata than those used may hide the same.

The third source must be independent of both lists; who is met by all sources alike hides a part of the dependence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from hoaban.verification.engine import coverage, estimate
from hoaban.verification.engine.coverage import Lists
from hoaban.verification.engine.estimate import SURE

ALARM = 0.01  # so rarely would independent lists raise the warning


@dataclass(frozen=True)
class MetElsewhere:
    """The people of a stratum that a third source met, by where they are: in both lists, in one, in neither."""

    both: int
    register_only: int
    listing_only: int
    neither: int


@dataclass(frozen=True)
class Dependence:
    """What the third source says. `odds` is the common odds ratio with its bounds: 1 is independence, more means
    that who is on one list is likelier on the other. `by_chance` is the p value; None of either where too few
    were met to tell. `missed_more` is by how many people the estimate would rise (fall, if negative)."""

    odds: float | None
    low: float
    high: float
    by_chance: float | None
    missed_more: float | None

    @property
    def warns(self) -> bool:
        """Whether the lists aren't independent, as far as can be told."""
        return self.by_chance is not None and self.by_chance < ALARM

    @property
    def tells_nothing(self) -> bool:
        """Whether even a threefold odds ratio couldn't be ruled out: no comfort in a warning that isn't raised."""
        return not self.warns and self.high >= 3


def by_third_source(met: Sequence[MetElsewhere], strata: Sequence[Lists] = (), sure: float = SURE) -> Dependence:
    """Whether the two lists depend on each other, from the people that a third source met in each stratum.

    With the two lists of each stratum of the population in `strata` it also says what that does to their sum.
    """
    tables = np.array([[one.both, one.register_only, one.listing_only, one.neither] for one in met], dtype=float)
    tables = tables[tables.sum(axis=1) > 1] if len(tables) else tables.reshape(0, 4)
    both, register, listing, neither = tables.T
    n = tables.sum(axis=1)
    with_one, with_two = both + register, both + listing
    expected = with_one * with_two / n
    variance = (with_one * (n - with_one) * with_two * (n - with_two) / (n**2 * (n - 1))).sum()
    if variance == 0:
        return Dependence(None, 0.0, math.inf, None, None)
    by_chance = float(stats.chi2.sf((both - expected).sum() ** 2 / variance, 1))
    odds, spread = _pooled_odds(tables if (register * listing).sum() * (both * neither).sum() else tables + 0.5)
    wide = math.exp(estimate.quantile(sure) * spread)
    more = sum((odds - 1) * _neither(one) for one in strata) if strata else None
    return Dependence(odds, odds / wide, odds * wide, by_chance, more)


@dataclass(frozen=True)
class Unevenness:
    """Whether both lists reach some strata better than others. `register` and `listing` are p values of being equally
    complete everywhere; `pooled` and `summed` the number of people from the pooled lists and from their strata."""

    register: float
    listing: float
    pooled: float
    summed: float

    @property
    def bias(self) -> float:
        """By what share of the people the pooled estimate is off."""
        return self.pooled / self.summed - 1

    @property
    def warns(self) -> bool:
        """Whether pooling would be wrong: both lists are uneven."""
        return self.register < ALARM and self.listing < ALARM


def across_strata(strata: Sequence[Lists]) -> Unevenness:
    """Whether the lists are as complete in one stratum as in another (chi squared tests)."""
    whole = Lists(*(sum(getattr(one, name) for one in strata) for name in ("register", "listing", "both")))
    return Unevenness(
        _evenness([(one.both, one.listing - one.both) for one in strata]),
        _evenness([(one.both, one.register - one.both) for one in strata]),
        coverage.chapman(whole).value,
        sum(coverage.chapman(one).value for one in strata),
    )


def _neither(lists: Lists) -> float:
    """Those on neither list, if the lists are independent."""
    return (lists.register - lists.both) * (lists.listing - lists.both) / max(lists.both, 1)


def _pooled_odds(tables: np.ndarray) -> tuple[float, float]:
    """The odds ratio of Mantel and Haenszel and the standard error of its logarithm."""
    a, b, c, d = tables.T
    n = tables.sum(axis=1)
    same, other = (a + d) / n, (b + c) / n
    up, down = a * d / n, b * c / n
    r, s = up.sum(), down.sum()
    variance = (
        (same * up).sum() / (2 * r**2)
        + (same * down + other * up).sum() / (2 * r * s)
        + (other * down).sum() / (2 * s**2)
    )
    return float(r / s), math.sqrt(variance)


def _evenness(counts: list[tuple[float, float]]) -> float:
    table = np.array(counts, dtype=float)
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2 or not table.sum(axis=0).all():
        return 1.0
    return float(stats.chi2_contingency(table, correction=False).pvalue)
