"""`hoaban db …`: the embedded server, and bringing a database up to this version."""

from __future__ import annotations

import json
import os
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


def bring_up_to_date() -> None:
    """Run the migrations as the owner and let the app's role read and write what they made.

    Migrations may take rights back (the audit's entries can't be changed), so rights are given before,
    as defaults for what is made next.
    """
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        if version < OLDEST_SERVER:
            raise ServerTooOld(version=version // 10000)
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APP} NOLOGIN NOSUPERUSER NOBYPASSRLS")
            cursor.execute(f"GRANT {APP} TO current_user")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}"
        )
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}")
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    owner.close()


def check_version() -> None:
    """Raise OlderDatabase where migrations wait."""
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise OlderDatabase(waiting=", ".join(f"{one.app_label}.{one.name}" for one, _back in plan[:4]))
