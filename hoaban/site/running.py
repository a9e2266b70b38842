"""Running the site: the web server, the worker, the message catalogues."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class PortTaken(Refusal):
    """Somebody else listens there."""

    code = "site.port_taken"
    message = _("Port %(port)s is taken. End the program that uses it, or name another port.")


def check_port(port: int) -> None:
    """Raise PortTaken where somebody listens on that port already."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise PortTaken(port=port)


def serve(
    port: Annotated[int, typer.Option(help="port on loopback")] = 0,
    workers: Annotated[int, typer.Option(help="web processes")] = 1,
    worker: Annotated[bool, typer.Option(help="run the job worker beside it")] = True,
) -> None:
    """Serve the site on loopback."""
    from granian import Granian
    from granian.constants import Interfaces

    from hoaban.site.database import check_version

    check_version()
    port = port or settings.HOABAN_PORT
    check_port(port)
    typer.echo(f"http://{settings.HOABAN_HOST}:{port}")
    beside = subprocess.Popen([sys.executable, "-m", "hoaban", "work"]) if worker else None
    try:
        Granian(
            "hoaban.site.wsgi:application", address="127.0.0.1", port=port, interface=Interfaces.WSGI,
            workers=workers, blocking_threads=4, log_enabled=True, log_access=False,
        ).serve()  # fmt: skip
    finally:
        if beside:
            beside.terminate()
            beside.wait(timeout=20)


def work(once: Annotated[bool, typer.Option(help="stop when nothing is due")] = False) -> None:
    """Run the jobs that are due."""
    from hoaban.site.database import check_version

    check_version()
    call_command("procrastinate", "worker", *(["--one-shot"] if once else []), concurrency=1)


def messages() -> None:
    """Compile the catalogues of translations (`*.po` to `*.mo`)."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    from hoaban.site.settings import PACKAGE

    for source in sorted((PACKAGE / "locale").glob("*/*/LC_MESSAGES/*.po")):
        with source.open("rb") as written:
            catalogue = read_po(written)
        with Path(source.with_suffix(".mo")).open("wb") as compiled:
            write_mo(compiled, catalogue)
