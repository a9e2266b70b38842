"""Tables from outside: CSV or XLSX, read as text so that nothing is understood before it is kept."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class UnreadableTable(Refusal):
    """The file isn't a CSV in UTF-8 nor a workbook."""

    code = "base.unreadable_table"
    message = _("%(file)s can't be read as CSV (UTF-8) or XLSX. Save it again from the spreadsheet.")


def read(path: Path) -> pl.DataFrame:
    """All rows of a CSV (UTF-8) or of a workbook's first sheet, each cell as text in composed form.

    Empty cells are "". Raises UnreadableTable.
    """
    try:
        frame = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except (OSError, pl.exceptions.PolarsError, fastexcel.FastExcelError, UnicodeDecodeError) as error:
        raise UnreadableTable(file=path.name) from error
    return frame.select(pl.all().cast(pl.String).fill_null("").str.normalize("NFC").str.strip_chars())


def _read_csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False, encoding="utf8")


def _read_xlsx(path: Path) -> pl.DataFrame:
    return fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
