"""Rules that law may change: ages, time limits, dated and with their basis, in `data/rules.csv`."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RULES_FILE = Path(__file__).parent.parent / "data" / "rules.csv"


@dataclass(frozen=True)
class DatedRule:
    """One value of a rule, the days on which it holds, its basis and how sure we are of it."""

    code: str
    valid_from: dt.date
    valid_to: dt.date | None
    value: str
    basis: str
    certainty: str


@cache
def all_rules() -> tuple[DatedRule, ...]:
    """Every rule in the file, as written there."""
    with RULES_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            DatedRule(
                row["code"],
                dt.date.fromisoformat(row["valid_from"]),
                dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                row["value"],
                row["basis"],
                row["certainty"],
            )
            for row in csv.DictReader(lines)
        )


def rule(code: str, on: dt.date) -> DatedRule:
    """The rule as it stood on that day; LookupError where none stood."""
    for one in all_rules():
        if one.code == code and one.valid_from <= on and (one.valid_to is None or on <= one.valid_to):
            return one
    raise LookupError(f"no rule {code} on {on}")


def number(code: str, on: dt.date) -> int:
    """The value of a rule that is a whole number (an age, days, hours)."""
    return int(rule(code, on).value)


def text(code: str, on: dt.date) -> str:
    """The value of a rule as it is written."""
    return rule(code, on).value
