"""`hoaban kit …`: the offline station."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hoaban.base import records
from hoaban.base.clock import now
from hoaban.enrolment.rules import station as joining
from hoaban.kit import actions, queries, rules, server
from hoaban.kit.store import Station
from hoaban.web.actor import job_actor

app = typer.Typer(help="The station that enrols people where there is no network.", no_args_is_help=True)

Home = Annotated[Path, typer.Option(help="the station's folder")]
AsJson = Annotated[bool, typer.Option("--json")]
BY = job_actor("kit.command")


@app.command()
def init(code: str, home: Home) -> None:
    """Set a station up in a folder; its request.json goes to the province."""
    actions.init(home=home, code=code, by=BY)
    typer.echo(f"{home / 'request.json'} - take it to the province: hoaban enrolment register-kit")


@app.command()
def join(file: Path, home: Home) -> None:
    """Take the kit.json that the province made for this station."""
    try:
        given = records.read(joining.StationPass, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise rules.NotAnExport(file=file) from error
    actions.take_pass(station=Station(home), given=given, by=BY)
    typer.echo(f"station {given.kit} is registered at {given.server_url}")


@app.command()
def run(
    home: Home,
    server_url: Annotated[str, typer.Option("--server", help="the province's address")] = "",
    port: Annotated[int, typer.Option(help="port on loopback")] = 8800,
) -> None:
    """Open the station's pages on loopback."""
    station = _station(home, server_url)
    typer.echo(f"http://localhost:{port}")
    server.serve(station, port)


@app.command()
def sync(
    home: Home,
    server_url: Annotated[str, typer.Option("--server", help="the province's address")] = "",
    as_json: AsJson = False,
) -> None:
    """Send what waits, take receipts and the newest list."""
    station = _station(home, server_url)
    report = actions.synchronise(station=station, line=server.open_line(station), by=BY, at=now())
    if as_json:
        typer.echo(json.dumps(asdict(report)))
    elif report.trouble:
        raise rules.NotSent(why=report.trouble)
    else:
        typer.echo(f"{report.sent} confirmed just now, {report.waiting} waiting, {report.stuck} to look at")


@app.command()
def status(home: Home, as_json: AsJson = False) -> None:
    """What was done here, what waits, what the province has."""
    found = asdict(queries.condition(Station(home)))
    typer.echo(json.dumps(found) if as_json else ", ".join(f"{name}: {value}" for name, value in found.items()))


@app.command()
def export(file: Path, home: Home) -> None:
    """Write what isn't received yet to one file, for a stick."""
    typer.echo(f"{actions.export(station=Station(home), file=file, by=BY)} packets in {file}")


@app.command()
def receipts(file: Path, home: Home) -> None:
    """Take the receipts that came back on a stick."""
    try:
        tokens = [str(token) for token in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise rules.NotAnExport(file=file) from error
    taken = actions.take_receipts(station=Station(home), tokens=tokens, by=BY, at=now())
    typer.echo(f"{taken} packets are confirmed")


@app.command(name="load-list")
def load_list(file: Path, home: Home) -> None:
    """Take a list that came on a stick."""
    try:
        sealed = file.read_bytes()
    except OSError as error:
        raise rules.NotAnExport(file=file) from error
    version = actions.take_list(station=Station(home), sealed=sealed, by=BY, at=now())
    typer.echo(f"list {version}")


@app.command()
def restored(home: Home) -> None:
    """Say that this disk was restored from a copy: packets are counted anew."""
    typer.echo(f"epoch {actions.begin_epoch(station=Station(home), by=BY)}")


def _station(home: Path, server_url: str) -> Station:
    station = Station(home)
    if server_url:
        actions.call_server(station=station, server_url=server_url, by=BY)
    return station
