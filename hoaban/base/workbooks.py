"""Workbooks looked at before they are read: how big they unpack, what is hidden, merged or computed in them."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from hoaban.base.errors import Refusal
from hoaban.base.words import _

MOST_CELLS = 40_000_000  # a million forms of forty columns
MOST_BYTES = 2 * 1024**3  # of a workbook unpacked
MOST_SQUEEZED = 150  # times; sheets of forms unpack to ten or twenty times their size
SMALL = 20 * 1024**2  # bytes unpacked, below which no bomb is feared
BAD = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, KeyError, ElementTree.ParseError,
)  # fmt: skip
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]{1,3}[0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
_COMPUTED = re.compile(rb'<c [^>]*r="([A-Z]{1,3}([0-9]{1,7}))"[^>]*><f[ />]')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PIECE = 1024 * 1024
_OVERLAP = 400


class TableTooLarge(Refusal):
    """The workbook is spread over more cells than any set of forms has."""

    code = "base.table_too_large"
    message = _("%(file)s is spread over too many cells. Copy the filled rows alone into a new workbook.")


class MergedCells(Refusal):
    """Cells are merged below the header: whose value would it be?"""

    code = "base.merged_cells"
    message = _("%(file)s has merged cells at %(cell)s. Split them and fill in every row.")


class ComputedCells(Refusal):
    """A cell is a formula; what it would give isn't what somebody wrote."""

    code = "base.computed_cells"
    message = _("%(file)s has a formula in %(cell)s. Copy the cells and paste them as values.")


class NothingInSight(Refusal):
    """Every sheet is hidden."""

    code = "base.nothing_in_sight"
    message = _("Every sheet of %(file)s is hidden. Show the sheet with the forms.")


def check_size(path: Path) -> None:
    """Raise TableTooLarge for a workbook that would fill the memory: the reader lays out every cell up to the
    last one, and one in the far corner is enough to end the program."""
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        unpacked, packed = sum(one.file_size for one in parts), sum(one.compress_size for one in parts)
        if unpacked > MOST_BYTES or unpacked > max(SMALL, packed * MOST_SQUEEZED):
            raise TableTooLarge(file=path.name)
        for one in book.namelist():
            if one.startswith("xl/worksheets/") and _cells(book, one) > MOST_CELLS:
                raise TableTooLarge(file=path.name)


def check_cells(path: Path, sheet: str, header: int) -> None:
    """Raise MergedCells or ComputedCells for the first such cell below the header's line of that sheet."""
    with zipfile.ZipFile(path) as book, book.open(_part_of(book, sheet)) as content:
        rest = b""
        while piece := content.read(_PIECE):
            text = rest + piece
            for cell, line in _COMPUTED.findall(text):
                if int(line) > header:
                    raise ComputedCells(file=path.name, cell=cell.decode())
            for cell, last in _MERGED.findall(text):
                if int(last) > header:
                    raise MergedCells(file=path.name, cell=cell.decode())
            rest = text[-_OVERLAP:]


def sheets_in_sight(path: Path) -> list[str]:
    """The names of the sheets that aren't hidden."""
    with zipfile.ZipFile(path) as book:
        return [one.get("name", "") for one in _sheets(book) if one.get("state", "visible") == "visible"]


def _sheets(book: zipfile.ZipFile) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"))


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    relation = next(one.get(_RELATION) for one in _sheets(book) if one.get("name") == sheet)
    targets = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    target = next(str(one.get("Target")) for one in targets if one.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


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
