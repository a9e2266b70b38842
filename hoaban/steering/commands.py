"""`hoaban steering …`"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hoaban.base.clock import now, today
from hoaban.steering import actions, queries
from hoaban.steering.engine import papers
from hoaban.web.actor import job_actor

app = typer.Typer(help="Figures and official reports.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON on standard output")]


@app.command()
def close(as_json: Json = False) -> None:
    """Keep today's figures of every commune as they stand now."""
    closing = actions.close_day(by=job_actor("steering.close"), at=now())
    typer.echo(json.dumps({"day": str(closing)}) if as_json else f"figures of {closing} are closed")


@app.command()
def report(
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="last day of the week")],
    out: Annotated[Path, typer.Option(help="folder to write to")],
    as_json: Json = False,
) -> None:
    """Write the official weekly report as DOCX and PDF; today's figures are closed first if nobody has."""
    day, actor = until.date(), job_actor("steering.report")
    if day == today():
        actions.close_day(by=actor, at=now())
    found = queries.report(day, actor)
    out.mkdir(parents=True, exist_ok=True)
    files = {"docx": papers.docx(found), "pdf": papers.pdf(found)}
    for kind, content in files.items():
        (out / papers.file_name(day, kind)).write_bytes(content)
    names = [str(out / papers.file_name(day, kind)) for kind in files]
    typer.echo(json.dumps({"until": str(day), "files": names}) if as_json else "\n".join(names))
