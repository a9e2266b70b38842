"""Text typed in the fonts before Unicode: TCVN3 (.VnTime), told by signs that no Vietnamese name holds."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

_TABLE = Path(__file__).parents[3] / "data" / "intake" / "tcvn3.csv"
with _TABLE.open(encoding="utf-8", newline="") as _lines:
    _ROWS = list(csv.DictReader(_lines))
_FROM, _TO = [row["written"] for row in _ROWS], [row["meant"] for row in _ROWS]
MARKS = "".join(row["written"] for row in _ROWS if row["tells"] == "1")
_SIGNS = f"[{MARKS}]"
_UNICODE = "[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0]"


def is_legacy(column: str) -> pl.Expr:
    """The text holds signs of TCVN3 and none that only Unicode has."""
    return pl.col(column).str.contains(_SIGNS) & ~pl.col(column).str.contains(_UNICODE)


def in_unicode(column: str) -> pl.Expr:
    """The same text in Unicode, in capitals as on the form: a font of capitals hides small letters."""
    return pl.col(column).str.replace_many(_FROM, _TO).str.to_uppercase()
