"""The board's table as a file: CSV for machines and old spreadsheets, XLSX for everybody else.

The second row names each column for machines, as HXL does (hxlstandard.org).
"""

from __future__ import annotations

import csv
import io

import xlsxwriter

from hoaban.base.clock import VIETNAM
from hoaban.base.words import _
from hoaban.steering.rules import INDICATORS, Board, Line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(board: Board) -> list[list[object]]:
    """Heads, tags, a row a commune and the sum: counts, and beside each what it is a share of."""
    heads: list[object] = [str(_("Code")), str(_("Commune"))]
    tags: list[object] = ["#adm3+code", "#adm3+name"]
    for one in INDICATORS:
        heads += [str(one.label), str(_("%(label)s: out of")) % {"label": one.label}]
        tags += [f"#reached+{one.code}", f"#population+{one.code}"]
    return [heads, tags, *(_row(line) for line in [*board.lines, board.total])]


def _row(line: Line) -> list[object]:
    counts: list[object] = []
    for one in INDICATORS:
        counts += [line.counts[one.code].people, line.counts[one.code].of]
    return [line.code, line.name, *counts]


def as_csv(board: Board) -> bytes:
    """UTF-8 with the mark at its head by which spreadsheets know it."""
    out = io.StringIO()
    csv.writer(out).writerows(rows(board))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(board: Board) -> bytes:
    """One sheet, the head frozen; below the table when it was counted."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    bold, number = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "#,##0"})
    sheet = book.add_worksheet(str(_("Board")))
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 1 + 2 * len(INDICATORS), 14, number)
    sheet.freeze_panes(2, 2)
    table = rows(board)
    for at, row in enumerate(table):
        sheet.write_row(at, 0, row, bold if at == 0 or at == len(table) - 1 else None)
    time = f"{board.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    sheet.write_string(len(table) + 1, 0, str(_("Counted at %(time)s")) % {"time": time})
    book.close()
    return out.getvalue()
