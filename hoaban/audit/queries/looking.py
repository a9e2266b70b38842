"""Looks over a span of time, one row a person looked at: for finding those that are unusual."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

LONGEST_LIST = 50  # a longer list is work on a whole village, not a look at somebody
SCHEMA: dict[str, Any] = {
    "entry_id": pl.Int64, "actor_id": pl.String, "actor_name": pl.String, "at": pl.Datetime("us", "UTC"),
    "commune_code": pl.String, "person_id": pl.Int64, "alone": pl.Boolean, "has_task": pl.Boolean,
}  # fmt: skip


def looks_between(
    since: datetime,
    before: datetime,
    looks: Collection[str],
    *,
    actor_id: str = "",
    communes: Collection[str] | None = None,
) -> pl.DataFrame:
    """Who of the officers looked at whom: one row an entry and person, in order of time.

    `alone` says that the record was opened by itself, `has_task` that the officer did something else for that
    person between a week before and the end of the span.
    """
    named: dict[str, Any] = {
        "since": since, "before": before, "looks": sorted(looks), "longest": LONGEST_LIST, "actor": actor_id,
        "communes": None if communes is None else sorted(communes),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH done AS (SELECT DISTINCT e.actor_id, p.person FROM audit_entry e, unnest(e.person_ids) p(person)"
            "  WHERE e.at >= %(since)s::timestamptz - interval '7 days' AND e.at < %(before)s"
            "  AND NOT e.action = ANY(%(looks)s) AND e.actor_kind = 'officer' AND cardinality(e.person_ids) <= 1000)"
            " SELECT e.id, e.actor_id, e.actor_name, e.at, e.commune_code, p.person, cardinality(e.person_ids) = 1,"
            "  done.person IS NOT NULL"
            " FROM audit_entry e CROSS JOIN LATERAL unnest(e.person_ids) p(person)"
            " LEFT JOIN done ON done.actor_id = e.actor_id AND done.person = p.person"
            " WHERE e.at >= %(since)s AND e.at < %(before)s AND e.action = ANY(%(looks)s)"
            "  AND e.actor_kind = 'officer' AND cardinality(e.person_ids) <= %(longest)s"
            "  AND (%(actor)s = '' OR e.actor_id = %(actor)s)"
            "  AND (%(communes)s::text[] IS NULL OR e.commune_code = ANY(%(communes)s::text[]))"
            " ORDER BY e.at, e.id",
            named,
        )
        return pl.DataFrame(cursor.fetchall(), schema=SCHEMA, orient="row")


def touched(
    since: datetime, before: datetime, *, actor_id: str = "", terminal: str = ""
) -> tuple[int, int, list[tuple[str, int]]]:
    """What somebody did or saw in a span: entries, different people, and people by commune, most first."""
    where = "at >= %s AND at <= %s AND (%s = '' OR actor_id = %s) AND (%s = '' OR terminal = %s OR address = %s)"
    named: list[Any] = [since, before, actor_id, actor_id, terminal, terminal, terminal]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM audit_entry WHERE {where} AND cardinality(person_ids) > 0", named)
        [entries] = cursor.fetchone()
        cursor.execute(
            "SELECT commune_code, count(DISTINCT person) FROM audit_entry, unnest(person_ids) person"
            f" WHERE {where} GROUP BY GROUPING SETS ((), (commune_code)) ORDER BY 2 DESC, 1",
            named,
        )
        rows = cursor.fetchall()
    people = max((count for code, count in rows if code is None), default=0)
    return entries, people, [(code, count) for code, count in rows if code]
