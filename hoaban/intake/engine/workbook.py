"""Workbooks of forms: the empty one that a commune fills in, and the one that goes back with its faults.

Both have one sheet of forms in the order of DC01 under the same headers, with drop-downs from the code
lists and checks while typing. Every cell is text: one that begins with "=" stays what was typed and is
never run. All words come in from outside (`SheetWords`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from hoaban.intake.rules import ACCEPT, COLUMNS, FAULTS, PROPOSALS, REFERENCE

SHEET = "DC01"
LISTS = "lists"
ROWS_READY = 5_000  # rows of an empty workbook that have drop-downs and checks
OWN = (FAULTS, PROPOSALS, ACCEPT, REFERENCE)
_WIDE = {"full_name", "perm_address", "cur_address", "birth_reg_place", "origin_place", "father_name", "mother_name",
         "spouse_name", "rep_name", "head_name"}  # fmt: skip
_OWN_WIDTHS = {FAULTS: 60, PROPOSALS: 36, ACCEPT: 12, REFERENCE: 10}
_REQUIRED = {"commune_code", "full_name", "dob", "gender", "form_serial"}
_RED, _GREEN, _HEAD = "#F8D7DA", "#DDEEDD", "#E4E8F4"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class SheetWords:
    """The words of a workbook: headers, help for a column, drop-downs, what is said of a wrong entry."""

    headers: Mapping[str, str]
    helps: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    yes: str
    no: str
    wrong_title: str
    wrong: Mapping[str, str]
    instructions_title: str = ""
    instructions: Sequence[str] = ()
    examples_title: str = ""
    examples: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Fault:
    """One fault of a row: the column, its label, the reason, what is proposed instead."""

    column: str
    label: str
    words: str
    proposal: str = ""


@dataclass(frozen=True)
class ReturnedRow:
    """A returned row: its reference, its cells as they were written, and its faults."""

    reference: int
    written: Mapping[str, str]
    faults: Sequence[Fault]


def template(words: SheetWords) -> bytes:
    """An empty workbook to fill in, with instructions and examples on sheets of their own."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = _forms_sheet(book, words, COLUMNS, last_row=ROWS_READY)
    text = book.add_format({"num_format": "@"})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, _width(column), text)
    _instructions_sheet(book, words)
    _examples_sheet(book, words)
    _lists_sheet(book, words)
    sheet.activate()
    book.close()
    return out.getvalue()


def returned(rows: Iterable[ReturnedRow], words: SheetWords) -> bytes:
    """An XLSX of these rows: reasons, proposals and whether to take them first; bad cells red, with a note."""
    rows = list(rows)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = _forms_sheet(book, words, (*OWN, *COLUMNS), last_row=len(rows))
    red = book.add_format({"bg_color": _RED, "font_color": "#7A0019", "text_wrap": True, "valign": "top"})
    green = book.add_format({"bg_color": _GREEN, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"num_format": "@", "valign": "top"})
    if rows:
        take = {"validate": "list", "source": [words.yes, words.no]}
        sheet.data_validation(1, OWN.index(ACCEPT), len(rows), OWN.index(ACCEPT), take)
    for line, row in enumerate(rows, start=1):
        proposals = [f"{one.label}: {one.proposal}" for one in row.faults if one.proposal]
        sheet.write_string(line, 0, "\n".join(f"{one.label}: {one.words}" for one in row.faults), red)
        sheet.write_string(line, 1, "\n".join(proposals), green)
        sheet.write_string(line, 2, "", plain)
        sheet.write_string(line, 3, str(row.reference), plain)
        reasons = {one.column: [fault.words for fault in row.faults if fault.column == one.column]
                   for one in row.faults}  # fmt: skip
        for at, column in enumerate(COLUMNS, start=len(OWN)):
            sheet.write_string(line, at, row.written.get(column, ""), red if column in reasons else plain)
            if column in reasons:
                sheet.write_comment(line, at, "\n".join(reasons[column]), {"x_scale": 2})
    _lists_sheet(book, words)
    book.close()
    return out.getvalue()


