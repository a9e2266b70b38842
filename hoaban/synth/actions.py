"""Writing a synthetic province: forms, the truth beside them, villages and drawn images.

These actions write files and change no register, so nobody is responsible for them by name and the
audit has no entry.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import IO

import numpy as np
import polars as pl

from hoaban.base import tables
from hoaban.base.dc01 import paper
from hoaban.base.dc01 import workbook as dc01_workbook
from hoaban.base.dc01.filling import sheet_words
from hoaban.synth import queries, rules
from hoaban.synth.engine import drawing, errors, facts, forms, sheets, surroundings, truth, workbook, world
from hoaban.synth.rules import KEYED, Kind, Layout, Order, World, Written

Progress = Callable[[str, int, int], None]  # what is being written, how many of how many

MANIFEST = queries.MANIFEST
UNFINISHED = '{"synthetic": true, "finished": false}\n'  # so that a writing cut short can be begun again
FOLDERS = ("forms", "truth", "places", "images", "world")
WORLD_SHEETS = ("points", "roads", "closures", "markets", "schools", "farm_calendar")
PEOPLE_AT_ONCE = 50_000


def write(
    *,
    folder: Path,
    people: int,
    seed: int,
    communes: Sequence[str] = (),
    layout: Layout = Layout.CSV,
    images: int = rules.IMAGES_PER_COMMUNE,
    on: dt.date = rules.PEOPLE_2022,
    rates: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write so many people as forms, with their truth, as of the day `on`; the same arguments, the same bytes.

    `images` is the number of forms drawn in each commune. `rates` replaces the error rates (share of
    records by kind). Refuses unknown communes, too few people, and a folder with files of others.
    """
    began = perf_counter()
    chosen = rules.check_order(people, tuple(communes), tuple(c.code for c in facts.communes()))
    order = Order(people, seed, chosen, on, {**errors.rates(), **(rates or {})})
    _clear(folder)
    say = progress or _silent
    say("people", 0, people)
    made = world.made_up(people, seed, chosen, on)
    came = forms.come_in(made, order)
    true = sheets.Sheets(made, came)
    say("people", people, people)
    _write_truth(folder, true)
    boxes = json.dumps({field: [box.x, box.y, box.w, box.h] for field, box in paper.boxes().items()}, indent=1)
    (folder / "images" / "boxes.json").write_text(boxes + "\n", encoding="utf-8")
    counted, drawn = _write_forms(folder, true, order, layout, images, say)
    written = Written(
        folder=folder,
        people=people,
        forms=len(came.person),
        communes=len(chosen),
        villages=len(made.villages),
        images=drawn,
        errors=dict(sorted(counted.items())),
        missed=len(came.missed),
        seconds=round(perf_counter() - began, 1),
    )
    _sign(folder, order, written)
    return written


def write_world(*, folder: Path) -> World:
    """Write the world round a written province's villages: `world/world.xlsx`, the same bytes each time.

    Points with height, power and network, roads with minutes by vehicle and season, closed spells of the rain
    season after the forms' day, markets, schools and the farmers' year. Refuses a folder not finished.
    """
    signed, began = queries.manifest(folder), perf_counter()
    villages = tables.read(queries.villages_file(folder))
    made = surroundings.of(villages, dt.date.fromisoformat(signed["on"]).year + 1, signed["seed"])
    sheets = {name: getattr(made, name) for name in WORLD_SHEETS}
    path = folder / "world" / "world.xlsx"
    path.parent.mkdir(exist_ok=True)
    workbook.write_sheets({**sheets, "columns": facts.table("world_columns")}, path)
    return World(path, {name: len(rows) for name, rows in sheets.items()}, round(perf_counter() - began, 1))


def draw(*, folder: Path, serials: Sequence[str]) -> list[Path]:
    """Draw the images of further forms of a written province. Refuses serials that it doesn't hold."""
    rows = queries.papers(folder, serials)
    return [drawing.draw(row, folder / "images") for row in rows.iter_rows(named=True)]


def _silent(_what: str, _done: int, _of: int) -> None:
    return None


