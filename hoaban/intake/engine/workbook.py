"""The workbook that goes back: returned rows as they were written, bad cells red, each with its reason.

It has the columns of the form, so that the mended workbook can be loaded as it is. Everything is
written as text: a cell that begins with "=" stays what was typed and is never run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from hoaban.intake.rules import COLUMNS

FAULTS_COLUMN = "faults"  # beside the form's own columns; a reader of forms passes over it
_WIDE = {"full_name", "perm_address", "cur_address", "birth_reg_place", "origin_place"}


@dataclass(frozen=True)
class ReturnedRow:
    """A row as it was written, and its faults as (column, words)."""

    written: dict[str, str]
    faults: Sequence[tuple[str, str]]


def returned(rows: Iterable[ReturnedRow]) -> bytes:
    """An XLSX of these rows, the red column of faults first."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    red = book.add_format({"bg_color": "#F8D7DA", "font_color": "#7A0019", "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("DC01")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 60)
    for at, column in enumerate(COLUMNS, start=1):
        sheet.set_column(at, at, 30 if column in _WIDE else 14)
    for at, column in enumerate((FAULTS_COLUMN, *COLUMNS)):
        sheet.write_string(0, at, column, head)
    for line, row in enumerate(rows, start=1):
        sheet.write_string(line, 0, "\n".join(words for _column, words in row.faults), red)
        reasons = {column: [words for one, words in row.faults if one == column] for column, _words in row.faults}
        for at, column in enumerate(COLUMNS, start=1):
            sheet.write_string(line, at, row.written.get(column, ""), red if column in reasons else None)
            if column in reasons:
                sheet.write_comment(line, at, "\n".join(reasons[column]))
    book.close()
    return out.getvalue()