def _forms_sheet(book: Any, words: SheetWords, columns: Sequence[str], *, last_row: int) -> Any:
    """The sheet of forms with its header, help, drop-downs and checks, no row filled in."""
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": _HEAD, "text_wrap": True, "valign": "top"})
    needed = book.add_format(
        {"bold": True, "bottom": 1, "bg_color": _HEAD, "text_wrap": True, "valign": "top", "font_color": "#7A0019"}
    )
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 45)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _width(column))
        sheet.write_string(0, at, words.headers[column], needed if column in _REQUIRED else head)
        if column in words.helps:
            sheet.write_comment(0, at, words.helps[column], {"x_scale": 2})
        check = _check(column, at, words) if last_row else None
        if check:
            sheet.data_validation(1, at, last_row, at, check)
    return sheet


def _width(column: str) -> int:
    return _OWN_WIDTHS.get(column, 30 if column in _WIDE else 14)


def _check(column: str, at: int, words: SheetWords) -> dict[str, Any] | None:
    """The check while typing: a list, or a formula over the cell; a wrong entry is warned of, not forbidden."""
    cell = f"{xl_col_to_name(at)}2"
    told = {
        "error_type": "warning", "error_title": words.wrong_title[:32],
        "error_message": words.wrong.get(column, "")[:255],
        "ignore_blank": True,
    }  # fmt: skip
    if column in words.lists:
        name = xl_col_to_name(list(words.lists).index(column))
        return told | {"validate": "list", "source": f"={LISTS}!${name}$1:${name}${len(words.lists[column])}"}
    formula = _FORMULAS.get(column)
    whole = f"{xl_col_to_name(at, col_abs=True)}$2:{xl_col_to_name(at, col_abs=True)}${ROWS_READY + 1}"
    return told | {"validate": "custom", "value": formula.format(c=cell, all=whole)} if formula else None


_DIGITS = 'AND(OR(LEN(SUBSTITUTE({{c}}," ",""))={n},{or_}),ISNUMBER(VALUE(SUBSTITUTE({{c}}," ",""))))'
_TWELVE = "=" + _DIGITS.format(n=12, or_="FALSE")
_NINE = "=" + _DIGITS.format(n=9, or_="FALSE")
_EITHER = "=" + _DIGITS.format(n=12, or_='LEN(SUBSTITUTE({c}," ",""))=9')
_DAY = '=OR(AND(LEN({c})=10,MID({c},3,1)="/",MID({c},6,1)="/"),AND(LEN({c})=7,MID({c},3,1)="/"),LEN({c})=4)'
_FORMULAS = {
    "dob": _DAY, "filled_on": '=AND(LEN({c})=10,MID({c},3,1)="/",MID({c},6,1)="/")', "id12": _TWELVE, "id9": _NINE,
    "form_serial": "=COUNTIF({all},{c})=1", "commune_code": '=LEN({c})=5', "full_name": '=ISNUMBER(FIND(" ",{c}))',
} | {f"{who}_id": _EITHER for who in ("father", "mother", "spouse", "rep", "head")}  # fmt: skip


def _instructions_sheet(book: Any, words: SheetWords) -> None:
    sheet = book.add_worksheet(words.instructions_title[:31])
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.hide_gridlines(2)
    bold = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, words.instructions_title, bold)
    for line, text in enumerate(words.instructions, start=2):
        sheet.write_string(line, 0, text)
    for line, column in enumerate(COLUMNS, start=len(words.instructions) + 3):
        sheet.write_string(line, 0, f"{words.headers[column]}: {words.helps.get(column, '')}".rstrip(": "))


def _examples_sheet(book: Any, words: SheetWords) -> None:
    sheet = book.add_worksheet(words.examples_title[:31])
    bold = book.add_format({"bold": True})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, _width(column))
        sheet.write_string(0, at, words.headers[column], bold)
        for line, example in enumerate(words.examples, start=1):
            sheet.write_string(line, at, example.get(column, ""))


def _lists_sheet(book: Any, words: SheetWords) -> None:
    sheet = book.add_worksheet(LISTS)
    for at, texts in enumerate(words.lists.values()):
        sheet.write_column(0, at, texts)
    sheet.hide()
