"""Plans of acceptance: how many forms to look at, how many may be wrong, and what that can prove.

A plan is two numbers, however it was found: look at `n` forms of a lot and accept it if at most `limit` of
them are wrong. It can be every form, a row of the tables of ISO 2859-1 (`data/verification/iso2859.json`),
a quick plan of a health campaign (LQAS) or the smallest plan for two stated risks. What a plan can prove
is read off its operating curve. A lot of forms has an end, so that chances are hypergeometric; where the
lot is None it has none, and they are binomial.

Shares of wrong forms are fractions (0.01 is one per cent); an AQL is written as the tables write it, in per cent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from hoaban.verification import rules

TABLES = Path(__file__).parent.parent.parent / "data" / "verification" / "iso2859.json"
CONSUMER_RISK = 0.10  # the usual risk of accepting a bad lot (ISO 2859-1, consumer's risk quality)
PRODUCER_RISK = 0.05  # the usual risk of returning a lot that is just good enough
LARGEST_SAMPLE = 5000


class Kind(StrEnum):
    """How a plan was found."""

    FULL = "full"
    ISO = "iso2859"
    LQAS = "lqas"
    TWO_RISKS = "two_risks"
    GIVEN = "given"


@dataclass(frozen=True)
class Plan:
    """Look at `n` forms and accept with at most `limit` wrong ones (the acceptance number c).

    `terms` is what the plan was found from, as it is printed and kept beside the round: the AQL, level and
    severity of an ISO plan, the two shares and risks of another.
    """

    n: int
    limit: int
    letter: str = ""
    kind: Kind = Kind.GIVEN
    terms: Mapping[str, str | int | float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Point:
    """A point of the operating curve: lots with that share of wrong forms are accepted with that chance."""

    rate: float
    chance: float


# --- finding a plan -------------------------------------------------------------------------------------


def full_check(lot: int, limit: int = 0) -> Plan:
    """Every form is looked at."""
    return Plan(lot, limit, kind=Kind.FULL)


def iso_plan(lot: int, aql: str, inspection: str = "II", severity: str = "normal") -> Plan:
    """The single sampling plan of ISO 2859-1 for a lot. Raises NoPlan where the tables have none.

    `inspection` is a general level (I, II, III), `severity` normal, tightened or reduced. The arrows of the
    tables are followed. Where the sample would be the whole lot, the whole lot is looked at.
    """
    tables = _tables()
    terms = {"aql": aql, "inspection": inspection, "severity": severity}
    row = next((one for one in tables["letters"] if one["from"] <= lot <= one["to"]), None)
    letter = row.get(inspection, "") if row else ""
    numbers = tables["plans"].get(letter, {}).get(severity, {}).get(aql)
    if lot == 1:
        return Plan(1, 0, kind=Kind.ISO, terms=terms)
    if numbers is None:
        raise rules.NoPlan(lot=lot, aql=aql, inspection=inspection)
    return Plan(min(numbers[0], lot), numbers[1], letter, Kind.ISO, terms)


def aqls() -> tuple[str, ...]:
    """The limits of quality that the tables know, strictest first, in per cent."""
    return tuple(_tables()["aql"])


def one_step_tighter(aql: str) -> str | None:
    """The next stricter AQL of the tables; None where there is none."""
    place = aqls().index(aql)
    return aqls()[place - 1] if place else None


def plan_of_size(n: int, lot: int, aql: str) -> Plan:
    """A sample of that size, with the smallest limit that seldom returns a lot just at the AQL."""
    n = min(n, lot)
    bad = round(lot * float(aql) / 100)
    return Plan(n, int(stats.hypergeom.ppf(1 - PRODUCER_RISK, lot, bad, n)) if bad else 0, terms={"aql": aql})


def smallest_plan(good: float, bad: float, producer_risk: float, consumer_risk: float, lot: int | None = None) -> Plan:
    """The smallest plan that returns lots with `good` wrong at most with the producer's risk and accepts
    lots with `bad` wrong at most with the consumer's. Raises NoPlan.

    For each limit, the sample must be large enough for the consumer and small enough for the producer; the
    first limit for which both hold needs the fewest forms.
    """
    terms = {"good": good, "bad": bad, "producer_risk": producer_risk, "consumer_risk": consumer_risk}
    most = LARGEST_SAMPLE if lot is None else lot
    best, worst = (good, bad) if lot is None else (math.floor(good * lot), math.ceil(bad * lot))
    sizes = np.arange(1, most + 1)
    for limit in range(most):
        enough = int(np.searchsorted(-_accepting(limit, sizes, worst, lot), -consumer_risk))
        if enough == most:
            break  # no sample is large enough with that limit, nor with a larger one
        if _accepting(limit, sizes[enough : enough + 1], best, lot)[0] >= 1 - producer_risk:
            return Plan(int(sizes[enough]), limit, kind=Kind.TWO_RISKS, terms=terms)
    raise rules.NoPlan(lot=most, aql=f"{good:.2%}", inspection=f"{bad:.2%}")


def lqas_plan(upper: float, lower: float, alpha: float = 0.05, beta: float = 0.20, n: int | None = None) -> Plan:
    """A plan of lot quality assurance sampling: is a place above the `upper` or below the `lower` share right?

    A place with `upper` right fails at most with chance `alpha`, one with `lower` right passes at most with
    `beta` (Pezzoli et al. 2010, TMIH 15:5). With a given `n` the decision number that best keeps both is
    taken; otherwise the smallest sample that keeps both. Raises NoPlan.
    """
    terms = {"upper": upper, "lower": lower, "alpha": alpha, "beta": beta}
    if n is None:
        found = smallest_plan(1 - upper, 1 - lower, alpha, beta)
        return Plan(found.n, found.limit, kind=Kind.LQAS, terms=terms)
    limits = np.arange(n)
    fails = stats.binom.sf(limits, n, 1 - upper) / alpha
    passes = stats.binom.cdf(limits, n, 1 - lower) / beta
    return Plan(n, int(np.argmin(np.maximum(fails, passes))), kind=Kind.LQAS, terms=terms)


# --- the operating curve --------------------------------------------------------------------------------


def chance(plan: Plan, lot: int, wrong: int) -> float:
    """The chance that a lot with so many wrong forms is accepted."""
    return float(stats.hypergeom.cdf(plan.limit, lot, wrong, min(plan.n, lot)))


def chance_at(plan: Plan, share: float, lot: int | None = None) -> float:
    """The chance that a lot with that share of wrong forms is accepted; a share is rounded to whole forms."""
    if lot is None:
        return float(stats.binom.cdf(plan.limit, plan.n, share))
    return chance(plan, lot, round(lot * share))


def chance_clustered(plan: Plan, share: float, clusters: int, spread: float) -> float:
    """The same where the sample is taken as so many equal groups whose shares of wrong differ.

    `spread` is the standard deviation of a group's share; each group's share follows a beta law, so that
    its count is beta-binomial and the sum is their convolution (the way in which Pezzoli et al. 2010
    treat clusters in LQAS). Without spread it is the binomial chance.
    """
    if spread == 0 or share in (0, 1):
        return chance_at(plan, share)
    size = plan.n // clusters
    strength = share * (1 - share) / spread**2 - 1
    one = stats.betabinom.pmf(np.arange(size + 1), size, share * strength, (1 - share) * strength)
    total = np.ones(1)
    for _ in range(clusters):
        total = np.convolve(total, one)
    return float(total[: plan.limit + 1].sum())


def curve(plan: Plan, lot: int, up_to: float = 0.12, steps: int = 24) -> Iterator[Point]:
    """The operating curve, from no wrong form up to a share of them."""
    for step in range(steps + 1):
        wrong = round(lot * up_to * step / steps)
        yield Point(wrong / lot, chance(plan, lot, wrong))


def share_accepted(plan: Plan, probability: float, lot: int | None = None) -> float:
    """The share of wrong forms at which a lot is accepted with that probability: p95 with 0.95, p10 with 0.10.

    For a lot it is the largest share that is still accepted so often.
    """
    if lot is None:
        return float(stats.beta.ppf(1 - probability, plan.limit + 1, plan.n - plan.limit))
    chances = stats.hypergeom.cdf(plan.limit, lot, np.arange(lot + 1), min(plan.n, lot))
    return (int(np.searchsorted(-chances, -probability, side="right")) - 1) / lot


def proves(plan: Plan, lot: int, risk: float = CONSUMER_RISK) -> float:
    """The error rate that an accepted lot is surely below: a worse lot is accepted at most with that risk."""
    chances = stats.hypergeom.cdf(plan.limit, lot, np.arange(lot + 1), min(plan.n, lot))
    return min(int(np.searchsorted(-chances, -risk)), lot) / lot


@dataclass(frozen=True)
class Power:
    """What a plan can and can't prove about a lot, ready to be said in words. Shares are fractions.

    `p95` and `p10` are the shares of wrong forms at which 95 % and 10 % of lots are accepted; `proved_5` and
    `proved_10` the smallest shares that acceptance rules out, at a risk of 5 % and 10 %. `proves_aim` says
    whether that is no more than the aim. `chance_at_aim` is how often a lot just at the aim is accepted, and
    `needed` how many forms of the lot would have to be looked at, none of them wrong, to prove the aim;
    None where even all would not (the aim is less than one form).
    """

    lot: int
    p95: float
    p10: float
    proved_5: float
    proved_10: float
    aim: float
    chance_at_aim: float
    needed: int | None

    @property
    def proves_aim(self) -> bool:
        """Whether an accepted lot is surely within the aim."""
        return self.proved_10 <= self.aim + (1 + 1e-9) / self.lot  # the first count that is over the aim is ruled out

    @property
    def screens_only(self) -> bool:
        """Whether acceptance only shows that the lot isn't very bad."""
        return not self.proves_aim


def power(plan: Plan, lot: int, aim: float) -> Power:
    """What the plan can prove of a lot of that size, and whether it can prove that share of wrong forms."""
    over = math.floor(aim * lot + 1e-9) + 1  # the fewest wrong forms that are over the aim
    return Power(
        lot, share_accepted(plan, 0.95, lot), share_accepted(plan, 0.10, lot), proves(plan, lot, 0.05),
        proves(plan, lot), aim, chance_at(plan, aim, lot), _without_a_wrong_one(lot, over),
    )  # fmt: skip


def _without_a_wrong_one(lot: int, over: int) -> int | None:
    """The fewest forms that, all right, rule out `over` wrong ones in the lot."""
    if over > lot:
        return None
    sizes = np.arange(1, lot + 1)
    return int(sizes[np.searchsorted(-stats.hypergeom.cdf(0, lot, over, sizes), -CONSUMER_RISK)])


def _accepting(limit: int, sizes: Any, wrong: float, lot: int | None) -> Any:
    """The chances of acceptance for samples of several sizes; falling."""
    if lot is None:
        return stats.binom.cdf(limit, sizes, wrong)
    return stats.hypergeom.cdf(limit, lot, int(wrong), sizes)


@cache
def _tables() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    return found
