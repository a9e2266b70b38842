"""Sealed entries for tests, and the hand that changes them: the owner's, with the trigger off."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from hoaban.audit import actions as audit
from hoaban.audit import queries
from hoaban.audit.models import Entry, Epoch
from hoaban.base.clock import now
from tests.make import MAKER


def write(count: int) -> list[Entry]:
    """Entries of one kind, each in a transaction of its own where the test commits."""
    return [
        audit.record("test.done", f"test.Thing:{number}", by=MAKER, at=now(), facts={"n": number})
        for number in range(count)
    ]


def seal_all() -> Epoch:
    """Seal all there is; the last epoch. A transaction open anywhere on the server, another test's, holds it back."""
    for _ in range(600):
        audit.seal()
        if not queries.count_waiting():
            return Epoch.objects.latest("number")
        time.sleep(0.1)
    raise AssertionError("not everything was sealed within a minute")


def sealed(count: int, epochs: int = 1) -> list[Entry]:
    """So many entries in each of so many epochs."""
    written: list[Entry] = []
    for _ in range(epochs):
        written += write(count)
        seal_all()
    return written


@contextmanager
def owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the database's owner, past Django."""
    login = settings.DATABASES["owner"]
    with psycopg.connect(
        host=login["HOST"], port=login["PORT"], user=login["USER"], password=login["PASSWORD"], dbname=login["NAME"],
    ) as one:  # fmt: skip
        yield one


def as_owner(statement: str, values: Sequence[Any] = ()) -> None:
    """What somebody does who owns the database and has taken the triggers off."""
    with owner() as one:
        for table in ("audit_entry", "audit_epoch"):
            one.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        one.execute(statement.encode(), values)
        for table in ("audit_entry", "audit_epoch"):
            one.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
