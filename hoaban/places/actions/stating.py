"""What is published of units: people and square kilometres, difficulty zones, borders, with source and certainty."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import tables
from hoaban.base.words import _
from hoaban.places import rules
from hoaban.places.models import Mark, Neighbour, Stated, Unit
from hoaban.places.rules import Fault, MarkKind
from hoaban.web.actor import Actor

DATA = Path(__file__).parents[2] / "data" / "places"
STATED = DATA / "stated.csv"
MARKS = DATA / "marks.csv"
MAP_OF_2023_FROM = dt.date(2020, 1, 1)  # the communes of the 2023 list are unchanged since (GSO)
MARK_COLUMNS = ("code", "level", "on", "kind", "value", "valid_from", "valid_to", "certainty", "source")


@transaction.atomic
def load_marks(*, by: Actor, at: dt.datetime, path: Path) -> int:
    """Mark units from a table with code, level, on (a day of the map meant), kind, value, days, certainty, source.

    Raises UnreadableTable, TableIncomplete, FaultsInFile.
    """
    frame = tables.read(path)
    rules.check_columns(frame.columns, MARK_COLUMNS, path.name)
    faults = []
    for line, row in enumerate(frame.iter_rows(named=True), start=2):
        if row["kind"] not in {kind.value for kind in MarkKind}:
            faults.append(Fault(line, _("there is no mark %(kind)s"), {"kind": row["kind"] or "–"}))
        if not row["value"] or not row["source"] or row["certainty"] not in rules.CERTAINTY_WORDS:
            faults.append(Fault(line, _("a mark needs value, source and certainty"), {}))
        if any(row[day] and _day(row[day]) is None for day in ("on", "valid_from", "valid_to")) or not row["on"]:
            faults.append(Fault(line, _("write days as 2026-01-01"), {}))
        elif (row["level"], row["code"]) not in _units_on(dt.date.fromisoformat(row["on"])):
            faults.append(Fault(line, _("no %(level)s had the code %(code)s on %(on)s"), dict(row)))
    if faults:
        raise rules.FaultsInFile(file=path.name, faults=faults)
    marked = _mark(frame)
    audit.record("places.marked", "places.Mark", by=by, at=at, facts={"rows": marked, "file": path.name})
    return marked


@transaction.atomic
def state_ours(*, on: dt.date, by: Actor, at: dt.datetime) -> None:
    """Write down what our data say of the units that began on that day; a second time changes nothing."""
    began = {(one.level, one.code): one for one in Unit.objects.filter(valid_from=on)}
    people: dict[int, int] = {}
    stated = []
    for row in _ours(STATED, on):
        unit = began[row["level"], row["code"]]
        stated.append(
            Stated(
                unit=unit, what=row["what"], year=int(row["year"]), value=float(row["value"]),
                certainty=row["certainty"], source=row["source"],
            )
        )  # fmt: skip
        if (row["what"], row["year"]) == ("people", "2022"):
            people[unit.pk] = int(row["value"])
    Stated.objects.bulk_create(stated, ignore_conflicts=True)
    counted = [one for one in began.values() if one.pk in people]
    for one in counted:
        one.population_2022 = people[one.pk]
    Unit.objects.bulk_update(counted, ["population_2022"])
    marked = _mark(pl.DataFrame(_ours(MARKS, on), schema=dict.fromkeys(MARK_COLUMNS, pl.String)))
    if on == MAP_OF_2023_FROM:
        _seat({code: one for (level, code), one in began.items() if level == rules.Level.COMMUNE})
    audit.record("places.stated", "places.Stated", by=by, at=at, facts={"on": on.isoformat(), "marks": marked})


def _seat(communes: Mapping[str, Unit]) -> None:
    """Seats and neighbours of the communes of 2023, by code."""
    touching = []
    for row in _rows(DATA / "seats.csv"):
        unit = communes[row["commune_code"]]
        unit.seat_lat, unit.seat_lon = float(row["seat_lat"]), float(row["seat_lon"])
        touching += [
            Neighbour(unit=unit, other=communes[other], certainty=row["certainty"])
            for other in row["neighbours"].split()
        ]
    Unit.objects.bulk_update(communes.values(), ["seat_lat", "seat_lon"])
    Neighbour.objects.bulk_create(touching, ignore_conflicts=True)


def _mark(frame: pl.DataFrame) -> int:
    marks = [
        Mark(
            unit=_units_on(dt.date.fromisoformat(row["on"]))[row["level"], row["code"]], kind=row["kind"],
            value=row["value"], valid_from=_day(row["valid_from"]), valid_to=_day(row["valid_to"]),
            certainty=row["certainty"], source=row["source"],
        )
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip
    Mark.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["unit", "kind", "value"],
        update_fields=["valid_from", "valid_to", "certainty", "source"],
    )  # fmt: skip
    return len(marks)


def _units_on(day: dt.date) -> Mapping[tuple[str, str], Unit]:
    there = Unit.objects.filter(valid_from__lte=day).exclude(valid_to__lt=day)
    return {(one.level, one.code): one for one in there}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _ours(path: Path, on: dt.date) -> list[dict[str, str]]:
    return [row for row in _rows(path) if row["on"] == on.isoformat()]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
