"""Tables from outside: CSV or XLSX, read as text so that nothing is understood before it is kept."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

import fastexcel
import polars as pl

from hoaban.base.errors import Refusal
from hoaban.base.words import _

MOST_CELLS = 40_000_000  # a million forms of forty columns
MOST_BYTES = 4 * 1024**3  # of a workbook unpacked
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_PIECE = 1024 * 1024


class UnreadableTable(Refusal):
    """The file isn't a CSV in UTF-8 nor a workbook."""

    code = "base.unreadable_table"
    message = _("%(file)s can't be read as CSV (UTF-8) or XLSX. Save it again from the spreadsheet.")


class TableTooLarge(Refusal):
    """The workbook is spread over more cells than any set of forms has."""

    code = "base.table_too_large"
    message = _("%(file)s is spread over too many cells. Copy the filled rows alone into a new workbook.")


def read(path: Path) -> pl.DataFrame:
    """All rows of a CSV (UTF-8) or of a workbook's first sheet, each cell as text in composed form.

    Empty cells are "". Raises UnreadableTable, TableTooLarge.
    """
    try:
        frame = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except (OSError, pl.exceptions.PolarsError, fastexcel.FastExcelError, UnicodeDecodeError, *_BAD_ZIP) as error:
        raise UnreadableTable(file=path.name) from error
    return frame.select(pl.all().cast(pl.String).fill_null("").str.normalize("NFC").str.strip_chars())


def _read_csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False, encoding="utf8")


def _read_xlsx(path: Path) -> pl.DataFrame:
    _check_size(path)
    return fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()


def _check_size(path: Path) -> None:
    """Raise TableTooLarge for a workbook that would fill the memory: the reader lays out every cell up to the
    last one, and one in the far corner is enough to end the program."""
    with zipfile.ZipFile(path) as book:
        if sum(one.file_size for one in book.infolist()) > MOST_BYTES:
            raise TableTooLarge(file=path.name)
        for one in book.namelist():
            if one.startswith("xl/worksheets/") and _cells(book, one) > MOST_CELLS:
                raise TableTooLarge(file=path.name)


def _cells(book: zipfile.ZipFile, sheet: str) -> int:
    """How many cells a sheet's rows and columns span."""
    columns, last_row, rest = set[bytes](), 0, b""
    with book.open(sheet) as content:
        while piece := content.read(_PIECE):
            for column, row in _PLACE.findall(rest + piece):
                columns.add(column)
                last_row = max(last_row, int(row))
            rest = piece[-20:]
    return last_row * max(map(_number_of, columns), default=0)


def _number_of(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
