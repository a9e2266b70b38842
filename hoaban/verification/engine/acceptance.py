"""Plans of acceptance: how many forms to look at, how many may be wrong, and what that can prove.

The tables are those of ISO 2859-1 for single sampling (`data/verification/iso2859.json`); plans for two
stated risks are found by search. Chances are hypergeometric: a lot of forms has an end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scipy import stats

from hoaban.verification import rules

TABLES = Path(__file__).parent.parent.parent / "data" / "verification" / "iso2859.json"
CONSUMER_RISK = 0.10  # the usual risk of accepting a bad lot (ISO 2859-1, consumer's risk quality)
PRODUCER_RISK = 0.05  # the usual risk of returning a lot that is just good enough
LARGEST_SAMPLE = 5000


@dataclass(frozen=True)
class Plan:
    """Look at `n` forms and accept with at most `limit` wrong ones."""

    n: int
    limit: int
    letter: str = ""


@dataclass(frozen=True)
class Point:
    """A point of the operating curve: lots with that share of wrong forms are accepted with that chance."""

    rate: float
    chance: float


def iso_plan(lot: int, aql: str, inspection: str = "II", severity: str = "normal") -> Plan:
    """The single sampling plan of ISO 2859-1 for a lot. Raises NoPlan where the tables have none.

    Where the sample would be the whole lot, the whole lot is looked at.
    """
    tables = _tables()
    row = next((one for one in tables["letters"] if one["from"] <= lot <= one["to"]), None)
    letter = row.get(inspection, "") if row else ""
    numbers = tables["plans"].get(letter, {}).get(severity, {}).get(aql)
    if lot == 1:
        return Plan(1, 0)
    if numbers is None:
        raise rules.NoPlan(lot=lot, aql=aql, inspection=inspection)
    return Plan(min(numbers[0], lot), numbers[1], letter)


def plan_of_size(n: int, lot: int, aql: str) -> Plan:
    """A sample of that size, with the smallest limit that seldom returns a lot just at the AQL."""
    n = min(n, lot)
    bad = round(lot * float(aql) / 100)
    return Plan(n, int(stats.hypergeom.ppf(1 - PRODUCER_RISK, lot, bad, n)) if bad else 0)


def smallest_plan(good: float, bad: float, producer_risk: float, consumer_risk: float) -> Plan:
    """The smallest plan that returns lots with `good` wrong at most with the producer's risk and accepts
    lots with `bad` wrong at most with the consumer's (binomial: for large lots). Raises NoPlan.
    """
    limit = 0
    for n in range(1, LARGEST_SAMPLE):
        while stats.binom.cdf(limit, n, good) < 1 - producer_risk:
            limit += 1
        if stats.binom.cdf(limit, n, bad) <= consumer_risk:
            return Plan(n, limit)
    raise rules.NoPlan(lot=LARGEST_SAMPLE, aql=f"{good:.2%}", inspection=f"{bad:.2%}")


def chance(plan: Plan, lot: int, wrong: int) -> float:
    """The chance that a lot with so many wrong forms is accepted."""
    return float(stats.hypergeom.cdf(plan.limit, lot, wrong, min(plan.n, lot)))


def curve(plan: Plan, lot: int, up_to: float = 0.12, steps: int = 24) -> Iterator[Point]:
    """The operating curve, from no wrong form up to a share of them."""
    for step in range(steps + 1):
        wrong = round(lot * up_to * step / steps)
        yield Point(wrong / lot, chance(plan, lot, wrong))


def proves(plan: Plan, lot: int, risk: float = CONSUMER_RISK) -> float:
    """The error rate that an accepted lot is surely below: a worse lot is accepted at most with that risk."""
    low, high = plan.limit, lot
    while low < high:
        middle = (low + high) // 2
        if chance(plan, lot, middle) <= risk:
            high = middle
        else:
            low = middle + 1
    return low / lot


@cache
def _tables() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    return found
