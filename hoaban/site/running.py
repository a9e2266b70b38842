"""Running the site: the web server, the worker, the message catalogues."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from hoaban.base.errors import Refusal
from hoaban.base.words import _

PATIENCE_S = 5


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
    beside = _Beside() if worker else None
    try:
        Granian(
            "hoaban.site.wsgi:application", address="127.0.0.1", port=port, interface=Interfaces.WSGI,
            workers=workers, blocking_threads=4, log_enabled=True, log_access=False,
        ).serve()  # fmt: skip
    finally:
        if beside:
            beside.stop()


class _Beside:
    """The worker beside the server: begun again when it ends before the server does."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._run = self._begin()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Let it finish what it's doing, and no more."""
        self._over.set()
        self._run.terminate()
        self._run.wait(timeout=20)

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "hoaban", "work"])

    def _watch(self) -> None:
        while not self._over.wait(PATIENCE_S):
            if self._run.poll() is not None:
                typer.secho("the worker ended; it is begun again", fg="yellow", err=True)
                self._run = self._begin()


def work(once: Annotated[bool, typer.Option(help="stop when nothing is due")] = False) -> None:
    """Run the jobs that are due. A database that goes away is waited for."""
    from hoaban.audit import actions as audit
    from hoaban.site.database import check_version

    check_version()
    if once:
        audit.run_due()
    else:
        audit.work_on(say=lambda line: typer.secho(line, fg="yellow", err=True))


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
