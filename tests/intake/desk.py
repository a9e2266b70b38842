"""Judging forms without a database: the map has one commune with one village, the register is as told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from hoaban.intake.engine import context, desk, oldmap
from tests.intake.forms import form

VILLAGES = pl.DataFrame(
    [("03174", "nam khan 1", "0317401", None), ("03174", "nam khan cu", "0317401", "Nam Khan 1")],
    schema=context.VILLAGES,
    orient="row",
)
AROUND = context.Surroundings(
    communes=frozenset({"03174"}), covered=frozenset({"03174"}), commune_names={"nam khan": "03174"},
    villages=VILLAGES, synthetic_allowed=True, received="2026-11-25",
    map=oldmap.Map("Tinh Dien Bien", {"nam po": "Huyen Nam Po"}, {"nam khan": frozenset({"nam po"})}),
)  # fmt: skip
TYPES = {"_number_holder": pl.String, "_number_other": pl.String, "_old_number_other": pl.String,
         "_alike_other": pl.String}  # fmt: skip


def read(*forms: Mapping[str, str]) -> pl.DataFrame:
    """These forms as one file, laid out and read."""
    laid_out = context.laid_out(pl.DataFrame([dict(one) for one in forms]), AROUND)
    return pl.concat([context.read(span, AROUND) for span in context.spans(laid_out, 10_000)], how="diagonal")


def judged(*forms: Mapping[str, str], **known: Any) -> pl.DataFrame:
    """Everything found in these forms, where the register (or the map) knows so much of the last one."""
    rows = read(*forms)
    last = rows["line"] == rows["line"].max()
    told: dict[str, Any] = dict(desk.KNOWN) | known
    rows = rows.with_columns(
        pl.when(last).then(pl.lit(value, TYPES.get(name))).otherwise(
            pl.lit(desk.KNOWN[name], TYPES.get(name)) if name in desk.KNOWN else pl.col(name)
        ).alias(name)
        for name, value in told.items()
    )  # fmt: skip
    return pl.concat([desk.found_on_paper(rows), desk.found_in_register(rows)]).sort("line", maintain_order=True)


def judge(*forms: Mapping[str, str], **known: Any) -> list[tuple[int, str, str]]:
    """Findings of these forms as (line, code, field)."""
    return [(line, code, field) for line, code, field in judged(*forms, **known).select("line", "code", "field").rows()]


def judge_example(example: desk.Example) -> list[str]:
    """The codes found on the form of an example."""
    forms = [*(form(**one) for one in example.beside), form(**example.changed)]
    return [code for line, code, _field in judge(*forms, **example.known) if line == len(forms) + 1]
