"""`hoaban places …`"""

from __future__ import annotations

from pathlib import Path

import typer

from hoaban.base.clock import now
from hoaban.places import actions
from hoaban.web.actor import job_actor

app = typer.Typer(help="Units and villages.", no_args_is_help=True)


@app.command()
def load() -> None:
    """Load the province's units."""
    typer.echo(f"{actions.load_units(by=job_actor('places.load'), at=now())} units added")


@app.command()
def villages(file: Path) -> None:
    """Load villages from a table (code, commune_code, name, lat, lon, invented)."""
    typer.echo(f"{actions.load_villages(path=file, by=job_actor('places.villages'), at=now())} villages")
