"""Outlines of units: approximate ones computed from seats once and kept, official ones loaded in their place."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.words import _
from hoaban.places import queries, rules
from hoaban.places.engine import geojson, outlines
from hoaban.places.models import Shape, Stated, Succession, Unit
from hoaban.places.rules import Fault, Level
from hoaban.web.actor import Actor

COMPUTED = "geometry"  # see data/places/sources.csv
FAR_KM = 60.0  # no commune's seat is so far from all of its outline: the file is of another place


@transaction.atomic
def draw_outlines(*, by: Actor, at: dt.datetime) -> int:
    """Compute the outline of every unit that has none, from the seats of the communes. How many were drawn.

    What was split has none: it isn't known where. Official outlines stay.
    """
    known = set(Shape.objects.values_list("unit__key", flat=True))
    lacking = [one for one in Unit.objects.all() if one.key not in known]
    if not lacking:
        return 0
    cells = outlines.cells(_seats())
    made = []
    for one in lacking:
        rings = outlines.union(cells[key] for key in sorted(_first_of(one)) if key in cells)
        if rings:
            made.append(Shape(unit=one, rings=rings, approximate=True, source=COMPUTED, loaded_at=at))
    Shape.objects.bulk_create(made)
    if made:
        facts = {"drawn": len(made), "approximate": True}
        audit.record("places.shaped", "places.Shape", by=by, at=at, facts=facts)
    return len(made)


def _seats() -> list[outlines.Seat]:
    """The communes that were made of no others, with their areas as far as known."""
    made = set(Succession.objects.values_list("new", flat=True))
    areas = dict(Stated.objects.filter(what="area").order_by("year").values_list("unit", "value"))
    return [
        outlines.Seat(one.key, one.seat_lat, one.seat_lon, areas.get(one.pk))
        for one in queries.ever()
        if one.pk not in made and one.seat_lat is not None and one.seat_lon is not None
    ]


def _first_of(unit: Unit) -> frozenset[str]:
    """The communes of which a unit is made; none where a part of one went into it."""
    if unit.level == Level.COMMUNE:
        whole = queries.lineage(unit.key, whole_only=True)
        return whole if whole == queries.lineage(unit.key) else frozenset()
    return queries.communes_under(unit.key, unit.level, unit.valid_from)


@transaction.atomic
def load_shapes(*, path: Path, by: Actor, at: dt.datetime, on: dt.date | None = None, source: str = "") -> int:
    """Take outlines from a GeoJSON file (WGS 84) in place of those there are. How many.

    Units are named by key, or by the code of the day `on`, or today. Raises FaultsInFile.
    """
    found, faults = geojson.read(path)
    named = {level: queries.keys_of([one.code for one in found], on or day_of(at), level) for level in Level}
    keys = {code: key for level in reversed(Level) for code, key in named[level].items()}
    ended = set(Unit.objects.filter(key__in=[one.code for one in found]).values_list("key", flat=True))
    keys = {key: key for key in ended} | keys
    units = {one.key: one for one in Unit.objects.filter(key__in=keys.values())}
    often = Counter(keys.get(one.code) for one in found)
    for one in found:
        key = keys.get(one.code)
        if key is None:
            faults.append(Fault(one.number, _("no unit has the code %(code)s on that day"), {"code": one.code}))
        elif often[key] > 1:
            faults.append(Fault(one.number, _("overlap: %(code)s has more than one outline"), {"code": one.code}))
        elif not _is_near(units[key], one):
            faults.append(Fault(one.number, _("%(code)s lies far from its seat"), {"code": one.code}))
    if faults:
        raise rules.FaultsInFile(file=path.name, faults=sorted(faults, key=lambda one: one.line))
    Shape.objects.bulk_create(
        [
            Shape(
                unit=units[keys[one.code]], rings=one.rings, approximate=False, source=source or path.name,
                loaded_at=at,
            )
            for one in found
        ],
        update_conflicts=True, unique_fields=["unit"], update_fields=["rings", "approximate", "source", "loaded_at"],
    )  # fmt: skip
    facts = {"loaded": len(found), "file": path.name}
    audit.record("places.shaped", "places.Shape", by=by, at=at, facts=facts)
    return len(found)


def _is_near(unit: Unit, outline: geojson.Outline) -> bool:
    if unit.seat_lat is None or unit.seat_lon is None:
        return True
    seat = rules.Point(unit.seat_lat, unit.seat_lon)
    return any(rules.distance_km(seat, rules.Point(lat, lon)) < FAR_KM for ring in outline.rings for lon, lat in ring)
