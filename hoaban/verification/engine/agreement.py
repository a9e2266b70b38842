"""Do the levels agree, how much did each find, and who found what.

Two blind readings of the same forms are compared as in the content error of a census (UN regional workshop
on census evaluation, Addis Ababa 2009, presentation 10; Hansen, Hurwitz and Pritzker 1964): the gross difference rate
(how often they differ), the net difference rate (whether the differences go one way: bias) and the index of
inconsistency (how much of what is seen is response noise). Rates are fractions; the index is in per cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from hoaban.verification.engine import care, estimate
from hoaban.verification.engine.care import Share
from hoaban.verification.engine.estimate import SURE


class Band(StrEnum):
    """How much a figure of disagreement is, by the workshop's limits."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


NET_LIMITS = (0.01, 0.05)  # |NDR|: below low, up to moderate, above high
INDEX_LIMITS = (20.0, 50.0)  # index of inconsistency, in per cent


@dataclass(frozen=True)
class CategoryAgreement:
    """How two readings agree on one value of a field; `index` is None where nobody has it, or all have."""

    net: float
    net_band: Band
    index: float | None
    index_band: Band | None


@dataclass(frozen=True)
class Agreement:
    """How two readings of the same forms agree; `categories` is in the order of the table.

    `gross` is the share of forms on which they differ, with Wilson's bounds; `index` the aggregated index of
    inconsistency, None where there is only one value.
    """

    forms: int
    gross: Share
    index: float | None
    index_band: Band | None
    categories: tuple[CategoryAgreement, ...]

    @property
    def rate(self) -> float:
        """The share of forms on which the readings agree."""
        return 1 - self.gross.value


def agreement(table: Sequence[Sequence[int]], sure: float = SURE) -> Agreement:
    """How two readings agree, from their square table: counts[i][j] forms read i first and j again."""
    counts = np.asarray(table, dtype=float)
    forms = counts.sum()
    first, again, same = counts.sum(axis=1), counts.sum(axis=0), np.diag(counts)
    noise = (first * (forms - again) + again * (forms - first)) / forms
    categories = []
    for place in range(len(counts)):
        net = float((first[place] - again[place]) / forms)
        differ = first[place] + again[place] - 2 * same[place]
        index = float(100 * differ / noise[place]) if noise[place] else None
        categories.append(CategoryAgreement(net, band(abs(net), NET_LIMITS), index, _index_band(index)))
    differing = forms - same.sum()
    by_chance = forms - float(first @ again) / forms
    whole = float(100 * differing / by_chance) if by_chance else None
    gross = care.share(int(differing), int(forms), sure)
    return Agreement(int(forms), gross, whole, _index_band(whole), tuple(categories))


def readings(first: pl.Series, again: pl.Series) -> tuple[list[str], list[list[int]]]:
    """The square table of two readings of the same forms, in the same order, with the values it is in."""
    pairs = pl.DataFrame({"first": first.cast(pl.String).fill_null(""), "again": again.cast(pl.String).fill_null("")})
    values = sorted(set(pairs["first"]) | set(pairs["again"]))
    counts = {(one, two): count for one, two, count in pairs.group_by("first", "again").len().iter_rows()}
    return values, [[counts.get((one, two), 0) for two in values] for one in values]


def band(value: float, limits: tuple[float, float]) -> Band:
    """Whether a figure is low, moderate or high."""
    if value < limits[0]:
        return Band.LOW
    return Band.MODERATE if value <= limits[1] else Band.HIGH


def _index_band(index: float | None) -> Band | None:
    return None if index is None else band(index, INDEX_LIMITS)


# --- how much each level found --------------------------------------------------------------------------


@dataclass(frozen=True)
class Caught:
    """Two blind checks of the same forms: wrong ones found by both, by one alone, and by none (estimated).

    `first` and `second` are the shares of the wrong forms that each found, from those of the other. `missed`
    is how many both missed if they miss independently; hard errors make it more, so that it is a least.
    """

    both: int
    first_only: int
    second_only: int
    first: Share | None
    second: Share | None
    missed: float


def caught(*, both: int, first_only: int, second_only: int, sure: float = SURE) -> Caught:
    """How much two blind checks of the same forms found (Chapman 1951, of errors instead of fish)."""
    of_second, of_first = both + second_only, both + first_only
    all_wrong = (of_first + 1) * (of_second + 1) / (both + 1) - 1
    return Caught(
        both, first_only, second_only,
        care.share(both, of_second, sure) if of_second else None,
        care.share(both, of_first, sure) if of_first else None,
        max(all_wrong - (both + first_only + second_only), 0.0),
    )  # fmt: skip


def found_by_level(checks: pl.DataFrame) -> pl.DataFrame:
    """How much each level found. `checks` has a row a form and level: `level`, `wrong` (bool).

    The answer has a row a level, lowest first: `level`, `checked`, `wrong`, `rate` with `low` and `high`
    (Wilson), and `share`, its part of all that was found.
    """
    counted = checks.group_by("level").agg(checked=pl.len(), wrong=pl.col("wrong").sum()).sort("level")
    bounds = [estimate.wilson(row["wrong"], row["checked"]) for row in counted.iter_rows(named=True)]
    return counted.with_columns(
        rate=pl.col("wrong") / pl.col("checked"),
        low=pl.Series([low for low, _ in bounds], dtype=pl.Float64),
        high=pl.Series([high for _, high in bounds], dtype=pl.Float64),
        share=pl.col("wrong") / pl.max_horizontal(pl.col("wrong").sum(), 1),
    )


def flow(findings: pl.DataFrame, left: float = 0.0) -> pl.DataFrame:
    """Who found what, as the edges of a drawing or the rows of a table: `source`, `target`, `count`.

    `findings` has a row an error found: `origin` (the kind of error or where it arose), `level` (who found
    it) and `ending` (corrected, declined, waiting). Errors flow from origin to level and on to their ending;
    `left` is the estimated number that no level found, an edge of its own from "errors" to "left".
    """
    text = findings.with_columns(pl.col("origin", "level", "ending").cast(pl.String))
    steps = [("origin", "level"), ("level", "ending")]
    edges = [
        text.group_by(source=pl.col(start), target=pl.col(end))
        .agg(count=pl.len().cast(pl.Float64))
        .sort("source", "target")
        for start, end in steps
    ]
    if left > 0:
        edges.append(pl.DataFrame({"source": ["errors"], "target": ["left"], "count": [float(left)]}))
    return pl.concat(edges)
