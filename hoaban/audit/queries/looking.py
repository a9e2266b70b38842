"""Looks over a span of time, one row a person looked at: for finding those that are unusual."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from hoaban.base import bulk

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
    found = bulk.read(_DONE_AND_SEEN, named, _AS_READ).with_columns(
        pl.from_epoch("at", time_unit="us").dt.replace_time_zone("UTC"),
        person_id=pl.col("person_ids").str.split(",").cast(pl.List(pl.Int64)),
    )
    done = found.filter(~pl.col("is_look")).select("actor_id", "person_id").explode("person_id").unique()
    seen = found.filter("is_look").sort("at", "entry_id").with_columns(alone=pl.col("person_id").list.len() == 1)
    return (
        seen.explode("person_id")
        .join(done.with_columns(has_task=True), on=["actor_id", "person_id"], how="left", maintain_order="left")
        .with_columns(pl.col("has_task").fill_null(value=False))
        .select(*SCHEMA)
    )


# One walk over the span finds what was looked at and what was done; the rest is done over columns.
_DONE_AND_SEEN = """
SELECT e.id, e.actor_id, e.actor_name, (date_part('epoch', e.at) * 1000000)::bigint, e.commune_code,
  array_to_string(e.person_ids, ','), e.action = ANY(%(looks)s)
FROM audit_entry e
WHERE e.at >= %(since)s::timestamptz - interval '7 days' AND e.at < %(before)s AND e.actor_kind = 'officer'
  AND (%(actor)s = '' OR e.actor_id = %(actor)s) AND cardinality(e.person_ids) > 0
  AND CASE WHEN e.action = ANY(%(looks)s)
    THEN e.at >= %(since)s AND cardinality(e.person_ids) <= %(longest)s
      AND (%(communes)s::text[] IS NULL OR e.commune_code = ANY(%(communes)s::text[]))
    ELSE cardinality(e.person_ids) <= 1000 END"""
_AS_READ = {
    "entry_id": pl.Int64, "actor_id": pl.String, "actor_name": pl.String, "at": pl.Int64, "commune_code": pl.String,
    "person_ids": pl.String, "is_look": pl.Boolean,
}  # fmt: skip


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
