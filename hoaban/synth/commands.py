"""`hoaban synth …`"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from hoaban.base.words import _
from hoaban.synth import actions, queries, rules
from hoaban.synth.engine.describing import Line
from hoaban.synth.rules import Layout, Written

app = typer.Typer(help="A made-up province with its truth.", no_args_is_help=True)
TOLD = _(
    "%(people)s people, %(forms)s forms, %(missed)s people without one, %(communes)s communes, "
    "%(villages)s villages, %(images)s images in %(folder)s (%(seconds)s s)"
)
PARTS = {"people": _("people made up"), "forms": _("forms written")}
AGES_ON = dt.datetime.combine(rules.PEOPLE_2022, dt.time())


@app.callback()
def synth() -> None:
    """A made-up province with its truth."""


@app.command()
def write(
    folder: Annotated[Path, typer.Argument(help="Where to write; new, empty, or written by us before.")],
    people: Annotated[int, typer.Option(help="How many people there are.")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another province.")],
    communes: Annotated[str, typer.Option(help="Codes with commas between; all communes without it.")] = "",
    layout: Annotated[Layout, typer.Option("--format", help="How the forms are written.")] = Layout.CSV,
    images: Annotated[
        int, typer.Option(min=0, help="Forms drawn as images in each commune.")
    ] = rules.IMAGES_PER_COMMUNE,
    errors: Annotated[
        Path | None, typer.Option(help="Other error rates: a table of code (E01 to E17) and rate_pct.")
    ] = None,
    on: Annotated[
        dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The day as of which people have their ages.")
    ] = AGES_ON,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write forms DC01 by commune, the truth beside them, villages and drawn images."""
    codes = tuple(code.strip() for code in communes.split(",") if code.strip())
    with _Bars(hidden=as_json) as bars:
        written = actions.write(
            folder=folder,
            people=people,
            seed=seed,
            communes=codes,
            layout=layout,
            images=images,
            on=on.date(),
            rates=queries.rates(errors) if errors else None,
            progress=bars.show,
        )
    typer.echo(json.dumps(_plain(written)) if as_json else _told(written))


@app.command()
def describe(folder: Path) -> None:
    """Print a written province in tables, each figure beside the fact it was drawn from."""
    told = queries.describe(folder)
    console = Console()
    heading = _("%(people)s people, %(forms)s forms. All of them are made up.")
    console.print(str(heading) % {"people": f"{told.people:,}", "forms": f"{told.forms:,}"})
    for title, lines in (
        (_("Ages"), told.ages),
        (_("Ethnic groups by district"), told.groups),
        (_("Household sizes by the group of the head"), told.households),
        (_("Error kinds, in percent of people"), told.errors),
        (_("Kinds of error on one form"), told.errors_on_a_form),
    ):
        console.print(_table(str(title), lines))


@app.command()
def world(folder: Path) -> None:
    """Write the world round a written province: points, roads, closed spells, markets, schools, farmers' year."""
    written = actions.write_world(folder=folder)
    rows = ", ".join(f"{name} {count:,}" for name, count in written.rows.items())
    typer.echo(f"{written.path}: {rows} ({written.seconds} s)")


@app.command()
def draw(folder: Path, serials: list[str]) -> None:
    """Draw the images of further forms."""
    for path in actions.draw(folder=folder, serials=serials):
        typer.echo(str(path))


def _table(title: str, lines: list[Line]) -> Table:
    table = Table("", "", str(_("count")), str(_("here, %")), str(_("facts, %")), title=title)
    for column in table.columns[2:]:
        column.justify = "right"
    for line in lines:
        fact = "" if line.fact is None else f"{line.fact:.2f}"
        table.add_row(line.of, line.label, f"{line.count:,}", f"{line.share:.2f}", fact)
    return table


class _Bars:
    """A bar for each part of the work, with a rate and the time left."""

    def __init__(self, *, hidden: bool) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=hidden,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def show(self, what: str, done: int, of: int) -> None:
        """Move the bar of this part of the work."""
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(str(PARTS[what]), total=of, rate="")
        speed = self._progress.tasks[self._tasks[what]].speed
        self._progress.update(self._tasks[what], completed=done, rate=f"{speed:,.0f}/s" if speed else "")


def _plain(written: Written) -> dict[str, object]:
    return {**asdict(written), "folder": str(written.folder)}


def _told(written: Written) -> str:
    return str(TOLD) % {
        "people": f"{written.people:,}",
        "forms": f"{written.forms:,}",
        "missed": f"{written.missed:,}",
        "communes": written.communes,
        "villages": written.villages,
        "images": written.images,
        "folder": written.folder,
        "seconds": written.seconds,
    }
