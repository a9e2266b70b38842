"""The command line: `hoaban <context> <verb>`, and the few words that run the house."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from importlib import import_module
from importlib.util import find_spec

import typer
from django.core.exceptions import ImproperlyConfigured

from hoaban.base.errors import Refusal
from hoaban.base.postgres import Embedded, ServerTrouble, state_folder

NO_SERVER = {"synth", "kit", "messages", "backup-key", "--help", "db status", "db stop"}  # leave the server alone
NO_TABLES = {"db", "doctor", "demo", "restore"}  # reach it before its tables are there


def main() -> None:
    """Find the database, set Django up, run the command; one clear line and exit code 1 on failure."""
    word = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if word == "kit":  # whatever stands there was meant for the site
        os.environ["DJANGO_SETTINGS_MODULE"] = "hoaban.kit.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoaban.site.settings")
    needs_server = not ({word, " ".join(sys.argv[1:3])} & NO_SERVER)
    try:
        if needs_server:
            ensure_database()
        import django

        django.setup()
        app = application(only_kit=word == "kit")
        if needs_server and word not in NO_TABLES:
            from hoaban.web.actor import acting_as, coming_from, job_actor

            with acting_as(job_actor(f"command.{word}")), coming_from(terminal=_console()):
                app()
        else:
            app()
    except (Refusal, ServerTrouble, ImproperlyConfigured) as no:
        typer.secho(str(no), fg="red", err=True)
        sys.exit(1)
    except KeyboardInterrupt:  # Ctrl+C reaches every program of a demo at once, also those still beginning
        sys.exit(130)


def _console() -> str:
    """Whose console this is, as the audit names it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user of no name, as in a bare container
        user = str(os.getuid())
    return f"console {user}@{socket.gethostname()}"


def ensure_database() -> None:
    """Start the embedded server unless DATABASE_URL names another. Raises ServerTrouble."""
    if not os.environ.get("DATABASE_URL"):
        Embedded(state_folder()).ensure(say=lambda line: typer.secho(line, fg="bright_black", err=True))


def application(*, only_kit: bool) -> typer.Typer:
    """Every command; of the station alone where only it is wanted."""
    from django.conf import settings

    app = typer.Typer(
        help="Hoa Ban: Project 06 of a province, from the form to the service.",
        no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    )  # fmt: skip
    if not only_kit:
        from hoaban.site import database, demo, doctor, keeping, running

        app.add_typer(database.app, name="db")
        app.command()(demo.demo)
        app.command()(doctor.doctor)
        app.command()(keeping.backup)
        app.command("backup-key")(keeping.backup_key)
        app.command()(keeping.restore)
        app.command()(running.serve)
        app.command()(running.work)
        app.command()(running.messages)
    names = ["kit"] if only_kit else ["synth", "kit", *settings.CONTEXTS]
    for name in names:
        if find_spec(f"hoaban.{name}.commands"):
            app.add_typer(import_module(f"hoaban.{name}.commands").app, name=name)
    return app
