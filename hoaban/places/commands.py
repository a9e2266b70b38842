"""`hoaban places …`"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from hoaban.base.clock import now
from hoaban.places import actions, queries, rules
from hoaban.web.actor import job_actor

app = typer.Typer(help="Units, villages and reforms of the map.", no_args_is_help=True)
DAY = typer.Option(formats=["%Y-%m-%d"], help="day, as 2025-07-01")


@app.command()
def load(
    file: Annotated[Path | None, typer.Argument(help="table of units; ours as of 2023 without")] = None,
    on: Annotated[dt.datetime | None, DAY] = None,
) -> None:
    """Load a province's units, valid from a day on."""
    added = actions.load_units(path=file, on=_day(on), by=job_actor("places.load"), at=now())
    typer.echo(f"{added} units added")


@app.command()
def villages(file: Path, on: Annotated[dt.datetime | None, DAY] = None) -> None:
    """Load villages (code, commune_code, name, lat, lon, invented) or their old names (code, commune_code, old_name).

    Codes of communes are those of today, or of the day given."""
    typer.echo(f"{actions.load_villages(path=file, on=_day(on), by=job_actor('places.villages'), at=now())} villages")


@app.command()
def marks(file: Path) -> None:
    """Mark units with difficulty zones and borders (code, level, on, kind, value, valid_from, valid_to, ...)."""
    typer.echo(f"{actions.load_marks(path=file, by=job_actor('places.marks'), at=now())} marks")


@app.command()
def shapes(
    file: Path,
    on: Annotated[dt.datetime | None, DAY] = None,
    source: Annotated[str, typer.Option(help="whose outlines they are")] = "",
) -> None:
    """Load official outlines from GeoJSON (WGS 84, a property with the unit's code) in place of approximate ones."""
    loaded = actions.load_shapes(path=file, on=_day(on), source=source, by=job_actor("places.shapes"), at=now())
    typer.echo(f"{loaded} outlines")


@app.command()
def reform(
    file: Annotated[Path | None, typer.Argument(help="table of the reform; ours of 2025 without")] = None,
    on: Annotated[dt.datetime | None, DAY] = None,
    name: Annotated[str, typer.Option(help="what it's known by, such as the resolution")] = "",
    dry_run: Annotated[bool, typer.Option(help="only say what would be done")] = False,
) -> None:
    """Reform the map: merge, split, rename, move units and villages. Nothing is done where there is any fault."""
    by = job_actor("places.reform")
    if dry_run:
        for line in _said(actions.plan_reform(path=file, on=_day(on), by=by)):
            typer.echo(line)
        return
    done = actions.reform(path=file, on=_day(on), name=name, by=by, at=now())
    typer.echo(f"{done.name}: done, valid from {done.valid_from}")


def _said(plan: rules.Plan) -> list[str]:
    names = queries.names(plan.ends, plan.on - dt.timedelta(days=1))
    lines = [f"from {plan.on}: {len(plan.ends)} units end, {len(plan.begins)} begin, {len(plan.villages)} villages go"]
    for one in plan.begins:
        parts = ", ".join(f"{made.key} {names[made.key]}{'' if made.whole else ' (a part)'}" for made in one.made_of)
        lines.append(f"{one.key} {one.kind} {one.name}: {rules.ACT_WORDS[one.act]}: {parts}")
    gone = set(plan.ends) - {made.key for one in plan.begins for made in one.made_of}
    lines += [f"{key} {names[key]}: dissolved" for key in sorted(gone)]
    lines += [f"village {one.code} {one.name}: in {one.commune}" for one in plan.villages]
    return lines


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None