def _clear(folder: Path) -> None:
    """Make room; only what an earlier writing left may go."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MANIFEST).exists():
            raise rules.NotOurFolder(folder=folder)
        for name in FOLDERS:
            shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_text(UNFINISHED, encoding="utf-8")
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)


def _write_truth(folder: Path, true: sheets.Sheets) -> None:
    made, came = true.world, true.forms
    with (folder / "truth" / "people.csv").open("wb") as out:
        for start in range(0, made.members, PEOPLE_AT_ONCE):
            rows = np.arange(start, min(start + PEOPLE_AT_ONCE, made.members))
            _csv(truth.people(true, rows), out, header=start == 0)
    ids = truth.person_ids(came.person, made.members)
    _csv(pl.DataFrame({"form_serial": came.serial, "true_id": ids}), folder / "truth" / "forms.csv")
    missed = pl.DataFrame({"true_id": truth.person_ids(came.missed, made.members)})
    _csv(missed, folder / "truth" / "missed.csv")
    _csv(truth.story(made, came), folder / "truth" / "story.csv")
    _csv(truth.villages(made), folder / "places" / "villages.csv")
    _csv(truth.old_names(made), folder / "places" / "old_names.csv")


def _write_forms(
    folder: Path, true: sheets.Sheets, order: Order, layout: Layout, images: int, say: Progress
) -> tuple[Counter[str], int]:
    """Commune by commune: the rows, the errors in them, a sample drawn. Counts forms by error kind."""
    made, came = true.world, true.forms
    counted: Counter[str] = Counter({Kind.MISSED.value: len(came.missed)})
    drawn = done = 0
    bounds = np.searchsorted(came.commune, np.arange(len(made.communes) + 1))
    with (folder / "truth" / "errors.csv").open("wb") as out:
        for commune in range(len(made.communes)):
            rows = np.arange(bounds[commune], bounds[commune + 1])
            sheet = errors.spoilt(true, rows, commune, order)
            typed = sheet.finished()
            _save(typed, folder / "forms" / f"DC01_{made.communes[commune].code}", layout)
            serial = typed["form_serial"].to_list()
            listed = sorted(sheet.changes, key=lambda change: change.row)
            spoilt = pl.DataFrame(
                [(serial[c.row], c.kind.value, c.field, c.written, c.true) for c in listed],
                schema=dict.fromkeys(("form_serial", "kind", "field", "written", "true"), pl.String),
                orient="row",
            )
            _csv(spoilt, out, header=commune == 0)
            counted.update(kind for kind, _row in {(c.kind.value, c.row) for c in listed})
            sample = _sample(sheet, images, order.seed)
            drawn += _draw_sample(folder, typed, sheet, sample)
            done += len(rows)
            say("forms", done, len(came.person))
    return counted, drawn


def _csv(frame: pl.DataFrame, out: Path | IO[bytes], *, header: bool = True) -> None:
    """Plain CSV: nothing, rather than a pair of quotes, where there is nothing."""
    frame.with_columns(pl.all().replace("", None)).write_csv(out, include_header=header)


def _save(typed: pl.DataFrame, path: Path, layout: Layout) -> None:
    if layout in (Layout.CSV, Layout.BOTH):
        _csv(typed, path.with_suffix(".csv"))
    if layout in (Layout.XLSX, Layout.BOTH):
        dc01_workbook.write(str(path.with_suffix(".xlsx")), sheet_words(), typed.iter_rows())


def _sample(sheet: errors.Sheet, images: int, seed: int) -> list[int]:
    """Rows to draw: the story's persons, then others at random."""
    if not images:
        return []
    told = [row for row, person in enumerate(sheet.person.tolist()) if person in sheet.world.story]
    rng = np.random.default_rng([seed, 6, int(sheet.rows[0])])
    others = [row for row in rng.permutation(len(sheet.rows)).tolist() if row not in told]
    return sorted([*told, *others[: max(0, images - len(told))]])


def _draw_sample(folder: Path, typed: pl.DataFrame, sheet: errors.Sheet, sample: list[int]) -> int:
    papers = typed[sample]
    keyed = {(c.row, c.field): c.true for c in sheet.changes if c.kind in KEYED}
    for row, written in zip(sample, papers.iter_rows(named=True), strict=True):
        written |= {field: true for (at, field), true in keyed.items() if at == row}
        drawing.draw(written, folder / "images")
    return len(sample)


def _sign(folder: Path, order: Order, written: Written) -> None:
    """What was ordered, without anything that changes from run to run."""
    signed = {
        "synthetic": True,
        "finished": True,
        "people": order.people,
        "seed": order.seed,
        "on": order.on.isoformat(),
        "communes": list(order.communes),
        "forms": written.forms,
        "images": written.images,
        "rates": dict(sorted(order.rates.items())),
        "errors": written.errors,
    }
    (folder / MANIFEST).write_text(json.dumps(signed, indent=1) + "\n", encoding="utf-8")
