"""Many rows at once: written by COPY into a stage and one INSERT, looked up by one array, read by columns.

COPY can't write into a table under row security, so that the rows pass a temporary table that has
none. Column names and the table's name come from our code, never from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

_MOMENT = "%Y-%m-%dT%H:%M:%S%.6f%z"
_BETWEEN = "chr(31)"  # between the cells of a column: the unit separator of ASCII
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


def read(query: str, named: Mapping[str, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """What a query answers, as columns: texts, whole numbers and truths by `schema`, which names its columns too.

    Each column travels as one text, since a row of an answer costs the driver more than it costs the database.
    """
    columns = ", ".join(f"string_agg(coalesce({name}::text, ''), {_BETWEEN})" for name in schema)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ({query}) AS answer ({', '.join(schema)})", named)
        found = cursor.fetchone()
    if found[0] is None:
        return pl.DataFrame(schema=dict(schema))
    return pl.DataFrame(
        {name: _column(text, kind) for (name, kind), text in zip(schema.items(), found, strict=True)},
    )


def _column(text: str, kind: Any) -> pl.Series:
    cells = pl.Series([text]).str.split("\x1f").explode()
    return cells == "true" if kind == pl.Boolean else cells.cast(kind)


def as_array(values: Iterable[int]) -> str:
    """Many whole numbers as the text of an array: the driver takes long over a list."""
    return "{" + ",".join(map(str, values)) + "}"


def new_ids(table: str, how_many: int) -> list[int]:
    """Ids taken from the table's sequence, in order, for rows that are to be inserted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (SELECT nextval(of.sequence) AS id FROM generate_series(1, %s),"
            " (SELECT pg_get_serial_sequence(%s, 'id')::regclass OFFSET 0) AS of (sequence))"
            " SELECT min(id), max(id), CASE WHEN max(id) - min(id) >= count(*) THEN array_agg(id ORDER BY id) END"
            " FROM taken",
            [how_many, table],
        )
        first, last, apart = cursor.fetchone()
    return apart or list(range(first, last + 1)) if how_many else []


def look_up(table: str, columns: Sequence[str], key: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows whose `key` is among the values, none of them "".

    They travel as one array: `IN` with thousands is slow text.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    filled = f""" AND "{key}" <> ''""" if values and isinstance(values[0], str) else ""  # an index may leave "" out
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table}" WHERE "{key}" = ANY(%s){filled}', [list(values)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
