"""Tables as workbooks: every cell text, the header kept in sight, the same bytes each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import xlsxwriter

_MADE = dt.datetime(2022, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # a fixed stamp inside the file


def write_sheets(sheets: Mapping[str, pl.DataFrame], path: Path) -> None:
    """A sheet for each table, the rows under their column names. Empty cells stay empty, numbers stay text."""
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _MADE, "title": next(iter(sheets))})
        bold = book.add_format({"bold": True})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for place, name in enumerate(rows.columns):
                sheet.write_string(0, place, name, bold)
            for line, row in enumerate(rows.iter_rows(), start=1):
                for place, text in enumerate(row):
                    if text:
                        sheet.write_string(line, place, text)
