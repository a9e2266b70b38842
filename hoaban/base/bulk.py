"""Many rows at once: written by COPY into a stage of the session and one INSERT, looked up by one array.

COPY can't write into a table under row security, so that the rows pass a temporary table that has
none. Column names and the table's name come from our code, never from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

_MOMENT = "%Y-%m-%dT%H:%M:%S%.6f%z"
_stages = count(1)


def insert(table: str, rows: pl.DataFrame, *, or_ignore: bool = False) -> int:
    """Insert all rows of the frame, whose columns are named like the table's; how many went in.

    Runs in the caller's transaction. `or_ignore` leaves rows out that a unique constraint forbids.
    """
    if rows.is_empty():
        return 0
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    stage = f"stage_{next(_stages)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMP TABLE {stage} ON COMMIT DROP AS SELECT {columns} FROM "{table}" WITH NO DATA')
        copy_into(cursor, stage, rows)
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {stage}'
            + (" ON CONFLICT DO NOTHING" if or_ignore else "")
        )
        written = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {stage}")
    return written


def copy_into(cursor: CursorWrapper, table: str, rows: pl.DataFrame) -> None:
    """COPY the frame into a table that has no row security. An empty text stays empty, a null null."""
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    text = rows.write_csv(include_header=False, quote_style="non_numeric", datetime_format=_MOMENT)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(text)


def new_ids(table: str, how_many: int) -> list[int]:
    """Ids taken from the table's sequence, in order, for rows that are to be inserted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, how_many]
        )
        return [row[0] for row in cursor.fetchall()]


def look_up(table: str, columns: Sequence[str], key: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows whose `key` is among the values, which travel as one array: `IN` with thousands is slow text."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table}" WHERE "{key}" = ANY(%s)', [list(values)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
