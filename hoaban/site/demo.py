"""`hoaban demo`: a rehearsed province to walk through, prepared once and served with its station."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings
from django.utils import translation
from rich import box
from rich.console import Console
from rich.table import Table

from hoaban.base.clock import now
from hoaban.officers.rules import ROLE_TITLES, Role
from hoaban.rehearsal import actions, queries, rules
from hoaban.site import database, running
from hoaban.web.actor import acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.rehearsal.models import Played

STATION_PORT = 8800


def demo(
    people: Annotated[int, typer.Option(help="how many synthetic people")] = rules.PEOPLE,
    seed: Annotated[int, typer.Option(help="another seed, other people")] = rules.SEED,
    reset: Annotated[bool, typer.Option(help="throw the demo away first")] = False,
    serve: Annotated[bool, typer.Option(help="serve the site and the station afterwards")] = True,
    station_port: Annotated[int, typer.Option(help="port of the station on loopback")] = STATION_PORT,
) -> None:
    """Rehearse the work with synthetic people, once; then serve the site and the station."""
    began = time.perf_counter()
    if serve:
        for port in (settings.HOABAN_PORT, station_port):
            running.check_port(port)
    out = Console(highlight=False, soft_wrap=True)
    running.messages()  # words are kept in the language of the people, so their catalogue comes first
    if reset:
        _reset()
    database.make_ready()
    with acting_as(job_actor("command.demo")), translation.override("en"):
        steps = actions.play(
            people_count=people, seed=seed, by=job_actor("rehearsal.play"), clock=now,
            say=lambda step, played: _say(out, step, played),
        )  # fmt: skip
        _tell(out, steps, time.perf_counter() - began, station_port)
    if serve:
        _serve(station_port)


def _reset() -> None:
    """Throw away what a demo made; nothing else may be touched. Raises NotHere, OthersAreHere."""
    if not settings.HOABAN_SYNTHETIC:
        raise rules.NotHere
    if database.holds("people_person") and not database.holds("rehearsal_played"):
        raise rules.OthersAreHere
    database.empty()
    made = [path for path in Path(settings.HOABAN_KEYS).glob("*") if path.is_dir()]  # the secret of cookies stays
    for folder in (Path(settings.HOABAN_FILES), queries.folder(), *made):
        if folder.exists():
            shutil.rmtree(folder)


def _say(out: Console, step: rules.Step, played: Played | None) -> None:
    if played is None:
        out.print(f"{rules.STEP_WORDS[step]} …", style="bright_black")
        return
    figures = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in played.figures.items())
    out.print(f"  {played.seconds:6.1f} s  {played.megabytes:7.1f} MB  {figures}")


def _tell(out: Console, steps: list[Played], seconds: float, station_port: int) -> None:
    disk = queries.disk()
    worked = sum(one.seconds for one in steps)
    out.print(
        f"\n{len(steps)} steps rehearsed in {worked:.0f} s; on the disk {disk.database:.0f} MB of database and "
        f"{disk.files:.0f} MB of files. Ready after {seconds:.0f} s.\nAll people, officers and places of work in "
        "villages are invented.\n"
    )
    table = Table("sign in as", "role", "name", "authenticator secret", box=box.SIMPLE_HEAD, header_style="bold")
    for part in queries.cast():
        table.add_row(
            part.username, str(ROLE_TITLES[Role(part.role)]), part.full_name, queries.totp_secret(part.username)
        )
    out.print(table)
    out.print(
        f"Everybody's password: {rules.PASSWORD}\nWhat an authenticator shows now: hoaban rehearsal code NAME\n\n"
        f"The site     http://localhost:{settings.HOABAN_PORT}\n"
        f"The station  http://localhost:{station_port}   (PIN {rules.PIN})\n\n"
        "Three things to try\n"
    )
    for number, words in enumerate(_to_try(), 1):
        out.print(f"  {number}. {words}")
    out.print()


def _to_try() -> list[str]:
    mai, citizen = queries.person_of(rules.HEROINE), queries.citizen()
    return [
        f"Follow {mai.full_name} ({mai.number}): open the station, find her by her last digits, enrol her and send;\n"
        "     then the card desk (cancuoc, cancuoc2), and /the with the code on her slip.",
        f"Be a citizen: /dinh-danh/dang-nhap as {citizen.full_name} ({citizen.number}), password as above;\n"
        "     declare that somebody comes to stay, approve it as motcua, look who saw the record.",
        "Check forms by keyboard as congan.xa (/kiem-tra), decide corrections as congan.xa2, and open the figures\n"
        "     of the board as chutich (/tinh) down to the names.",
    ]


def _serve(station_port: int) -> None:
    """Run the site and the station until Ctrl+C or until the site ends; both end with us."""
    run = [sys.executable, "-m", "hoaban"]
    station = ["kit", "run", "--home", str(queries.station_folder()), "--port", str(station_port)]
    beside = [subprocess.Popen([*run, "serve"]), subprocess.Popen([*run, *station])]
    try:
        beside[0].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for one in beside:
            one.terminate()
        for one in beside:
            one.wait(timeout=30)
