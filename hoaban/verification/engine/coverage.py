"""Is everybody in the register? People are counted twice, independently, and the two lists are compared.

The number of people is estimated from the register (n1), an independent listing of the same places (n2) and
those on both (m): n1 n2 / m (Petersen 1896, Lincoln 1930, Chandrasekar and Deming 1949), or Chapman's (1951)
form, which is nearly without bias in small places. Stratify or be biased: where both lists reach the valley
better than the ridge, the sum over both is right and the pooled figure is not.

The bounds are those of the number that neither list holds, given the lists: Jeffreys' prior for being caught by
each, 1/N for the people (Castledine, Biometrika 1981), summed over strata by convolution; the prior's half a person
missed is shared between the strata. Why that one: of 95 % it held the truth in 94.6 to 96.8 in communes and
sums of villages up to 1,447 of them, and in 96 to 99 where only a few people are missing in all, since bounds move
by whole people. Log-normal bounds (Chao 1987) held it in 19 to 94.6, the transformed logit (Sadinle 2009) in 92 to 100
and were much wider; with a full prior in each stratum 1,447 villages together were put 150 people too high.

Links between the lists have errors: pairs that weren't linked make the estimate too high, wrong links too low.
The number of true pairs follows from those linked, m = (linked - false n2) / (1 - missed - false) (Ding and
Fienberg 1994; Di Consiglio and Tuoto 2015), and the uncertainty of both rates goes into the bounds. They are the same
for all strata, so that their part doesn't average out.

It all rests on the two lists being independent: see `dependence`. Counts are people; shares are fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import signal, special, stats

from hoaban.verification.engine import estimate
from hoaban.verification.engine.care import Share
from hoaban.verification.engine.estimate import SURE

NEVER = Share(0.0, 0.0, 0.0)
FINEST = 20_000  # points of a law of those on neither list
NO_CHANCE = 1e-12


@dataclass(frozen=True)
class Lists:
    """Two lists of the people of one stratum: in the register, in the independent listing, on both."""

    register: float
    listing: float
    both: float
    name: str = ""


@dataclass(frozen=True)
class Links:
    """The errors of linking: the share of true pairs that weren't linked, and of those listed and not in the
    register who were linked to somebody all the same. Measured on pairs that clerks looked at."""

    missed: Share = NEVER
    false: Share = NEVER


NO_ERRORS = Links()


@dataclass(frozen=True)
class Size:
    """A number of people with its standard error and bounds."""

    value: float
    se: float
    low: float
    high: float


@dataclass(frozen=True)
class Coverage:
    """How complete the register is. `share` is its rightful entries over the people there are; `people` how many
    those are. `missing` is how many people it lacks, `wrongly` how many entries stand for nobody."""

    share: Share
    people: Size
    missing: float
    wrongly: float


# --- two lists of one place -----------------------------------------------------------------------------


def petersen(lists: Lists, sure: float = SURE) -> Size:
    """The estimate n1 n2 / m with its normal bounds, as published examples have it. Needs somebody on both lists."""
    n1, n2, m = lists.register, lists.listing, lists.both
    value = n1 * n2 / m
    return _normal(value, math.sqrt(n1 * n2 * (n1 - m) * (n2 - m) / m**3), sure)


def chapman(lists: Lists, sure: float = SURE) -> Size:
    """Chapman's estimate with Seber's (1970) variance and normal bounds, as published examples have it."""
    return _normal(_chapman(lists), math.sqrt(_variance(lists)), sure)


def linked_truly(lists: Lists, links: Links) -> Lists:
    """The lists with the number of true pairs in place of those linked."""
    missed, false = links.missed.value, links.false.value
    pairs = (lists.both - false * lists.listing) / (1 - missed - false)
    return Lists(lists.register, lists.listing, min(max(pairs, 0.0), lists.register, lists.listing), lists.name)


# --- strata ---------------------------------------------------------------------------------------------


def people_in(strata: Sequence[Lists], links: Links = NO_ERRORS, sure: float = SURE) -> Size:
    """How many people there are in all strata, corrected for errors of linking, with bounds."""
    true = [linked_truly(one, links) for one in strata]
    value = sum(_chapman(one) for one in true)
    luck = sum(_luck(one, links) * _slope(one) ** 2 for one in true)  # of linking, on top of that of being listed
    low, high = _bounds(true, sure)
    shared_below, shared_above = _shared(strata, links, value)
    extra = luck * estimate.quantile(sure) ** 2
    se = math.sqrt(
        sum(_variance(one) for one in true) + luck + max(shared_below, shared_above) / estimate.quantile(sure) ** 2
    )
    least = sum(max(one.register, one.listing) for one in true)
    low = value - math.sqrt(max(value - low, 0.0) ** 2 + extra + shared_below)
    high = value + math.sqrt(max(high - value, 0.0) ** 2 + extra + shared_above)
    return Size(value, se, min(max(low, least), value), high)


def covered(strata: Sequence[Lists], wrongly: Share = NEVER, links: Links = NO_ERRORS, sure: float = SURE) -> Coverage:
    """How complete the register is: its rightful entries over the people there are.

    `wrongly` is the share of its entries that stand for nobody (see `overcount`); they are taken out of the
    register before it is compared, in equal shares from every stratum. Not knowing that share well widens
    the bounds of the people; those of the coverage hardly, since it is the share of the listed who are registered.
    """
    kept = 1 - wrongly.value
    register = sum(one.register for one in strata)
    people = people_in([Lists(one.register * kept, one.listing, one.both, one.name) for one in strata], links, sure)
    rightful = register * kept
    share = Share(min(rightful / people.value, 1.0), min(rightful / people.high, 1.0), min(rightful / people.low, 1.0))
    return Coverage(share, _less_wrong(people, wrongly, sure), max(people.value - rightful, 0.0), register - rightful)


# --- sampled villages -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """A stratum from which whole villages were drawn: how many it has, how many entries of the register in them."""

    villages: int
    register: float


def covered_by_sample(
    villages: Sequence[Lists],
    frame: Mapping[str, Frame],
    wrongly: Share = NEVER,
    links: Links = NO_ERRORS,
    sure: float = SURE,
) -> Coverage:
    """How complete the register is, from an independent listing of sampled villages only.

    A village's `name` is its stratum. Within a stratum the coverage is the share of the listed who are in the
    register (a ratio over villages); its variance is that between villages, of the sampled part only that of
    being caught. Bounds are on the logit scale with Student's t. Each stratum needs two villages or more.
    """
    samples = {name: [one for one in villages if one.name == name] for name in frame}
    alone = [name for name, sample in samples.items() if len(sample) < 2]
    if alone:
        raise ValueError(f"{', '.join(alone)}: a stratum needs two sampled villages")
    kept = 1 - wrongly.value
    register = sum(one.register for one in frame.values())

    def people_of(missed: float, false: float) -> tuple[float, float]:
        """The people, and their variance, under these errors of linking."""
        value = variance = 0.0
        for name, stratum in frame.items():
            rate, spread = _ratio(samples[name], stratum, missed, false)
            value += stratum.register * kept / rate
            variance += (stratum.register * kept / rate**2) ** 2 * spread
        return value, variance

    people, variance = people_of(links.missed.value, links.false.value)
    shared = _ends(links, lambda missed, false: people_of(missed, false)[0] - people)
    se = math.sqrt(variance + max(shared) / estimate.quantile(sure) ** 2)
    freedom = len(villages) - len(frame)
    far = float(stats.t.ppf(0.5 + sure / 2, freedom)) * se / people
    share = _on_logits(register * kept / people, far, 0.5 / (sum(one.listing for one in villages) + 1))
    size = Size(people, se, register * kept / share.high, register * kept / share.low)
    missing = max(people - register * kept, 0.0)
    return Coverage(share, _less_wrong(size, wrongly, sure), missing, register * wrongly.value)


def _on_logits(value: float, far: float, room: float) -> Share:
    """A share with bounds that are `far` away relative to it, on the logit scale, and at least `room` below one."""
    held = min(value, 1 - room)
    odds, step = math.log(held / (1 - held)), far / (1 - held)
    return Share(min(value, 1.0), 1 / (1 + math.exp(step - odds)), 1 / (1 + math.exp(-step - odds)))


def _ratio(sample: Sequence[Lists], stratum: Frame, missed: float, false: float) -> tuple[float, float]:
    """The share of the listed who are in the register, over villages, and its variance."""
    count, listed = len(sample), sum(one.listing for one in sample)
    linked = sum(one.both for one in sample) / listed
    sees = 1 - missed - false
    rate = min(max((linked - false) / sees, 1e-6), 1.0)
    # a village pulls the ratio to itself, so that its residual is too small (as in the jackknife)
    residuals = sum(((one.both - linked * one.listing) / (1 - one.listing / listed)) ** 2 for one in sample)
    between = (count - 1) / count * residuals / listed**2
    near = (linked * listed + 0.5) / (listed + 1)
    caught = near * (1 - near) / listed
    fraction = min(count / stratum.villages, 1.0)
    return rate, max((1 - fraction) * between + fraction * caught, caught) / sees**2


# --- inside ---------------------------------------------------------------------------------------------


def _less_wrong(people: Size, wrongly: Share, sure: float) -> Size:
    """The people with the uncertainty of the share of wrong entries in its bounds."""
    up, down = (wrongly.value - wrongly.low) / (1 - wrongly.value), (wrongly.high - wrongly.value) / (1 - wrongly.value)
    low = people.value - math.hypot(people.value - people.low, people.value * down)
    high = people.value + math.hypot(people.high - people.value, people.value * up)
    return Size(people.value, math.hypot(people.se, people.value * max(up, down) / estimate.quantile(sure)), low, high)


def _normal(value: float, se: float, sure: float) -> Size:
    half = estimate.quantile(sure) * se
    return Size(value, se, value - half, value + half)


def _chapman(lists: Lists) -> float:
    return (lists.register + 1) * (lists.listing + 1) / (lists.both + 1) - 1


def _variance(lists: Lists) -> float:
    n1, n2, m = lists.register, lists.listing, lists.both
    return (n1 + 1) * (n2 + 1) * max(n1 - m, 0) * max(n2 - m, 0) / ((m + 1) ** 2 * (m + 2))


def _slope(lists: Lists) -> float:
    """By how much the estimate falls with one pair more."""
    return (_chapman(lists) + 1) / (lists.both + 1)


def _bounds(strata: Sequence[Lists], sure: float) -> tuple[float, float]:
    """Bounds of the people in all strata: the posterior of those on neither list, summed over strata.

    Large numbers are taken in steps, the same for all strata.
    """
    reach = [_reach(one) for one in strata]
    step = max(1, max(reach) // FINEST)
    total, start = np.ones(1), 0.0
    for one, far in zip(strata, reach, strict=True):
        total = np.maximum(signal.convolve(total, _neither(one, far, step, 0.5 / len(strata))), 0.0)
        likely = np.flatnonzero(total > NO_CHANCE * total.max())
        start += one.register + one.listing - one.both + int(likely[0]) * step
        total = total[likely[0] : likely[-1] + 1]
    chances = np.cumsum(total / total.sum())
    low, high = np.searchsorted(chances, [(1 - sure) / 2, (1 + sure) / 2])
    return start + int(low) * step, start + int(high) * step


def _reach(lists: Lists) -> int:
    """A number of people that neither list holds, beyond which there is next to no chance."""
    unseen = (lists.register - lists.both + 1) * (lists.listing - lists.both + 1) / (lists.both + 1)
    return int(6 * unseen + 40 * math.sqrt(max(unseen, 1)) + 60)


def _neither(lists: Lists, far: int, step: int, missed: float) -> Any:
    """The chances that 0, step, 2 step ... people are on neither list, without the endless tails.

    `missed` is the weight of the prior for being missed: a half, shared between strata, so that many small ones
    don't add it up.
    """
    unseen = np.arange(0, far + 1, step)
    n1, n2 = lists.register, lists.listing
    people = n1 + n2 - lists.both + unseen
    likely = special.gammaln(people + 1) - special.gammaln(unseen + 1) - np.log(np.maximum(people, 1))
    likely += special.betaln(n1 + 0.5, people - n1 + missed) + special.betaln(n2 + 0.5, people - n2 + missed)
    chances = np.exp(likely - likely.max())
    return chances[: np.flatnonzero(chances > NO_CHANCE)[-1] + 1] / chances.sum()


def _luck(true: Lists, links: Links) -> float:
    """The variance of the number of true pairs that comes from the luck of linking."""
    missed, false = links.missed.value, links.false.value
    linked = true.both * missed * (1 - missed) + (true.listing - true.both) * false * (1 - false)
    return linked / (1 - missed - false) ** 2


def _shared(strata: Sequence[Lists], links: Links, value: float) -> tuple[float, float]:
    """What not knowing the rates of linking adds to the people: squares of the distance below and above."""

    def moved(missed: float, false: float) -> float:
        other = Links(Share(missed, missed, missed), Share(false, false, false))
        return sum(_chapman(linked_truly(one, other)) for one in strata) - value

    return _ends(links, moved)


def _ends(links: Links, moved: Callable[[float, float], float]) -> tuple[float, float]:
    """By how much an answer moves when each rate of linking goes to its ends: squares of what is below and above."""
    if links == NO_ERRORS:
        return 0.0, 0.0
    missed, false = links.missed, links.false
    ends = [moved(missed.low, false.value), moved(missed.high, false.value)]
    ends += [moved(missed.value, false.low), moved(missed.value, false.high)]
    return sum(min(one, 0.0) ** 2 for one in ends), sum(max(one, 0.0) ** 2 for one in ends)
