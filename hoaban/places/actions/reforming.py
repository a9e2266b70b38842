"""A reform of the map: read from a file, checked whole, done in one transaction or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import tables
from hoaban.base.names import fold, nfc
from hoaban.places import rules
from hoaban.places.actions import shaping, stating
from hoaban.places.models import Neighbour, Reform, Spelling, Stated, Succession, Unit, Village, VillagePast
from hoaban.places.queries.villages import as_of
from hoaban.places.rules import Begins, Line, Plan, Standing, UnitNow, VillageNow
from hoaban.web.actor import Actor

REFORM_OF_2025 = stating.DATA / "reform_2025.csv"
REFORM_OF_2025_ON = dt.date(2025, 7, 1)
REFORM_OF_2025_NAME = "1661/NQ-UBTVQH15"
COLUMNS = ("level", "old_code", "new_code", "new_type", "new_name", "new_parent")
DAY = dt.timedelta(days=1)


def plan_reform(*, path: Path | None = None, on: dt.date | None = None, by: Actor) -> Plan:
    """What a reform would do, nothing done. Raises UnreadableTable, TableIncomplete, FaultsInFile."""
    file, day, _name = _meant(path, on, "")
    return _plan(file, _lines(file), day)


@transaction.atomic
def reform(
    *, by: Actor, at: dt.datetime, path: Path | None = None, on: dt.date | None = None, name: str = ""
) -> Reform:
    """Do a reform from a file, or ours of 2025; whole or, with any fault, not at all. A second time changes nothing.

    Raises UnreadableTable, TableIncomplete, FaultsInFile.
    """
    file, day, known_as = _meant(path, on, name)
    with connection.cursor() as cursor:  # one at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('places.reform'))")
    lines = _lines(file)
    digest = hashlib.sha256(repr(lines).encode()).hexdigest()
    done = Reform.objects.filter(valid_from=day, digest=digest).first()
    if done is not None:
        return done
    drawn = _plan(file, lines, day)
    made = Reform.objects.create(name=known_as, valid_from=day, digest=digest, recorded_at=at, recorded_by=by.name)
    Unit.objects.filter(key__in=drawn.ends).update(valid_to=day - DAY)
    _begin(drawn, made)
    _move_villages(drawn, made)
    if path is None:
        stating.state_ours(on=day, by=by, at=at)
    shaping.draw_outlines(by=by, at=at)
    Spelling.objects.tell_apart()
    audit.record(
        "places.reformed", f"places.Reform:{made.pk}", by=by, at=at,
        facts={
            "name": made.name, "on": day.isoformat(), "ended": len(drawn.ends), "began": len(drawn.begins),
            "villages": len(drawn.villages),
        },
    )  # fmt: skip
    return made


def _meant(path: Path | None, on: dt.date | None, name: str) -> tuple[Path, dt.date, str]:
    if path is None:
        return REFORM_OF_2025, on or REFORM_OF_2025_ON, name or REFORM_OF_2025_NAME
    if on is None:
        raise rules.DayMissing
    return path, on, name or path.name


def _lines(path: Path) -> list[Line]:
    frame = tables.read(path)
    rules.check_columns(frame.columns, COLUMNS, path.name)
    return [_line(number, row) for number, row in enumerate(frame.iter_rows(named=True), start=2)]


def _line(number: int, row: Mapping[str, str]) -> Line:
    return Line(
        number, row["level"].lower(), row["old_code"], row["new_code"], nfc(row["new_name"]), row["new_type"].lower(),
        row["new_parent"], row.get("part", "") in ("1", "true", "x"), tuple(row.get("villages", "").split()),
        row.get("certainty") or "sure",
    )  # fmt: skip


def _plan(path: Path, lines: list[Line], on: dt.date) -> Plan:
    keys = dict(Unit.objects.values_list("pk", "key"))
    units = [
        UnitNow(
            one.key, one.code, one.level, one.name, one.kind, keys.get(one.parent_id or 0, ""), one.valid_from,
            one.valid_to,
        )
        for one in Unit.objects.all()
    ]  # fmt: skip
    drawn, faults = rules.plan(lines, units, _villages_before(on), on)
    if faults:
        raise rules.FaultsInFile(file=path.name, faults=faults)
    return drawn


def _villages_before(on: dt.date) -> list[VillageNow]:
    """Where each village is on the day before, in the unit that had taken its commune's place by then."""
    before = on - DAY
    into = dict(Succession.objects.filter(whole=True, new__valid_from__lte=before).values_list("old__key", "new__key"))
    found = Village.objects.annotate(was_in=as_of("commune_code", before), was_named=as_of("name", before))
    villages = []
    for code, commune, name in found.values_list("code", "was_in", "was_named"):
        while commune in into:
            commune = into[commune]
        villages.append(VillageNow(code, commune, name))
    return villages


