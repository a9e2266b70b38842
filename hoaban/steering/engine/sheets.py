"""Tables of figures as files: CSV for machines and old spreadsheets, XLSX for everybody else.

The second row names each column for machines, as HXL does (hxlstandard.org).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from hoaban.base.clock import VIETNAM
from hoaban.base.words import _
from hoaban.steering.rules import INDICATORS, Board, Line, Register

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Sheet:
    """A table: heads, tags, then a row a place, the last of them the sum; counted at that time."""

    title: str
    rows: Sequence[Sequence[object]]
    at: dt.datetime


def of_board(board: Board) -> Sheet:
    """A row a commune and the sum: counts, and beside each what it is a share of."""
    heads: list[object] = [str(_("Code")), str(_("Commune"))]
    tags: list[object] = ["#adm3+code", "#adm3+name"]
    for one in INDICATORS:
        heads += [str(one.label), str(_("%(label)s: out of")) % {"label": one.label}]
        tags += [f"#reached+{one.code}", f"#population+{one.code}"]
    return Sheet(str(_("Board")), [heads, tags, *(_line(line) for line in [*board.lines, board.total])], board.at)


def _line(line: Line) -> list[object]:
    counts: list[object] = []
    for one in INDICATORS:
        counts += [line.counts[one.code].people, line.counts[one.code].of]
    return [line.code, line.name, *counts]


def of_register(register: Register) -> Sheet:
    """A row a district, commune or village and the whole, with what is known of each."""
    measures = register.part.measures
    heads = [str(_("Code")), str(_("Name")), *(str(one.label) for one in measures)]
    tags = ["#loc+code", "#loc+name", *(f"#indicator+{one.code}" for one in measures)]
    lines = [*register.lines, *register.untouched, register.whole]
    rows = [[one.key, one.name, *(one.counts.get(each.code) for each in measures)] for one in lines]
    return Sheet(str(_("Register")), [heads, tags, *rows], register.at)


def as_csv(table: Sheet) -> bytes:
    """UTF-8 with the mark at its head by which spreadsheets know it."""
    out = io.StringIO()
    csv.writer(out).writerows(table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Sheet) -> bytes:
    """One sheet, the head frozen; below the table when it was counted."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    bold, number = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "#,##0"})
    sheet = book.add_worksheet(table.title)
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, len(table.rows[0]) - 1, 14, number)
    sheet.freeze_panes(2, 2)
    for at, row in enumerate(table.rows):
        sheet.write_row(at, 0, row, bold if at in (0, len(table.rows) - 1) else None)
    time = f"{table.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    sheet.write_string(len(table.rows) + 1, 0, str(_("Counted at %(time)s")) % {"time": time})
    book.close()
    return out.getvalue()
