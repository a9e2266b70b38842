"""Reading a written province back: the forms, the truth, and what stood on the paper."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from hoaban.base import tables
from hoaban.base.dc01 import COLUMNS
from hoaban.synth import rules
from hoaban.synth.engine import describing
from hoaban.synth.engine.describing import Line
from hoaban.synth.rules import KEYED

MANIFEST = "synth.json"


def form_files(folder: Path) -> list[Path]:
    """The DC01 files, by commune; the CSV where a commune has both. Refuses a folder not finished."""
    _check(folder)
    by_name = {path.stem: path for path in sorted(folder.glob("forms/DC01_*.*"), reverse=True)}
    return [by_name[name] for name in sorted(by_name)]


def forms(folder: Path) -> pl.DataFrame:
    """All rows as they were typed, in the form's columns."""
    return pl.concat([tables.read(path) for path in form_files(folder)]).select(COLUMNS)


def people(folder: Path) -> pl.DataFrame:
    """Everybody as they really are."""
    return _truth(folder, "people")


def owners(folder: Path) -> pl.DataFrame:
    """Whose form each is: `form_serial`, `true_id`."""
    return _truth(folder, "forms")


def errors(folder: Path) -> pl.DataFrame:
    """Each wrong field: `form_serial`, `kind`, `field`, `written`, `true`."""
    return _truth(folder, "errors")


def missed(folder: Path) -> pl.DataFrame:
    """`true_id` of everybody without a form."""
    return _truth(folder, "missed")


def story(folder: Path) -> dict[str, tuple[str, str]]:
    """The story's persons who live in the communes written: name of the part to (true_id, form_serial)."""
    rows = _truth(folder, "story").select("story", "true_id", "form_serial").iter_rows()
    return {part: (true_id, serial) for part, true_id, serial in rows}


def manifest(folder: Path) -> dict[str, Any]:
    """What was ordered and written: people, seed, day, communes, rates, counts. Refuses a folder not finished."""
    _check(folder)
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return found


def rates(path: Path) -> dict[str, float]:
    """Error rates (share of records) from a table of `code`, `rate_pct`. Raises UnreadableTable, BadRates."""
    return rules.read_rates(tables.read(path).iter_rows(named=True), path.name)


@dataclass(frozen=True)
class Description:
    """A written province beside the facts it was drawn from."""

    people: int
    forms: int
    ages: list[Line]
    groups: list[Line]
    households: list[Line]
    errors: list[Line]
    errors_on_a_form: list[Line]


def describe(folder: Path) -> Description:
    """The tables of a written province. Refuses a folder not finished."""
    signed, everybody, wrong = manifest(folder), people(folder), errors(folder)
    return Description(
        people=len(everybody),
        forms=signed["forms"],
        ages=describing.ages(everybody, dt.date.fromisoformat(signed["on"])),
        groups=describing.groups(everybody),
        households=describing.households(everybody),
        errors=describing.error_rates(signed["errors"], len(everybody), signed["rates"]),
        errors_on_a_form=describing.errors_on_a_form(wrong, signed["forms"]),
    )


def villages_file(folder: Path) -> Path:
    """The invented villages, as `hoaban places villages` loads them."""
    _check(folder)
    return folder / "places" / "villages.csv"


def village_files(folder: Path) -> list[Path]:
    """The same and what each village was called before, in the order in which they are loaded."""
    return [villages_file(folder), folder / "places" / "old_names.csv"]


def image(folder: Path, serial: str) -> Path | None:
    """The drawn form, where it was drawn."""
    path = folder / "images" / f"{serial}.png"
    return path if path.exists() else None


def papers(folder: Path, serials: Sequence[str]) -> pl.DataFrame:
    """What stands on these papers: the rows with the typists' errors undone. Raises NoSuchForm."""
    typed = forms(folder).filter(pl.col("form_serial").is_in(list(serials)))
    lacking = sorted(set(serials) - set(typed["form_serial"].to_list()))
    if lacking:
        raise rules.NoSuchForm(serial=lacking[0], folder=folder)
    keyed = errors(folder).filter(pl.col("kind").is_in(list(KEYED)) & pl.col("form_serial").is_in(list(serials)))
    right = {(serial, field): true for serial, field, true in keyed.select("form_serial", "field", "true").iter_rows()}
    return pl.DataFrame(
        [
            {field: right.get((row["form_serial"], field), text) for field, text in row.items()}
            for row in typed.iter_rows(named=True)
        ],
        schema=typed.schema,
    )


def _truth(folder: Path, name: str) -> pl.DataFrame:
    _check(folder)
    return tables.read(folder / "truth" / f"{name}.csv")


def _check(folder: Path) -> None:
    manifest = folder / MANIFEST
    if not manifest.exists() or not json.loads(manifest.read_text(encoding="utf-8"))["finished"]:
        raise rules.NothingWritten(folder=folder)
