"""Asking about places, as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from hoaban.base.clock import today
from hoaban.base.errors import NotFound
from hoaban.base.names import fold
from hoaban.places import rules
from hoaban.places.models import Level, Unit, Village


def units(level: str, on: dt.date | None = None) -> QuerySet[Unit]:
    """Every unit of a level (`commune`, `district`, `province`) on that day, by code."""
    return _valid(Unit.objects.filter(level=level), on).select_related("parent").order_by("code")


def communes(on: dt.date | None = None) -> QuerySet[Unit]:
    """Every commune, ward and township on that day, by code."""
    return units(Level.COMMUNE, on)


def unit(code: str, on: dt.date | None = None, level: str = Level.COMMUNE) -> Unit:
    """The unit under that code on that day. Raises NotFound."""
    found = units(level, on).filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def commune_name(code: str, on: dt.date | None = None) -> str:
    """The commune's full name on that day, or its code where there is none."""
    found = communes(on).filter(code=code).first()
    return found.full_name if found else code


def communes_under(code: str, level: str, on: dt.date | None = None) -> frozenset[str]:
    """Codes of the communes in a unit, itself if it is one."""
    if level == Level.COMMUNE:
        return frozenset([code])
    found = communes(on)
    if level == Level.DISTRICT:
        found = found.filter(parent__code=code)
    return frozenset(found.values_list("code", flat=True))


def villages_in(commune_code: str) -> QuerySet[Village]:
    """The villages of a commune, by code."""
    return Village.objects.filter(commune_code=commune_code).order_by("code")


def village(code: str) -> Village:
    """The village under that code. Raises NotFound."""
    found = Village.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def commune_names(codes: Iterable[str], on: dt.date | None = None) -> dict[str, str]:
    """The full names of these communes on that day, by code."""
    return dict(communes(on).filter(code__in=list(codes)).values_list("code", "full_name"))


def village_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of these villages, by code."""
    return dict(Village.objects.filter(code__in=list(codes)).values_list("code", "name"))


def village_named(commune_code: str, written: str) -> Village:
    """The village of a commune by its code, or by its name with or without tone marks. Raises NotFound."""
    found = villages_in(commune_code).filter(Q(code=written) | Q(name_fold=fold(written))).first()
    if found is None:
        raise NotFound(what=written)
    return found


def point_of(place: Unit | Village) -> rules.Point:
    """Where a village or the seat of a unit is. Raises NotFound where no point is known."""
    if isinstance(place, Village):
        return rules.Point(place.lat, place.lon)
    if place.seat_lat is None or place.seat_lon is None:
        raise NotFound(what=place.full_name)
    return rules.Point(place.seat_lat, place.seat_lon)


def travel_minutes(a: rules.Point, b: rules.Point) -> int:
    """Minutes on the road between two points (assumed speeds until a road table is loaded)."""
    return rules.travel_minutes(a, b)


def _valid(found: QuerySet[Unit], on: dt.date | None) -> QuerySet[Unit]:
    day = on or today()
    return found.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
