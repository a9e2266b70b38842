"""Loading units, villages and their other names."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import polars as pl
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import tables
from hoaban.base.clock import day_of
from hoaban.base.names import fold, nfc
from hoaban.base.words import _
from hoaban.places import queries, rules
from hoaban.places.actions import shaping, stating
from hoaban.places.models import Spelling, Unit, Village
from hoaban.places.rules import Fault, Level, Standing
from hoaban.web.actor import Actor

MAP_OF_2023 = stating.DATA / "units_2023.csv"
UNIT_COLUMNS = ("province_code", "commune_code", "commune_type", "commune_name", "commune_full")
SEAT = {"seat_lat": 90.0, "seat_lon": 180.0}
VILLAGE_COLUMNS = ("code", "commune_code", "name", "lat", "lon", "invented")
OLD_NAME_COLUMNS = ("code", "commune_code", "old_name")


@transaction.atomic
def load_units(*, by: Actor, at: dt.datetime, path: Path | None = None, on: dt.date | None = None) -> int:
    """Load a province's units from a table, or ours as of 2023 from our data. How many are new.

    A second run changes nothing. The table has province_code, commune_code, commune_type, commune_name and
    commune_full; district_code and district_name where there are districts; name_variants with `;` between;
    seat_lat and seat_lon in degrees.
    Raises UnreadableTable, TableIncomplete, FaultsInFile.
    """
    frame = tables.read(path or MAP_OF_2023)
    name = (path or MAP_OF_2023).name
    rules.check_columns(frame.columns, UNIT_COLUMNS, name)
    if faults := _faults_of_units(frame):
        raise rules.FaultsInFile(file=name, faults=faults)
    before = Unit.objects.count()
    _units(frame, on or stating.MAP_OF_2023_FROM)
    if path is None:
        stating.state_ours(on=stating.MAP_OF_2023_FROM, by=by, at=at)
    added = Unit.objects.count() - before
    if added:
        shaping.draw_outlines(by=by, at=at)
        Spelling.objects.tell_apart()
        audit.record("places.loaded", "places.Unit", by=by, at=at, facts={"added": added, "file": name})
    return added


def _faults_of_units(frame: pl.DataFrame) -> list[Fault]:
    faults = []
    seen = Counter(frame["commune_code"].to_list())
    for line, row in enumerate(frame.iter_rows(named=True), start=2):
        code = row["commune_code"]
        faults += [
            Fault(line, _("%(column)s is empty"), {"column": one}) for one in UNIT_COLUMNS if not row[one]
        ]  # fmt: skip
        if seen[code] > 1:
            faults.append(Fault(line, _("overlap: the code %(code)s stands on %(count)s lines"),
                                {"code": code, "count": seen[code]}))  # fmt: skip
        if any(row.get(one) and not _is_degree(row[one], most) for one, most in SEAT.items()):
            faults.append(Fault(line, _("%(lat)s, %(lon)s is no point in degrees"),
                                {"lat": row.get("seat_lat"), "lon": row.get("seat_lon")}))  # fmt: skip
        if not code.isdigit() or len(code) > 5:
            faults.append(Fault(line, _("%(code)s is no code of a unit: up to five digits"), {"code": code or "–"}))
    return faults


def _units(frame: pl.DataFrame, on: dt.date) -> None:
    made: dict[str, Unit] = {}
    ours = {row["code"]: row for row in _rows("province.csv")}
    for row in frame.iter_rows(named=True):
        head = ours.get(row["province_code"], {})
        code = row["province_code"]
        above = made.get(code) or _unit(
            on, code, Level.PROVINCE, head.get("name", code), head.get("full_name", code), head.get("type", ""), None
        )
        made[code] = above
        if row.get("district_code"):
            code, full = row["district_code"], row.get("district_name", "")
            kind, name = _kind_and_name(full)
            above = made.get(code) or _unit(on, code, Level.DISTRICT, name, full, kind, above)
            made[code] = above
        unit = _unit(
            on, row["commune_code"], Level.COMMUNE, row["commune_name"], row["commune_full"], row["commune_type"], above
        )
        made[unit.code] = unit
        if row.get("seat_lat") and row.get("seat_lon"):
            unit.seat_lat, unit.seat_lon = float(row["seat_lat"]), float(row["seat_lon"])
            unit.save(update_fields=["seat_lat", "seat_lon"])
        variants = [nfc(one) for one in row.get("name_variants", "").replace("|", ";").split(";") if one.strip()]
        kind = unit.full_name.removesuffix(unit.name).strip()
        Spelling.objects.keep(unit, [f"{kind} {one}" for one in variants], Standing.VARIANT)


def _kind_and_name(full_name: str) -> tuple[str, str]:
    short = rules.bare(fold(full_name))
    words = full_name.split()
    rest = len(short.split())
    return " ".join(words[:-rest]).lower(), " ".join(words[-rest:])


def _unit(on: dt.date, code: str, level: str, name: str, full_name: str, kind: str, parent: Unit | None) -> Unit:
    found = Unit.objects.filter(code=code, level=level, valid_from=on).first()
    if found is None:
        used = Unit.objects.filter(code=code, level=level).exists()
        found = Unit.objects.create(
            key=rules.key(code, on, used), code=code, level=level, name=nfc(name), full_name=nfc(full_name),
            name_fold=fold(name), kind=kind, parent=parent, valid_from=on,
        )  # fmt: skip
        Spelling.objects.keep(found, [found.full_name], Standing.NAME)
    return found


@transaction.atomic
def load_villages(*, path: Path, by: Actor, at: dt.datetime, on: dt.date | None = None) -> int:
    """Load villages from a table with code, commune_code, name, lat, lon, invented; known codes are renewed.

    A table with old_name in place of name adds what villages were called before. Codes of communes are those
    of the day `on`, or today. How many rows. Raises UnreadableTable, TableIncomplete, FaultsInFile.
    """
    frame = tables.read(path)
    only_names = "name" not in frame.columns and "old_name" in frame.columns
    rules.check_columns(frame.columns, OLD_NAME_COLUMNS if only_names else VILLAGE_COLUMNS, path.name)
    communes = queries.keys_of(frame["commune_code"].unique().to_list(), on or day_of(at))
    ended = set(queries.ever().values_list("key", flat=True))
    frame = frame.with_columns(
        commune=pl.col("commune_code").map_elements(
            lambda code: communes.get(code) or (code if code in ended else ""), return_dtype=pl.String
        )
    )
    known = set(Village.objects.filter(code__in=frame["code"].to_list()).values_list("code", flat=True))
    if faults := _faults_of_villages(frame, known if only_names else None):
        raise rules.FaultsInFile(file=path.name, faults=faults)
    if not only_names:
        _villages(frame)
    _write_village_names(frame)
    Spelling.objects.tell_apart()
    facts = {"rows": len(frame), "file": path.name}
    audit.record("places.villages_loaded", "places.Village", by=by, at=at, facts=facts)
    return len(frame)


def _faults_of_villages(frame: pl.DataFrame, known: set[str] | None) -> list[Fault]:
    """`known` are the villages there are, for a table that may name no others."""
    faults = []
    codes = Counter(frame["code"].to_list())
    names = Counter(zip(frame["commune"], frame["name"], strict=True)) if known is None else Counter()
    for line, row in enumerate(frame.iter_rows(named=True), start=2):
        if codes[row["code"]] > 1:
            faults.append(Fault(line, _("the village %(code)s stands in the file twice"), {"code": row["code"]}))
        if not row["commune"]:
            faults.append(Fault(line, _("there is no commune %(code)s"), {"code": row["commune_code"] or "–"}))
        if known is not None and row["code"] not in known:
            faults.append(Fault(line, _("there is no village %(village)s"), {"village": row["code"] or "–"}))
        if known is None:
            faults += _faults_of_a_village(line, row)
            if names[row["commune"], row["name"]] > 1:
                faults.append(
                    Fault(line, _("overlap: %(commune)s has a village %(name)s already"),
                          {"commune": row["commune_code"], "name": row["name"]})
                )  # fmt: skip
    return faults


def _faults_of_a_village(line: int, row: dict[str, str]) -> list[Fault]:
    faults = []
    if not row["code"] or not row["name"]:
        faults.append(Fault(line, _("a village needs a code and a name"), {}))
    if not _is_degree(row["lat"], 90) or not _is_degree(row["lon"], 180):
        faults.append(Fault(line, _("%(lat)s, %(lon)s is no point in degrees"), {"lat": row["lat"], "lon": row["lon"]}))
    return faults


def _is_degree(text: str, most: float) -> bool:
    try:
        return abs(float(text)) <= most
    except ValueError:
        return False


def _villages(frame: pl.DataFrame) -> None:
    Village.objects.bulk_create(
        [
            Village(
                code=row["code"], commune_code=row["commune"], name=nfc(row["name"]), name_fold=fold(row["name"]),
                lat=float(row["lat"]), lon=float(row["lon"]), invented=row["invented"] in ("1", "true"),
            )
            for row in frame.iter_rows(named=True)
        ],
        update_conflicts=True, unique_fields=["code"],
        update_fields=["commune_code", "name", "name_fold", "lat", "lon", "invented"],
    )  # fmt: skip


def _write_village_names(frame: pl.DataFrame) -> None:
    """A village whose name is another now keeps the old one as what it was called before."""
    ids = dict(Village.objects.filter(code__in=frame["code"].to_list()).values_list("code", "pk"))
    rows = list(frame.iter_rows(named=True))
    if "name" in frame.columns:
        current = {(ids[row["code"]], nfc(row["name"])) for row in rows}
        said = Spelling.objects.filter(village__in=ids.values(), standing=Standing.NAME)
        left = [pk for pk, village, name in said.values_list("pk", "village", "name") if (village, name) not in current]
        Spelling.objects.filter(pk__in=left).update(standing=Standing.FORMER)
    pairs = [
        (ids[row["code"]], row[column], standing)
        for column, standing in (("name", Standing.NAME), ("old_name", Standing.FORMER))
        if column in frame.columns
        for row in rows
        if row[column]
    ]
    Spelling.objects.keep_all(
        Spelling(village_id=pk, **Spelling.forms(written), standing=standing) for pk, written, standing in pairs
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (stating.DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
