"""Tables from outside: CSV or XLSX, read as text so that nothing is understood before it is kept.

What a file is, is told by its content, not by its name. A file that would be read wrongly (other
encodings, merged cells, formulas) is refused with the word that helps; nothing in it is ever run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import fastexcel
import polars as pl

from hoaban.base import encodings, workbooks
from hoaban.base.errors import Refusal
from hoaban.base.words import _

IsHeader = Callable[[Sequence[str]], bool]
HEADER_WITHIN = 10  # rows: titles may stand above the header
_PIECE = 1024 * 1024


class UnreadableTable(Refusal):
    """The file isn't a CSV in UTF-8 nor a workbook."""

    code = "base.unreadable_table"
    message = _("%(file)s can't be read as CSV (UTF-8) or XLSX. Save it again from the spreadsheet.")


class OtherFile(Refusal):
    """The file is of another kind than its name says."""

    code = "base.other_file"
    message = _("%(file)s is no table but %(kind)s. Open it in the spreadsheet and save it as XLSX.")


class OtherEncoding(Refusal):
    """The letters are encoded otherwise than in UTF-8."""

    code = "base.other_encoding"
    message = _("%(file)s is written in %(encoding)s. Save it as CSV UTF-8 or as XLSX, with a Unicode font.")


class TooManyRows(Refusal):
    """More rows than a province has people."""

    code = "base.too_many_rows"
    message = _("%(file)s has %(rows)s rows; at most %(most)s are taken at once. Send one file for each commune.")


class UnevenRow(Refusal):
    """A row has more cells than the header."""

    code = "base.uneven_row"
    message = _("Line %(line)s of %(file)s has %(cells)s cells and the header %(columns)s. A separator too many?")


class ColumnTwice(Refusal):
    """Two columns have one header."""

    code = "base.column_twice"
    message = _("%(file)s has two columns called “%(column)s”. Leave one out.")


def read(path: Path, *, is_header: IsHeader | None = None, most_rows: int | None = None) -> pl.DataFrame:
    """All rows of a CSV or of a workbook's sheet, each cell as text in composed form; empty cells are "".

    With `is_header` the sheet and the row are looked for that the function knows as a header, and what
    would be read wrongly in a workbook (merged cells, formulas) is refused. Raises UnreadableTable, OtherFile,
    OtherEncoding, TooManyRows, UnevenRow, and those of `workbooks`.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
        kind = _other_kind(start)
        if kind is not None:
            raise OtherFile(file=path.name, kind=kind)
        is_book = start.startswith(b"PK")
        frame = _read_xlsx(path, is_header) if is_book else _read_csv(path, is_header, most_rows)
    except (OSError, pl.exceptions.PolarsError, fastexcel.FastExcelError, UnicodeDecodeError, *workbooks.BAD) as error:
        raise UnreadableTable(file=path.name) from error
    if most_rows is not None and len(frame) > most_rows:
        raise TooManyRows(file=path.name, rows=len(frame), most=most_rows)
    return frame.select(pl.all().cast(pl.String).fill_null("").str.normalize("NFC").str.strip_chars())


def _other_kind(start: bytes) -> object | None:
    kinds = ((b"%PDF", _("a PDF")), (b"\xd0\xcf\x11\xe0", _("an old Excel or Word file")), (b"\x89PNG", _("a picture")),
             (b"\xff\xd8\xff", _("a picture")), (b"{\\rtf", _("a text document")))  # fmt: skip
    return next((words for mark, words in kinds if start.startswith(mark)), None)


def _read_csv(path: Path, is_header: IsHeader | None, most_rows: int | None) -> pl.DataFrame:
    if most_rows is not None:
        lines = _lines_of(path)
        if lines > 2 * most_rows:  # cells may hold line ends; read what could still be few enough
            raise TooManyRows(file=path.name, rows=lines - 1, most=most_rows)
    source: Path | bytes = path
    encoding = encodings.of(path)
    if encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        source = path.read_bytes().decode(encoding).encode()
    elif encoding == encodings.UNKNOWN:
        raise UnreadableTable(file=path.name)
    elif encoding != encodings.UTF8:
        raise OtherEncoding(file=path.name, encoding=encoding)
    with io.BytesIO(source) if isinstance(source, bytes) else path.open("rb") as opened:
        start = [opened.readline().decode("utf-8-sig") for _line in range(HEADER_WITHIN)]
    separator = max(",;\t", key=start[0].count)
    skipped = _header_at([next(csv.reader([line], delimiter=separator), []) for line in start], is_header)
    separator = max(",;\t", key=start[skipped].count)
    twice = _first_repeated(start[skipped], separator)
    if twice:
        raise ColumnTwice(file=path.name, column=twice)
    try:
        return pl.read_csv(source, infer_schema=False, encoding="utf8", separator=separator, skip_lines=skipped)
    except pl.exceptions.ComputeError as error:
        _refuse_uneven(path, source, separator)
        raise UnreadableTable(file=path.name) from error


def _first_repeated(header: str, separator: str) -> str:
    cells = next(csv.reader([header], delimiter=separator), [])
    return next((cell for cell in cells if cell and cells.count(cell) > 1), "")


def _lines_of(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


def _refuse_uneven(path: Path, source: Path | bytes, separator: str) -> None:
    text = source.decode() if isinstance(source, bytes) else path.read_text(encoding="utf-8-sig")
    rows = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=separator)
    columns = len(next(rows, []))
    for row in rows:
        if len(row) > columns:
            raise UnevenRow(file=path.name, line=rows.line_num, cells=len(row), columns=columns)


def _header_at(rows: Sequence[Sequence[str]], is_header: IsHeader | None) -> int:
    """Which of the first rows is the header; the first where none is known."""
    return next((at for at, row in enumerate(rows) if is_header and is_header(row)), 0)


def _read_xlsx(path: Path, is_header: IsHeader | None) -> pl.DataFrame:
    workbooks.check_size(path)
    book = fastexcel.read_excel(path)
    name, header = _sheet_with_header(book, path, is_header)
    if is_header is not None:
        workbooks.check_cells(path, name, header + 1)
    cells = book.load_sheet(name, dtypes="string", header_row=None).to_polars()
    if len(cells) <= header:
        return pl.DataFrame()
    heads = ["" if one is None else str(one).strip() for one in cells.row(header)]
    twice = next((one for one in heads if one and heads.count(one) > 1), None)
    if twice is not None:
        raise ColumnTwice(file=path.name, column=twice)
    named = {column: head for column, head in zip(cells.columns, heads, strict=True) if head}
    rows = cells.slice(header + 1).select(list(named)).rename(named)
    rows = rows.filter(pl.any_horizontal(pl.all().fill_null("") != "")) if is_header is not None else rows
    return rows.with_columns(pl.all().str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1"))


def _sheet_with_header(book: fastexcel.ExcelReader, path: Path, is_header: IsHeader | None) -> tuple[str, int]:
    """The first sheet in sight whose header is known, and where the header is; else the first in sight."""
    seen = [name for name in book.sheet_names if name in workbooks.sheets_in_sight(path)]
    for name in seen if is_header else ():
        start = book.load_sheet(name, dtypes="string", header_row=None, n_rows=HEADER_WITHIN).to_polars().rows()
        rows = [["" if cell is None else str(cell) for cell in row] for row in start]
        at = _header_at(rows, is_header)
        if rows and is_header and is_header(rows[at]):
            return name, at
    if not seen:
        raise workbooks.NothingInSight(file=path.name)
    return seen[0], 0
