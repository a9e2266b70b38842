"""`hoaban demo`: a rehearsed province to walk through, prepared once and served with its station."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from hoaban.base.clock import now
from hoaban.officers.rules import ROLE_TITLES, Role
from hoaban.rehearsal import actions, queries, rules
from hoaban.site import database
from hoaban.web.actor import acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.rehearsal.models import Played

STATION_PORT = 8800


def demo(
    people: Annotated[int, typer.Option(help="how many synthetic people")] = rules.PEOPLE,
    seed: Annotated[int, typer.Option(help="another seed, other people")] = rules.SEED,
    reset: Annotated[bool, typer.Option(help="throw the demo away first")] = False,
    serve: Annotated[bool, typer.Option(help="serve the site and the station afterwards")] = True,
) -> None:
    """Rehearse the work with synthetic people, once; then serve the site and the station."""
    began = time.perf_counter()
    out = Console(highlight=False)
    if reset:
        _reset()
    database.make_ready()
    with acting_as(job_actor("command.demo")):
        steps = actions.play(
            people_count=people, seed=seed, by=job_actor("rehearsal.play"), clock=now,
            say=lambda step, played: _say(out, step, played),
        )  # fmt: skip
        _tell(out, steps, time.perf_counter() - began)
    if serve:
        _serve()


def _reset() -> None:
    """Throw away what a demo made; nothing else may be touched."""
    if not settings.HOABAN_SYNTHETIC:
        raise rules.NotHere
    database.empty()
    for folder in (settings.HOABAN_FILES, queries.folder(), settings.HOABAN_KEYS):
        if folder.exists():
            shutil.rmtree(folder)


def _say(out: Console, step: rules.Step, played: Played | None) -> None:
    if played is None:
        out.print(f"{rules.STEP_WORDS[step]} …", style="bright_black")
        return
    figures = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in played.figures.items())
    out.print(f"  {played.seconds:6.1f} s  {played.megabytes:7.1f} MB  {figures}")


def _tell(out: Console, steps: list[Played], seconds: float) -> None:
    disk = queries.disk()
    worked = sum(one.seconds for one in steps)
    out.print(
        f"\n{len(steps)} steps rehearsed in {worked:.0f} s; on the disk {disk.database:.0f} MB of database and "
        f"{disk.files:.0f} MB of files. Ready after {seconds:.0f} s.\nAll people, officers and places of work in "
        "villages are invented.\n"
    )
    table = Table("sign in as", "role", "name", "authenticator secret", box=None, header_style="bold")
    for part in queries.cast():
        table.add_row(
            part.username, str(ROLE_TITLES[Role(part.role)]), part.full_name, queries.totp_secret(part.username)
        )
    out.print(table)
    site, station = f"http://localhost:{settings.HOABAN_PORT}", f"http://localhost:{STATION_PORT}"
    heroine = queries.person_of(rules.HEROINE)
    out.print(
        f"\nEverybody's password: {rules.PASSWORD}   the present code of an authenticator: hoaban rehearsal code NAME\n"
        f"\nThe site: {site}   the station: {station} (PIN {rules.PIN})\n\nThree things to try\n"
        f"  1. Enrol {heroine.full_name} ({heroine.number}) at the station.\n"
    )


def _serve() -> None:
    run = [sys.executable, "-m", "hoaban"]
    station = subprocess.Popen(
        [*run, "kit", "run", "--home", str(queries.station_folder()), "--port", str(STATION_PORT)]
    )
    try:
        subprocess.run([*run, "serve"], check=False)
    except KeyboardInterrupt:
        pass
    finally:
        station.terminate()
        station.wait(timeout=20)
