"""The checkers' own error: what they miss, what they find that isn't wrong, and what that makes of a rate.

How well checkers see is measured on planted forms, some made wrong and some right. The true rate follows
from what they found by Rogan and Gladen (Am J Epidemiol 1978): p = (found + Sp - 1) / (Se + Sp - 1), with
Se the share of wrong forms that they find and Sp the share of right forms that they leave alone. The
uncertainty of all three goes into the bounds (the method of variance recovery: Zou and Donner, Stat Med 2008).

Errors that one checker missed are hard: the next misses them more often than planted ones. With the
correlation r of two checkers' misses, the share found among the missed is Se (1 - r) (`among_missed`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hoaban.verification.engine import estimate
from hoaban.verification.engine.estimate import SURE, Stratum
from hoaban.verification.rules import Interval


@dataclass(frozen=True)
class Share:
    """A fraction with its bounds."""

    value: float
    low: float
    high: float


CERTAIN = Share(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Care:
    """How well checkers see: the share of wrong forms that they find (Se) and of right ones left alone (Sp)."""

    finds: Share = CERTAIN
    spares: Share = CERTAIN

    @property
    def sees(self) -> float:
        """Youden's index Se + Sp - 1: 0 is guessing, 1 is never wrong."""
        return self.finds.value + self.spares.value - 1


PERFECT = Care()


def share(part: int, of: int, sure: float = SURE) -> Share:
    """A fraction that was counted, with Wilson's bounds."""
    low, high = estimate.wilson(part, of, sure)
    return Share(part / of, low, high)


def measured(*, planted: int, found: int, right: int, raised: int, sure: float = SURE) -> Care:
    """How well checkers see, from planted forms: `found` of `planted` wrong ones, `raised` of `right` right ones."""
    return Care(share(found, planted, sure), share(right - raised, right, sure))


def miss_correlation(*, both: int, first: int, second: int, neither: int, sure: float = SURE) -> Share:
    """How much two checkers miss the same wrong forms: the phi coefficient, with Fisher's bounds.

    `both` found by both, `first` and `second` by one of them alone, `neither` by none: planted ones, since
    of the others nobody knows what both missed.
    """
    of = both + first + second + neither
    finds, other = both + first, both + second
    spread = math.sqrt(finds * (of - finds) * other * (of - other))
    value = (both * neither - first * second) / spread if spread else 0.0
    half = estimate.quantile(sure) / math.sqrt(max(of - 3, 1))
    turned = math.atanh(min(max(value, -0.999), 0.999))
    return Share(value, math.tanh(turned - half), math.tanh(turned + half))


def shown_by_recheck(found: Share, missed: Interval) -> Care:
    """How well a level saw real errors, from the blind re-check of a sample of what it had checked.

    `found` is the share of the forms it checked that it truly found wrong, `missed` the share of wrong forms
    that the re-check says are left among them (its `true_rate`, corrected for its own misses). Unlike planted
    forms these are the errors that checks really meet. Both levels must have looked at the same strata alike.
    """

    def seen(caught: float, left: float) -> float:
        return caught / (caught + left) if caught + left > 0 else 1.0

    value = seen(found.value, missed.rate)
    below = _away(value, seen(found.low, missed.rate), seen(found.value, missed.high))
    above = _away(value, seen(found.high, missed.rate), seen(found.value, missed.low))
    return Care(Share(value, max(value - below, 0.0), min(value + above, 1.0)))


def among_missed(care: Care, correlation: Share) -> Care:
    """How well a checker sees errors that another one missed; the bounds carry both uncertainties."""
    rate, low, high = care.finds.value, care.finds.low, care.finds.high
    kept = max(1 - correlation.value, 0.0)
    value = rate * kept
    below = math.hypot((rate - low) * kept, rate * max(correlation.high - correlation.value, 0.0))
    above = math.hypot((high - rate) * kept, rate * max(correlation.value - correlation.low, 0.0))
    return Care(Share(value, max(value - below, 0.0), min(value + above, 1.0)), care.spares)


def true_rate(strata: Sequence[Stratum], care: Care = PERFECT, sure: float = SURE) -> Interval:
    """The true error rate of the lots before what was found is put right, corrected for the checkers' own error.

    `n` and `wrong` of the answer are what was seen. Raises ValueError where the checkers see no better
    than guessing.
    """
    if care.sees <= 0:
        raise ValueError("the checkers see no better than guessing")
    apparent = estimate.stratified(strata, sure)
    if care == PERFECT:
        return apparent
    value = _corrected(apparent.rate, care.finds.value, care.spares.value)
    apparent = estimate.stratified(strata, sure, _seen(apparent.rate, value, care))
    # the corner that each uncertainty alone would reach, put together as independent ones
    low = _away(
        value,
        _corrected(apparent.low, care.finds.value, care.spares.value),
        _corrected(apparent.rate, care.finds.high, care.spares.value),
        _corrected(apparent.rate, care.finds.value, care.spares.low),
    )
    high = _away(
        value,
        _corrected(apparent.high, care.finds.value, care.spares.value),
        _corrected(apparent.rate, care.finds.low, care.spares.value),
        _corrected(apparent.rate, care.finds.value, care.spares.high),
    )
    low, high = max(value - low, 0.0), min(value + high, 1.0)
    value = min(max(value, 0.0), 1.0)
    return Interval(value, min(low, value), max(high, value), apparent.n, apparent.wrong, apparent.population)


def left(
    strata: Sequence[Stratum], care: Care = PERFECT, sure: float = SURE, *, corrected: int, spoilt: int = 0
) -> Interval:
    """The error rate left after `corrected` forms were put right and `spoilt` right ones made wrong."""
    return estimate.left_after(true_rate(strata, care, sure), corrected - spoilt)


def _corrected(found: float, finds: float, spares: float) -> float:
    return (found + spares - 1) / max(finds + spares - 1, 1e-9)


def _seen(found: float, true: float, care: Care) -> float:
    """How much of the variance of what is found goes when every form is checked: what isn't the checkers' luck."""
    if not 0 < found < 1:
        return care.sees**2
    true = min(max(true, 0.0), 1.0)
    return min(care.sees**2 * true * (1 - true) / (found * (1 - found)), 1.0)


def _away(value: float, *corners: float) -> float:
    return math.sqrt(sum((value - corner) ** 2 for corner in corners))
