"""Scratch databases: a template is migrated once per set of migrations, the rest are copies of it."""

from __future__ import annotations

import fcntl
import os
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tests.conftest import migrations_fingerprint


def use_scratch(name: str) -> None:
    """Make a fresh database of that name and point Django's connections at it."""
    make_scratch(name)
    _point_at(name)


def make_scratch(name: str) -> None:
    """Make a fresh, migrated database of that name with units loaded."""
    template = f"hoaban_template_{migrations_fingerprint()}"
    with owner() as server, _template_lock():
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _make_template(server, template)
        drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop_scratch(name: str) -> None:
    """Remove the database."""
    for alias in ("default", "owner"):
        connections[alias].close()
    with owner() as server:
        drop(server, name)


def drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _make_template(server: psycopg.Connection[Any], template: str) -> None:
    from hoaban.base.clock import now
    from hoaban.places import actions as places
    from hoaban.site.database import bring_up_to_date
    from hoaban.web.actor import acting_as, job_actor

    half_made = f"{template}_part"
    drop(server, half_made)
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half_made)))
    _point_at(half_made)
    bring_up_to_date()
    actor = job_actor("test.template")
    with acting_as(actor):
        places.load_units(by=actor, at=now())
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO hoaban_app")
    for alias in ("default", "owner"):
        connections[alias].close()
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half_made), sql.Identifier(template))
    )


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def owner(name: str = "postgres") -> psycopg.Connection[Any]:
    """A connection of the owner's own to a database."""
    at = settings.DATABASES["owner"]
    return psycopg.connect(
        host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=name, autocommit=True,
    )  # fmt: skip


def gather_statistics(*tables: str) -> None:
    """Let the planner know how full these tables are, as their owner; only what was committed counts."""
    with owner(settings.DATABASES["owner"]["NAME"]) as server:
        server.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))


def as_owner(name: str, statement: str) -> list[tuple[Any, ...]]:
    """What the owner of a database is answered, outside Django's connections."""
    with owner(name) as server:
        done = server.execute(statement.encode())
        return done.fetchall() if done.description else []


class _template_lock:
    def __enter__(self) -> None:
        settings.HOABAN_HOME.mkdir(parents=True, exist_ok=True)
        self._file = (settings.HOABAN_HOME / "template.lock").open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def environment(name: str) -> dict[str, str]:
    """Environment in which a process of its own uses that scratch database."""
    return {**os.environ, "HOABAN_DATABASE": name, "HOABAN_HOME": str(settings.HOABAN_HOME)}
