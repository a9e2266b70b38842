"""Loading units and villages."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import tables
from hoaban.base.errors import Refusal
from hoaban.base.names import fold, nfc
from hoaban.base.words import _
from hoaban.places.models import Level, Unit, Village
from hoaban.web.actor import Actor

DATA = Path(__file__).parent.parent / "data" / "places"
MAP_OF_2023_FROM = dt.date(2020, 1, 1)  # the communes of the 2023 list are unchanged since (GSO)


class VillagesIncomplete(Refusal):
    """The village table lacks columns."""

    code = "places.villages_incomplete"
    message = _("%(file)s lacks the columns %(columns)s.")


@transaction.atomic
def load_units(*, by: Actor, at: dt.datetime) -> int:
    """Load the province's units as of 2023 from our data; a second run changes nothing. How many are new."""
    seats = {row["commune_code"]: row for row in _rows("seats.csv")}
    people = {row["commune_code"]: int(row["population_2022"]) for row in _rows("population_2022.csv")}
    before = Unit.objects.count()
    head = _rows("province.csv")[0]
    province = _unit(head["code"], Level.PROVINCE, head["name"], head["full_name"], head["type"], None)
    districts: dict[str, Unit] = {}
    for row in _rows("units_2023.csv"):
        name = row["district_name"]
        district = districts.get(row["district_code"]) or _unit(
            row["district_code"], Level.DISTRICT, name.split(" ", 1)[1], name, "", province
        )
        districts[district.code] = district
        seat = seats.get(row["commune_code"])
        _unit(
            row["commune_code"], Level.COMMUNE, row["commune_name"], row["commune_full"], row["commune_type"],
            district, float(seat["seat_lat"]) if seat else None, float(seat["seat_lon"]) if seat else None,
            people.get(row["commune_code"]),
        )  # fmt: skip
    added = Unit.objects.count() - before
    if added:
        audit.record("places.loaded", "places.Unit", by=by, at=at, facts={"added": added})
    return added


@transaction.atomic
def load_villages(*, path: Path, by: Actor, at: dt.datetime) -> int:
    """Load villages from a table with code, commune_code, name, lat, lon, invented; known codes are renewed.

    Raises UnreadableTable, VillagesIncomplete.
    """
    frame = tables.read(path)
    lacking = {"code", "commune_code", "name", "lat", "lon", "invented"} - set(frame.columns)
    if lacking:
        raise VillagesIncomplete(file=path.name, columns=", ".join(sorted(lacking)))
    Village.objects.bulk_create(
        [
            Village(
                code=row["code"], commune_code=row["commune_code"], name=nfc(row["name"]), name_fold=fold(row["name"]),
                lat=float(row["lat"]), lon=float(row["lon"]), invented=row["invented"] in ("1", "true"),
            )
            for row in frame.iter_rows(named=True)
        ],
        update_conflicts=True, unique_fields=["code"],
        update_fields=["commune_code", "name", "name_fold", "lat", "lon", "invented"],
    )  # fmt: skip
    audit.record("places.villages_loaded", "places.Village", by=by, at=at, facts={"rows": len(frame)})
    return len(frame)


def _unit(
    code: str, level: str, name: str, full_name: str, kind: str, parent: Unit | None,
    lat: float | None = None, lon: float | None = None, population: int | None = None,
) -> Unit:  # fmt: skip
    return Unit.objects.get_or_create(
        code=code, level=level, valid_from=MAP_OF_2023_FROM,
        defaults={
            "name": name, "full_name": full_name, "name_fold": fold(name), "kind": kind, "parent": parent,
            "seat_lat": lat, "seat_lon": lon, "population_2022": population,
        },
    )[0]  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