def _begin(drawn: Plan, made: Reform) -> None:
    """The new units, from above to below, with what they take from those that went into them."""
    old = {one.key: one for one in Unit.objects.filter(key__in=drawn.ends)}
    by_key = {one.key: one for one in Unit.objects.filter(key__in=[one.parent for one in drawn.begins])}
    for one in drawn.begins:
        by_key[one.key] = _unit(one, by_key.get(one.parent), [old[made_of.key] for made_of in one.made_of], drawn.on)
    Succession.objects.bulk_create(
        Succession(
            reform=made, old=old[made_of.key], new=by_key[one.key], whole=made_of.whole, certainty=made_of.certainty
        )
        for one in drawn.begins
        for made_of in one.made_of
    )
    _join_neighbours(drawn, by_key)


def _unit(one: Begins, parent: Unit | None, parts: list[Unit], on: dt.date) -> Unit:
    """Its seat is that of the part that had its name, else of the one with most people: as good as known."""
    seat = max(parts, key=lambda old: (old.name_fold == fold(one.name), old.population_2022 or 0))
    counted = [old.population_2022 for old in parts] if all(made.whole for made in one.made_of) else [None]
    people = None if None in counted else sum(filter(None, counted))
    unit = Unit.objects.create(
        key=one.key, code=one.code, level=one.level, name=one.name, full_name=f"{one.kind.capitalize()} {one.name}",
        name_fold=fold(one.name), kind=one.kind, parent=parent, valid_from=on,
        seat_lat=seat.seat_lat, seat_lon=seat.seat_lon, population_2022=people,
    )  # fmt: skip
    if people is not None:
        Stated.objects.create(
            unit=unit, what="people", year=2022, value=people, certainty="estimated", source="sum_of_parts"
        )
    Spelling.objects.keep(unit, [unit.full_name], Standing.NAME)
    variants = {
        f"{one.kind.capitalize()} {written.name.split(old.kind.capitalize(), 1)[-1].strip()}"
        for old in parts
        if old.name_fold == unit.name_fold
        for written in old.spellings.filter(standing=Standing.VARIANT)
    }
    Spelling.objects.keep(unit, sorted(variants), Standing.VARIANT)
    return unit


def _join_neighbours(drawn: Plan, by_key: Mapping[str, Unit]) -> None:
    """New units touch where any of their parts touched, and touch what those touched that goes on.

    Of a unit that was split it isn't known which part touches whom.
    """
    after: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for one in drawn.begins:
        for made_of in one.made_of:
            after[made_of.key].append((one.key, made_of.whole))
    touching: dict[tuple[str, str], str] = {}
    for here, other, certainty in Neighbour.objects.filter(unit__key__in=drawn.ends).values_list(
        "unit__key", "other__key", "certainty"
    ):
        for new, whole in after.get(here, []):
            for beside, beside_whole in after.get(other) or ([] if other in drawn.ends else [(other, True)]):
                if new != beside:
                    sure = certainty if whole and beside_whole else "assumed"
                    touching[new, beside] = touching[beside, new] = sure
    units = {
        **{one.key: one for one in Unit.objects.filter(key__in={key for pair in touching for key in pair})},
        **by_key,
    }
    Neighbour.objects.bulk_create(
        [Neighbour(unit=units[a], other=units[b], certainty=sure) for (a, b), sure in sorted(touching.items())],
        ignore_conflicts=True,
    )


def _move_villages(drawn: Plan, made: Reform) -> None:
    goes = {one.code: one for one in drawn.villages}
    for village in Village.objects.filter(code__in=goes).order_by("code"):
        to = goes[village.code]
        VillagePast.objects.create(
            village=village, reform=made, commune_code=village.commune_code, name=village.name, valid_to=drawn.on - DAY
        )
        if to.name != village.name:
            village.spellings.filter(standing=Standing.NAME).update(standing=Standing.FORMER)
            Spelling.objects.keep(village, [to.name], Standing.NAME)
        village.commune_code, village.name, village.name_fold = to.commune, to.name, fold(to.name)
        village.save(update_fields=["commune_code", "name", "name_fold"])
