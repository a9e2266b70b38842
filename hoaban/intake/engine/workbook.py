"""The workbook of forms that goes back: the template's sheet with the faults, proposals and answers before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from hoaban.base.dc01 import COLUMNS
from hoaban.base.dc01.workbook import SheetWords, forms_sheet, lists_sheet, opened
from hoaban.intake.rules import ACCEPT, FAULTS, PROPOSALS, REFERENCE

OWN = {FAULTS: 60, PROPOSALS: 36, ACCEPT: 12, REFERENCE: 10}  # our columns and how wide they are
_RED, _GREEN = "#F8D7DA", "#DDEEDD"


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


@dataclass(frozen=True)
class OwnWords:
    """The words of our columns: headers, and the answers to a proposal."""

    headers: Mapping[str, str]
    yes: str
    no: str


def returned(rows: Iterable[ReturnedRow], words: SheetWords, own: OwnWords) -> bytes:
    """An XLSX of these rows: reasons, proposals and whether to take them first; bad cells red, with a note."""
    rows = list(rows)
    out = BytesIO()
    with opened(out) as book:
        sheet = forms_sheet(book, words, {**own.headers, **words.headers}, last_row=len(rows), widths=OWN)
        red = book.add_format({"bg_color": _RED, "font_color": "#7A0019", "text_wrap": True, "valign": "top"})
        green = book.add_format({"bg_color": _GREEN, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"num_format": "@", "valign": "top"})
        if rows:
            take, at = {"validate": "list", "source": [own.yes, own.no]}, list(own.headers).index(ACCEPT)
            sheet.data_validation(1, at, len(rows), at, take)
        for line, row in enumerate(rows, start=1):
            proposals = [f"{one.label}: {one.proposal}" for one in row.faults if one.proposal]
            sheet.write_string(line, 0, "\n".join(f"{one.label}: {one.words}" for one in row.faults), red)
            sheet.write_string(line, 1, "\n".join(proposals), green)
            sheet.write_string(line, 2, "", plain)
            sheet.write_string(line, 3, str(row.reference), plain)
            reasons = {one.column: [fault.words for fault in row.faults if fault.column == one.column]
                       for one in row.faults}  # fmt: skip
            for place, column in enumerate(COLUMNS, start=len(OWN)):
                sheet.write_string(line, place, row.written.get(column, ""), red if column in reasons else plain)
                if column in reasons:
                    sheet.write_comment(line, place, "\n".join(reasons[column]), {"x_scale": 2})
        lists_sheet(book, words)
    return out.getvalue()
