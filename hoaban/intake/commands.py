"""`hoaban intake …`"""

from __future__ import annotations

import csv
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from hoaban.base import dc01
from hoaban.base.clock import now
from hoaban.intake import actions, queries, rules
from hoaban.web.actor import acting_as, job_actor

app = typer.Typer(help="Forms received on paper.", no_args_is_help=True)


@app.command()
def load(
    paths: list[Path],
    commune: Annotated[str, typer.Option(help="The commune of forms that don't name theirs.")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Load forms from CSV and XLSX files, or from folders of them."""
    files = list(_tables(paths))
    if not files:
        raise rules.NoFiles(paths=", ".join(map(str, paths)))
    began = time.perf_counter()
    with _bar(silent=as_json) as bar:
        batches = actions.load_all(
            paths=files, by=job_actor("intake.load"), at=now(), commune=commune,
            progress=lambda file: _Say(bar, bar.add_task(file.name, total=None, rate="")),
        )  # fmt: skip
    told = _told(sorted({batch.pk for batch in batches}), time.perf_counter() - began)
    if as_json:
        typer.echo(told.line())
    else:
        typer.echo(
            f"{told.rows} rows: {told.accepted} accepted, {told.questioned} accepted with questions, "
            f"{told.returned} returned, {told.repeated} received before "
            f"({told.seconds} s, {told.rows_per_second} rows/s)"
        )


@app.command()
def template(file: Path) -> None:
    """Write the workbook that a commune fills in."""
    file.write_bytes(queries.template())
    typer.echo(f"{file}: {len(dc01.COLUMNS)} columns")


class Format(StrEnum):
    """How findings are written."""

    CSV = "csv"


@app.command()
def findings(
    batch: Annotated[int | None, typer.Option(help="Of this file alone.")] = None,
    format_: Annotated[Format, typer.Option("--format")] = Format.CSV,
) -> None:
    """Print every finding: which form, row and field, what is wrong and what is proposed."""
    assert format_ is Format.CSV
    with acting_as(job_actor("intake.findings")):
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(queries.FINDING_COLUMNS)
        rows.writerows([queries.harmless(cell) for cell in row] for row in queries.all_findings(batch))


@app.command()
def images(folder: Path) -> None:
    """Register the images of forms (SERIAL.png) of a folder."""
    typer.echo(f"{actions.register_images(folder=folder, by=job_actor('intake.images'), at=now())} images added")


def _tables(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and file.suffix.lower() in (".csv", ".xlsx"))


class _Say:
    """Shows how far a file is, with its rate."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self.bar, self.task, self.began = bar, task, time.perf_counter()

    def __call__(self, done: int, total: int) -> None:
        rate = done / (time.perf_counter() - self.began)
        self.bar.update(self.task, completed=done, total=total, rate=f"{rate:.0f} rows/s")


def _bar(*, silent: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"), console=Console(stderr=True), disable=silent,
    )  # fmt: skip


def _told(batch_ids: list[int], seconds: float) -> rules.Loaded:
    batches = [queries.batch(one) for one in batch_ids]
    findings: Counter[str] = Counter()
    for one in batch_ids:
        findings.update({found.code: found.rows for found in queries.finding_counts(one)})
    counts = {state: sum(getattr(batch, state) for batch in batches) for state in rules.RowState}
    return rules.Loaded(
        batches=len(batches), rows=sum(batch.rows for batch in batches),
        accepted=counts[rules.RowState.ACCEPTED], questioned=counts[rules.RowState.QUESTIONED],
        returned=counts[rules.RowState.RETURNED], repeated=sum(batch.repeated for batch in batches),
        findings=dict(findings), seconds=round(seconds, 2),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    )  # fmt: skip
