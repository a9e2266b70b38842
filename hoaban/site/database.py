"""`hoaban db …`: the embedded server, and bringing a database up to this version."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from hoaban.base.errors import Refusal
from hoaban.base.postgres import APP
from hoaban.base.words import _

app = typer.Typer(help="The database.", no_args_is_help=True)

OLDEST_SERVER = 150000


class OlderDatabase(Refusal):
    """The database was made by another version of this program."""

    code = "site.older_database"
    message = _("The database is of another version (%(waiting)s). Run: hoaban db migrate")


class OtherTables(Refusal):
    """The tables were made by another version, from other migrations under the same names."""

    code = "site.other_tables"
    message = _("The tables were made by another version of this program. A demo is begun anew by: make demo-reset")


class ServerTooOld(Refusal):
    """PostgreSQL is older than 15."""

    code = "site.server_too_old"
    message = _("PostgreSQL %(version)s is too old: 15 or later is needed.")


@app.command()
def migrate() -> None:
    """Bring the database up to this version and give the app's role its rights."""
    bring_up_to_date()
    typer.echo("the database is up to date")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Whether the embedded server runs and where."""
    server = settings.EMBEDDED
    running = server.is_running()
    facts = {"home": str(server.home), "running": running, "port": server.port() if running else None}
    typer.echo(json.dumps(facts) if as_json else ", ".join(f"{key}: {value}" for key, value in facts.items()))


@app.command()
def stop() -> None:
    """Stop the embedded server."""
    typer.echo("stopped" if settings.EMBEDDED.stop() else "it wasn't running")


@app.command()
def shell() -> None:
    """Open psql as the owner."""
    owner = settings.DATABASES["owner"]
    os.execve(
        str(settings.EMBEDDED.binary("psql")),
        ["psql", "-h", owner["HOST"], "-p", owner["PORT"], "-U", owner["USER"], owner["NAME"]],
        {**os.environ, "PGPASSWORD": owner["PASSWORD"]},
    )


def make_ready() -> None:
    """Make the tables in an empty database; refuse one of another version (OlderDatabase, OtherTables)."""
    if not holds_tables():
        bring_up_to_date()
    check_version()


def holds_tables() -> bool:
    """Whether there are tables of ours."""
    with connections["owner"].cursor() as cursor:
        return "django_migrations" in connections["owner"].introspection.table_names(cursor)


def holds(table: str) -> bool:
    """Whether there is a table of that name with a row in it."""
    with connections["owner"].cursor() as cursor:
        if table not in connections["owner"].introspection.table_names(cursor):
            return False
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
        return bool(cursor.fetchone()[0])


def empty() -> None:
    """Throw every table away. For synthetic people only: the caller asks first."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    for connection in connections.all():
        connection.close()


def bring_up_to_date() -> None:
    """Run the migrations as the owner and let the app's role read and write what they made.

    Migrations may take rights back (the audit's entries can't be changed), so rights are given before,
    as defaults for what is made next. Raises ServerTooOld, OtherTables.
    """
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        if version < OLDEST_SERVER:
            raise ServerTooOld(version=version // 10000)
    make_role()
    with owner.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}"
        )
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}")
    _refuse_other_tables()
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    with owner.cursor() as cursor:  # a function, since it is copied with the database it stands in
        cursor.execute(
            "CREATE OR REPLACE FUNCTION hoaban_made_from() RETURNS text LANGUAGE sql IMMUTABLE AS"
            f" $$ SELECT '{json.dumps(_migrations())}' $$"
        )
    owner.close()


def make_role() -> None:
    """Make the app's role on a server that lacks it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APP} NOLOGIN NOSUPERUSER NOBYPASSRLS")
            cursor.execute(f"GRANT {APP} TO current_user")


def _migrations() -> dict[str, str]:
    """Each migration of ours with a hash of its text: before 1.0 one may be written anew under its old name."""
    files = sorted(Path(__file__).parent.parent.glob("*/migrations/0*.py"))
    return {f"{file.parts[-3]}.{file.stem}": hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in files}


def _refuse_other_tables() -> None:
    """Raise OtherTables where a migration that made these tables reads otherwise now."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regproc('hoaban_made_from') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT hoaban_made_from()")
        made_from = json.loads(cursor.fetchone()[0])
    now = _migrations()
    if any(now.get(name) != digest for name, digest in made_from.items()):
        raise OtherTables


def check_version() -> None:
    """Raise OlderDatabase where migrations wait, OtherTables where those that ran were others."""
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise OlderDatabase(waiting=", ".join(f"{one.app_label}.{one.name}" for one, _back in plan[:4]))
    _refuse_other_tables()
