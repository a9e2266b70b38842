"""A returned workbook that comes back: where the officer accepted what was proposed, it's written in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from hoaban.base import names
from hoaban.intake.rules import ACCEPT, REFERENCE

YES = {"co", "yes", "x", "1", "dong y"}
PROPOSED = {"ref": pl.Int64, "field": pl.String, "value": pl.String, "proposal": pl.String}


def carried_out(table: pl.DataFrame, proposals_for: Callable[[Sequence[int]], pl.DataFrame]) -> pl.DataFrame:
    """The table with accepted proposals in the cells that are still as they were returned.

    `proposals_for` gives what was proposed for returned rows, columns `PROPOSED`, one for each field.
    """
    if ACCEPT not in table.columns:
        return table
    table = table.with_columns(_ref_id=pl.col(REFERENCE).cast(pl.Int64, strict=False))
    accepted = pl.Series([names.fold(text) in YES for text in table[ACCEPT]], dtype=pl.Boolean)
    proposed = proposals_for(table.filter(accepted)["_ref_id"].drop_nulls().to_list())
    for field in proposed["field"].unique():
        of_field = proposed.filter(pl.col("field") == field).select(_ref_id="ref", _was="value", _to="proposal")
        joined = table.join(of_field, on="_ref_id", how="left", maintain_order="left")
        takes = pl.Series("_takes", accepted) & (joined[field] == joined["_was"]).fill_null(value=False)
        table = joined.with_columns(pl.when(takes).then("_to").otherwise(field).alias(field)).drop("_was", "_to")
    return table.drop("_ref_id")
