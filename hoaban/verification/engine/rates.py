"""Error rates of many places at once: a row of counts for each stratum in, a row with bounds for each place out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import polars as pl

from hoaban.verification.engine import care, estimate
from hoaban.verification.engine.care import PERFECT, Care
from hoaban.verification.engine.estimate import SURE, Stratum

COUNTS = ("population", "n", "wrong", "corrected", "spoilt")
FIGURES = {"rate": pl.Float64, "low": pl.Float64, "high": pl.Float64}


def rates(counts: pl.DataFrame, by: Sequence[str], seen: Care = PERFECT, sure: float = SURE) -> pl.DataFrame:
    """What is left wrong in every place: for a field, a village, a commune, or the province with `by` empty.

    `counts` has a row for each stratum of each place: the columns `by` names, and `population` (forms), `n`
    (checked), `wrong` (found wrong), and if there are any `corrected` and `spoilt` of those checked. The answer has a
    row for each place, sorted: `by`, the sums of the counts, and `rate`, `low` and `high` of what is left.

    Strata without a checked form are joined to others of the same `stratum`, if there is such a column, and then
    to the largest of the place; a place without any checked form has no rate.
    """
    given = counts.with_columns(pl.lit(0).alias(name) for name in COUNTS if name not in counts.columns)
    if "stratum" not in given.columns:
        given = given.with_columns(stratum=pl.lit(""))
    rows = given.select(*by, "stratum", *COUNTS).sort(*by, "stratum", "population")
    places = [
        _place(key, [row[len(by) :] for row in strata], seen, sure)
        for key, strata in groupby(rows.iter_rows(), key=lambda row: row[: len(by)])
    ]
    schema = {name: counts.schema[name] for name in by} | dict.fromkeys(COUNTS, pl.Int64) | FIGURES
    return pl.DataFrame(places, schema=schema, orient="row")


def _place(key: tuple[Any, ...], rows: list[tuple[Any, ...]], seen: Care, sure: float) -> tuple[Any, ...]:
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    if not sums[1]:
        return (*key, *sums, None, None, None)
    alike = [
        one
        for _name, same in groupby(rows, key=lambda row: row[0])
        for one in estimate.collapsed([Stratum(*row[1:4]) for row in same])
    ]
    left = care.left(estimate.collapsed(alike), seen, sure, corrected=sums[3], spoilt=sums[4])
    return (*key, *sums, left.rate, left.low, left.high)
