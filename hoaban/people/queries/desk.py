"""What the desk of intake asks of the register: whose a number is, and who could be the same person.

Nothing here needs an index of its own: numbers have theirs, and names with births and parents are
handed out in bulk, so that a load compares its rows with the whole register in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db import connection

LIKENESS = {
    "person_id": pl.Int64, "name_fold": pl.String, "sex": pl.String, "born": pl.String, "father": pl.String,
    "mother": pl.String,
}  # fmt: skip
_AT_ONCE = 50_000
_PARENTS = """
SELECT p.id, p.name_fold, p.sex, p.born, coalesce(f.name, ''), coalesce(m.name, '') FROM people_person p
LEFT JOIN people_relation f ON f.person_id = p.id AND f.kind = 'father'
  AND f.valid_to IS NULL AND f.superseded_at IS NULL
LEFT JOIN people_relation m ON m.person_id = p.id AND m.kind = 'mother'
  AND m.valid_to IS NULL AND m.superseded_at IS NULL
WHERE p.id > %s AND (%s OR p.born = ANY(%s) OR p.name_fold = ANY(%s)) ORDER BY p.id LIMIT %s
"""


def holders(numbers: Sequence[str]) -> list[tuple[str, int, str]]:
    """Whose these 12-digit numbers are or were: number, person, folded name."""
    return _rows(
        "SELECT n.number, p.id, p.name_fold FROM people_number n JOIN people_person p ON p.id = n.person_id"
        " WHERE n.number = ANY(%s)",
        list(numbers),
    )


def old_holders(numbers: Sequence[str]) -> list[tuple[str, int, str]]:
    """Who has these 9-digit numbers: number, person, folded name; several for a number that several have."""
    return _rows(
        "SELECT number9, id, name_fold FROM people_person WHERE number9 = ANY(%s) AND number9 <> ''",
        [one for one in numbers if one],
    )


def likenesses(
    after: int = 0, *, born: Sequence[str] | None = None, names: Sequence[str] = ()
) -> Iterator[pl.DataFrame]:
    """Everybody whose id is above that one, in pieces of the columns `LIKENESS`, parents as they are named.

    With `born` only those who were born so or bear one of the folded `names`: less to fetch for a few rows.
    """
    while True:
        rows = _rows(_PARENTS, after, born is None, list(born or ()), list(names), _AT_ONCE)
        if not rows:
            return
        yield pl.DataFrame(rows, schema=LIKENESS, orient="row")
        after = rows[-1][0]


def newest() -> int:
    """The highest id of a person."""
    return int(_rows("SELECT coalesce(max(id), 0) FROM people_person")[0][0])


def _rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())
