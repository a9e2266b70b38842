"""Units as of a day, by code or by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from hoaban.base.clock import today
from hoaban.base.errors import NotFound
from hoaban.places import rules
from hoaban.places.models import Unit, Village
from hoaban.places.rules import Level


def units(level: str, on: dt.date | None = None) -> QuerySet[Unit]:
    """Every unit of a level (`commune`, `district`, `province`) on that day, by code. Some levels have none."""
    return valid(Unit.objects.filter(level=level), on).select_related("parent__parent").order_by("code")


def communes(on: dt.date | None = None) -> QuerySet[Unit]:
    """Every commune, ward and township on that day, by code."""
    return units(Level.COMMUNE, on)


def ever(level: str = Level.COMMUNE) -> QuerySet[Unit]:
    """Every unit that a level ever had, ended ones too, by code and day."""
    return Unit.objects.filter(level=level).order_by("code", "valid_from")


def levels(on: dt.date | None = None) -> list[Level]:
    """The levels that have units on that day, from above to below."""
    there = set(valid(Unit.objects.all(), on).values_list("level", flat=True).distinct())
    return [level for level in Level if level in there]


def unit(key: str, on: dt.date | None = None, level: str | None = Level.COMMUNE) -> Unit:
    """The unit of that key, whenever it was; with a day only if it was valid then. Raises NotFound.

    With the level None a unit of any level.
    """
    found = Unit.objects.filter(key=key).select_related("parent")
    if level is not None:
        found = found.filter(level=level)
    one = (found if on is None else valid(found, on)).first()
    if one is None:
        raise NotFound(what=key)
    return one


def key_of(code: str, on: dt.date, level: str = Level.COMMUNE) -> str:
    """The key of the unit that had this code on that day (a key of that day is taken too). Raises NotFound."""
    found = dict(
        valid(Unit.objects.filter(Q(code=code) | Q(key=code), level=level), on).order_by().values_list("code", "key")
    )
    if not found:
        raise NotFound(what=code)
    return found.get(code) or next(iter(found.values()))


def keys_of(codes: Iterable[str], on: dt.date, level: str = Level.COMMUNE) -> dict[str, str]:
    """The same for many codes at once, those left out that no unit had on that day."""
    asked = set(codes)
    there = valid(Unit.objects.filter(Q(code__in=asked) | Q(key__in=asked), level=level), on)
    pairs = list(there.order_by().values_list("code", "key"))
    return {key: key for _code, key in pairs if key in asked} | {code: key for code, key in pairs if code in asked}


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


def valid(found: QuerySet[Unit], on: dt.date | None) -> QuerySet[Unit]:
    """Those of these units that are valid on that day, or today."""
    day = on or today()
    return found.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
