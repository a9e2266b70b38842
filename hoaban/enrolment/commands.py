"""`hoaban enrolment …`: stations, and packets that come on a stick."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from hoaban.base import durable, records
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.enrolment import actions, queries
from hoaban.enrolment.rules import packet, station
from hoaban.people import queries as people
from hoaban.web.actor import job_actor

app = typer.Typer(help="Stations and what they send.", no_args_is_help=True)
BY = job_actor("enrolment.command")


class UnreadableFile(Refusal):
    """The file isn't what the command needs."""

    code = "enrolment.unreadable_file"
    message = _("%(file)s can't be read.")


@app.command(name="make-keys")
def make_keys() -> None:
    """Make the province's keys where they are missing."""
    actions.make_keys(by=BY, at=now())
    typer.echo(f"recipient {queries.province_keys().recipient}")


@app.command(name="register-kit")
def register_kit(
    code: str,
    home: Annotated[Path, typer.Option(help="folder with the station's request.json; kit.json goes there")],
    team: Annotated[str, typer.Option(help="code of the team that works it")] = "",
) -> None:
    """Register a station by its request.json and write the kit.json that it needs."""
    file = home / "request.json"
    try:
        request = records.read(station.StationRequest, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise UnreadableFile(file=file) from error
    if request.kit != code:
        raise station.OtherCode(said=request.kit, code=code)
    given = actions.register_kit(request=request, team_code=team, by=BY, at=now())
    durable.write(home / "kit.json", json.dumps(records.plain(given), indent=1).encode())
    typer.echo(f"{home / 'kit.json'}")


@app.command()
def operator(
    code: str,
    username: str,
    pin: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Let an officer open a station with a PIN of 6 digits."""
    actions.admit_operator(kit=queries.kit(code), username=username, pin=pin, by=BY, at=now())
    typer.echo(f"{username} may open {code} once it has its next list")


@app.command(name="list")
def write_list(
    code: str,
    out: Annotated[Path, typer.Option(help="file for the stick")],
) -> None:
    """Draw a station's list, and write it sealed to a file for a stick."""
    made = actions.draw_list(kit=queries.kit(code), by=BY, at=now())
    durable.write(out, bytes(made.sealed))
    typer.echo(f"list {made.version} with {made.people} people in {out}")


@app.command()
def expect(code: str, numbers: list[str]) -> None:
    """Let a station expect people by their 12-digit numbers, without an appointment."""
    found = [people.by_number(number).pk for number in numbers]
    actions.expect(kit=queries.kit(code), person_ids=found, by=BY, at=now())
    typer.echo(f"{len(found)} people are on the next list of {code}")


@app.command(name="import")
def import_packets(file: Path, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Take the packets of a stick; their receipts are written beside it, for the way back."""
    counts: Counter[str] = Counter()
    tokens = []
    try:
        with zipfile.ZipFile(file) as bundle:
            for name in track(bundle.namelist(), description="packets", disable=as_json):
                if bundle.getinfo(name).file_size > packet.LARGEST_BYTES:
                    counts[packet.Verdict.CONFLICT] += 1
                    continue
                answer = actions.receive_whole(content=bundle.read(name), came_by="usb", by=BY, at=now())
                counts[answer.verdict] += 1
                tokens += [answer.receipt] if answer.receipt else []
    except (OSError, zipfile.BadZipFile) as error:
        raise UnreadableFile(file=file) from error
    receipts = file.with_name(file.name + ".receipts.json")
    durable.write(receipts, json.dumps(tokens).encode())
    found = {"taken": counts[packet.Verdict.HAVE], "put_aside": counts[packet.Verdict.CONFLICT]}
    typer.echo(json.dumps(found | {"receipts": str(receipts)}) if as_json else f"{found}, receipts: {receipts}")


@app.command()
def kits(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Every station and what came from it."""
    rows = [{"kit": one.code, **asdict(queries.counts_of(one))} for one in queries.kits()]
    typer.echo(json.dumps(rows) if as_json else "\n".join(str(row) for row in rows))
