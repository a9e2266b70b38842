"""Which column of a file is which field of the form: by our names, by Vietnamese ones, in any order."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from hoaban.base import dc01, names
from hoaban.intake import rules

_HEADERS = Path(__file__).parents[2] / "data" / "intake" / "headers.csv"


@cache
def headers_seen() -> dict[str, str]:
    """Our column under each header seen on files, folded."""
    with _HEADERS.open(encoding="utf-8", newline="") as lines:
        return {key(row["written"]): row["column"] for row in csv.DictReader(lines)}


def key(header: str) -> str:
    """A header for comparing: without tone marks, signs and what stands in brackets."""
    return " ".join(names.tokens(header.split("(")[0]))


def recognised(table: pl.DataFrame, file: str, labels: Mapping[str, str]) -> pl.DataFrame:
    """The table under our names for columns; columns of the form that it may lack are added empty.

    `labels` are our columns under their labels, folded. Others keep their names. Raises ColumnTwice.
    """
    known = {key(name): name for name in dc01.COLUMNS} | dict(labels) | headers_seen()
    ours = {name: known[key(name)] for name in table.columns if key(name) in known}
    ours |= {name: name for name in table.columns if name in dc01.COLUMNS}
    twice = [name for name, column in ours.items() if list(ours.values()).count(column) > 1]
    if twice:
        raise rules.ColumnTwice(file=file, columns=", ".join(twice))
    others = {name: f"{name.lstrip('_') or 'x'}" for name in table.columns if name not in ours and name[:1] == "_"}
    renamed = table.rename(ours | {name: to for name, to in others.items() if to not in table.columns})
    return renamed.with_columns(pl.lit("").alias(name) for name in rules.MAY_LACK if name not in renamed.columns)


def known(cells: Sequence[str], labels: Mapping[str, str]) -> int:
    """How many of these cells are headers that we know."""
    ours = {key(name) for name in dc01.COLUMNS} | set(labels) | set(headers_seen())
    return sum(1 for cell in cells if cell in dc01.COLUMNS or key(cell) in ours)
