"""Writing entries, each in the transaction of the change or of the look."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

from hoaban.audit import queries
from hoaban.audit.actions.working import defer_followers
from hoaban.audit.models import Entry
from hoaban.base import bulk
from hoaban.base.ids import new_ulid
from hoaban.web.actor import Actor, origin

# The place is the one named, else that of the people whom it concerns, else the only one of who acts.
WRITE = """
INSERT INTO audit_entry (ulid, at, action, subject, actor_kind, actor_id, actor_name, address, terminal, purpose,
  facts, person_ids, commune_code)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::bigint[],
  coalesce(nullif(%s, ''), audit_place_of(%s::bigint[]), %s))
RETURNING id, commune_code"""


def record(
    action: str,
    subject: str,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    person_ids: Sequence[int] = (),
    purpose: str = "",
    commune_code: str = "",
) -> Entry:
    """Write one entry in the transaction of the change, and the jobs of those who follow it.

    `action` is "context.verb", `subject` is "context.Model:key". From where it is done comes from the request
    (`web.actor.coming_from`); in which place, from the people whom it concerns unless it is named.
    """
    here = origin()
    entry = Entry(
        ulid=new_ulid(), at=at, action=action, subject=subject,
        actor_kind=by.kind, actor_id=by.id, actor_name=by.name, address=here.address, terminal=here.terminal[:60],
        purpose=purpose, facts=dict(facts or {}), person_ids=list(person_ids),
    )  # fmt: skip
    whose = next(iter(by.communes)) if by.communes is not None and len(by.communes) == 1 else ""
    people = bulk.as_array(entry.person_ids)
    with _bound_by_the_server() as cursor:
        cursor.execute(
            WRITE,
            [
                entry.ulid, at, action, subject, str(by.kind), by.id, by.name, entry.address, entry.terminal, purpose,
                json.dumps(entry.facts), people, commune_code, people, whose,
            ],
        )  # fmt: skip
        entry.pk, entry.commune_code = cursor.fetchone()
    entry._state.adding = False
    defer_followers(action, entry.pk)
    return entry


def _bound_by_the_server() -> CursorWrapper:
    """A cursor of Django's connection whose statement PostgreSQL plans once; Django's own write the values into the
    text, and every entry would be planned anew."""
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


def looked(
    person_ids: Sequence[int], *, by: Actor, at: datetime, purpose: str, fields: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None, commune_code: str = "",
) -> Entry:  # fmt: skip
    """Write down that somebody opened these people's records; one entry for a whole list."""
    return record(
        queries.LOOKED, f"people.Person:{person_ids[0]}" if len(person_ids) == 1 else "people.Person",
        by=by, at=at, person_ids=person_ids, purpose=purpose, facts={"fields": list(fields), **(facts or {})},
        commune_code=commune_code,
    )  # fmt: skip
