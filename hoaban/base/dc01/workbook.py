"""The workbook of forms DC01: one sheet of forms in the order of the paper, with drop-downs and checks while typing.

Every cell is text: one that begins with "=" stays what was typed and is never run. All words come in from
outside (`SheetWords`). The same forms give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from hoaban.base.dc01 import COLUMNS, REQUIRED

SHEET = "DC01"
LISTS_SHEET = "lists"
ROWS_READY = 5_000  # rows that have drop-downs and checks, filled in or not
_MADE = dt.datetime(2022, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # a fixed stamp inside the file
_NAMES_AND_PLACES = frozenset({
    "full_name", "perm_address", "cur_address", "birth_reg_place", "origin_place", "father_name", "mother_name",
    "spouse_name", "rep_name", "head_name",
})  # fmt: skip
_WIDE, _NARROW = 30, 14
_HEAD = {"bold": True, "bottom": 1, "bg_color": "#E4E8F4", "text_wrap": True, "valign": "top"}
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class SheetWords:
    """The words of a workbook: headers, help for a column, drop-downs, what is said of a wrong entry."""

    headers: Mapping[str, str]
    helps: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    wrong_title: str
    wrong: Mapping[str, str]
    instructions_title: str
    instructions: Sequence[str]
    examples_title: str
    examples: Sequence[Mapping[str, str]]


def write(out: IO[bytes] | str, words: SheetWords, rows: Iterable[Sequence[str]] = ()) -> None:
    """The workbook that a commune fills in, with these rows in the order of `COLUMNS` already there.

    Instructions and examples stand on sheets of their own. Rows are written as they come, none is kept.
    """
    with opened(out, {"constant_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        sheet = forms_sheet(book, words, words.headers, last_row=ROWS_READY, cells=text)
        for line, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if cell:
                    sheet.write_string(line, at, cell, text)
        _instructions_sheet(book, words)
        _examples_sheet(book, words)
        lists_sheet(book, words)
        sheet.activate()


def opened(out: IO[bytes] | str, options: Mapping[str, Any] | None = None) -> xlsxwriter.Workbook:
    """A new workbook that understands nothing of what is written into it; closed, it is there."""
    book = xlsxwriter.Workbook(out, {**_OPTIONS, **(options or {})})
    book.set_properties({"created": _MADE, "title": SHEET})
    return book


def forms_sheet(
    book: Any, words: SheetWords, headers: Mapping[str, str], *, last_row: int, cells: Any = None,
    widths: Mapping[str, int] | None = None,
) -> Any:  # fmt: skip
    """The sheet of forms with its header (by column), help, drop-downs and checks, no row filled in."""
    sheet = book.add_worksheet(SHEET)
    head, needed = book.add_format(_HEAD), book.add_format({**_HEAD, "font_color": "#7A0019"})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 45)
    for at, (column, header) in enumerate(headers.items()):
        sheet.set_column(at, at, (widths or {}).get(column) or _width(column), cells)
        sheet.write_string(0, at, header, needed if column in REQUIRED else head)
        if column in words.helps:
            sheet.write_comment(0, at, words.helps[column], {"x_scale": 2})
        check = _check(column, at, words) if last_row else None
        if check:
            sheet.data_validation(1, at, last_row, at, check)
    return sheet


def lists_sheet(book: Any, words: SheetWords) -> None:
    """The hidden sheet that the drop-downs take their words from."""
    sheet = book.add_worksheet(LISTS_SHEET)
    for line, row in enumerate(zip_longest(*words.lists.values(), fillvalue="")):
        for at, text in enumerate(row):
            if text:
                sheet.write_string(line, at, text)
    sheet.hide()


def _width(column: str) -> int:
    return _WIDE if column in _NAMES_AND_PLACES else _NARROW


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
        source = f"={LISTS_SHEET}!${name}$1:${name}${len(words.lists[column])}"
        return told | {"validate": "list", "source": source}
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
    sheet.write_string(0, 0, words.instructions_title, book.add_format({"bold": True, "font_size": 14}))
    columns = [f"{words.headers[column]}: {words.helps.get(column, '')}".rstrip(": ") for column in COLUMNS]
    for line, text in enumerate(("", *words.instructions, "", *columns), start=1):
        if text:
            sheet.write_string(line, 0, text)


def _examples_sheet(book: Any, words: SheetWords) -> None:
    sheet = book.add_worksheet(words.examples_title[:31])
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, _width(column))
    for line, row in enumerate((words.headers, *words.examples)):
        bold = book.add_format({"bold": True}) if line == 0 else None
        for at, column in enumerate(COLUMNS):
            sheet.write_string(line, at, row.get(column, ""), bold)
