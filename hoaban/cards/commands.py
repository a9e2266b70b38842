"""`hoaban cards …`: a chip's files, checking them, lists for machines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509

from hoaban.base.clock import now, today
from hoaban.cards import actions, queries, rules
from hoaban.cards.engine import chip
from hoaban.cards.rules import CardState
from hoaban.web.actor import acting_as, job_actor

app = typer.Typer(help="Cards and their chips.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON on standard output")]


@app.command("chip")
def write_chip(
    number: Annotated[str, typer.Argument(help="12-digit number of the holder")],
    out: Annotated[Path, typer.Option(help="folder to write to")],
    as_json: Json = False,
) -> None:
    """Write the files of somebody's newest card and the certificate under which they verify."""
    actor = job_actor("cards.chip")
    with acting_as(actor):
        card = queries.newest_of(number)
        folder = queries.files_of(card)
        out.mkdir(parents=True, exist_ok=True)
        for name in sorted(chip.read(folder).named()):
            shutil.copyfile(folder / name, out / name)
        shutil.copyfile(folder / "faces.pdf", out / "faces.pdf")
        (out / "csca.pem").write_bytes(queries.signing_authority().csca_pem())
        actions.note_export(card_id=card.pk, by=actor, at=now())
    files = sorted(path.name for path in out.iterdir())
    typer.echo(json.dumps({"serial": card.serial, "files": files}) if as_json else f"{card.serial}: {', '.join(files)}")


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="folder with EF.SOD, the data groups and csca.pem")],
    as_json: Json = False,
) -> None:
    """Say whether a chip's files are as they were signed under the folder's csca.pem."""
    try:
        csca = x509.load_pem_x509_certificate((folder / "csca.pem").read_bytes())
        faults = chip.faults(chip.read(folder), csca)
    except (OSError, ValueError) as error:
        raise rules.NoChipThere(folder=folder) from error
    typer.echo(json.dumps({"ok": not faults, "faults": faults}) if as_json else ", ".join(faults) or "as signed")
    if faults:
        raise typer.Exit(1)


@app.command("list")
def list_cards(
    state: Annotated[CardState | None, typer.Option(help="only cards in this state")] = None,
    commune: Annotated[str, typer.Option(help="only cards of this commune")] = "",
    limit: Annotated[int, typer.Option(min=1)] = 100,
    as_json: Json = False,
) -> None:
    """Cards with their numbers, states and days."""
    with acting_as(job_actor("cards.list")):
        rows = [
            {
                "serial": card.serial,
                "code": card.code,
                "number": card.number,
                "commune": card.commune_code,
                "state": card.state,
                "issued_on": str(card.issued_on),
                "expires_on": str(card.expires_on) if card.expires_on else None,
                "valid": card.is_valid(today()),
            }
            for card in queries.cards(state, {commune} if commune else None)[:limit]
        ]
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        for row in rows:
            typer.echo("  ".join(str(value) for value in row.values()))
