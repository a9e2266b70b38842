"""Units through time: what went into what, what a unit of then is called now, whose area holds which keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField, Func, Value

from hoaban.base.clock import today
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.places.models import Succession, Unit
from hoaban.places.queries import of_units
from hoaban.places.rules import Level

_NAMES = """
WITH RECURSIVE chain AS (
  SELECT id AS first, id, valid_to FROM places_unit WHERE key = ANY (%(keys)s)
  UNION
  SELECT c.first, n.id, n.valid_to FROM chain c
    JOIN places_succession s ON s.old_id = c.id JOIN places_unit n ON n.id = s.new_id
   WHERE c.valid_to < %(on)s AND n.valid_from <= %(on)s
)
SELECT o.key, o.full_name, o.valid_to < %(on)s, o.valid_to,
       array_agg(n.kind || ' ' || n.name ORDER BY n.code)
         FILTER (WHERE n.id <> o.id AND (n.valid_to IS NULL OR n.valid_to >= %(on)s))
  FROM chain c JOIN places_unit o ON o.id = c.first JOIN places_unit n ON n.id = c.id
 GROUP BY o.id
"""


def lineage(key: str, whole_only: bool = False) -> frozenset[str]:
    """The keys of the unit and of every unit that went into it, whole or in part; empty where there is no such unit.

    Who adds figures up asks for those that went into it whole, so that nobody is counted twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT places_lineage(%s, %s)", [key, whole_only])
        return frozenset(cursor.fetchone()[0])


def lineages(keys: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each of these units the keys of all that went whole into it, its own among them."""
    asked = list(keys)
    with connection.cursor() as cursor:
        cursor.execute("SELECT k, places_lineage(k, true) FROM unnest(%s::text[]) AS k", [asked])
        return {key: frozenset(found) for key, found in cursor.fetchall()}


def successors(key: str) -> list[Unit]:
    """The units into which a unit went, whole or in parts, by code; none while it goes on."""
    found = Succession.objects.filter(old__key=key).select_related("new").order_by("new__code")
    return [one.new for one in found]


def predecessors(key: str) -> list[Unit]:
    """The units that went into a unit when it began, by code."""
    found = Succession.objects.filter(new__key=key).select_related("old").order_by("old__code")
    return [one.old for one in found]


def successions(key: str) -> list[Succession]:
    """What went into a unit and into what it went, with the reform of each, in the order of time."""
    both = Succession.objects.filter(old__key=key) | Succession.objects.filter(new__key=key)
    return list(both.select_related("old", "new", "reform").order_by("reform__valid_from", "old__code", "new__code"))


def units_today(key: str, on: dt.date | None = None) -> list[Unit]:
    """The units of that day (today) in which a unit's land lies: itself while it goes on. By code."""
    day, found, ahead = on or today(), {}, [*Unit.objects.filter(key=key)]
    while ahead:
        one = ahead.pop()
        if one.valid_to is not None and one.valid_to < day:
            ahead += [new for new in successors(one.key) if new.valid_from <= day]
        else:
            found[one.key] = one
    return sorted(found.values(), key=lambda one: one.code)


def names(keys: Iterable[str], on: dt.date | None = None) -> dict[str, str]:
    """The full names of these units of any level; an ended one is told with what it is on that day (today)."""
    asked = list(keys)
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"keys": asked, "on": on or today()})
        return {
            key: _told(full_name, bool(ended), valid_to, now)
            for key, full_name, ended, valid_to, now in cursor.fetchall()
        }


def name(key: str, on: dt.date | None = None) -> str:
    """A unit's full name as it's told on that day (today), or its key where there is none."""
    return names([key], on).get(key, key)


def _told(full_name: str, ended: bool, valid_to: dt.date | None, now: list[str] | None) -> str:
    if not ended or valid_to is None:
        return full_name
    if now:
        return str(_("%(old)s (now %(new)s)")) % {"old": full_name, "new": ", ".join(now)}
    return str(_("%(old)s (until %(day)s)")) % {"old": full_name, "day": f"{valid_to:%d/%m/%Y}"}


def communes_under(key: str, level: str, on: dt.date | None = None) -> frozenset[str]:
    """Keys of the communes in a unit on that day, and of all that went into them: what an area there may see.

    A unit that ended sees what lay in it on its last day.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT places_communes_under(%s, %s, %s)", [key, level, on or today()])
        return frozenset(cursor.fetchone()[0])


def keys_under(key_field: str, level_field: str, on: dt.date) -> Func:
    """The same within a query of another room, from the fields that hold a unit's key and level."""
    return Func(
        key_field, level_field, Value(on),
        function="places_communes_under", output_field=ArrayField(CharField()),
    )  # fmt: skip


@dataclass(frozen=True)
class Held:
    """A commune of an area, and the keys under which its people stand in the register."""

    unit: Unit
    keys: frozenset[str]


def held(keys: frozenset[str] | None, on: dt.date | None = None) -> list[Held]:
    """The communes of an area (None: all of them) on that day, each with what went whole into it; by code.

    What the area holds of ended communes and of no commune of that day stands alone: an officer of before
    a reform sees it under its old name.
    """
    now = [one for one in of_units.communes(on) if keys is None or one.key in keys]
    lines = [Held(one, found) for one, found in _with_lineage(now)]
    in_them = frozenset[str]().union(*(line.keys for line in lines))
    alone = Unit.objects.filter(level=Level.COMMUNE).exclude(key__in=in_them).filter(valid_from__lte=on or today())
    if keys is not None:
        alone = alone.filter(key__in=keys)
    return sorted(
        [*lines, *(Held(one, frozenset([one.key])) for one in alone.select_related("parent__parent"))],
        key=lambda line: (line.unit.code, line.unit.valid_from),
    )


def held_in(key: str, keys: frozenset[str] | None, on: dt.date | None = None) -> list[Held]:
    """Of the communes of an area those in a unit of that day, itself where it's a commune; by code.

    An ended commune stands with what went whole into it, as long as it was. Raises NotFound where the area
    has nothing in that unit.
    """
    found = [one for one in held(keys, on) if key in _keys_upward(one.unit)]
    if found:
        return found
    if keys is not None and key not in keys:
        raise NotFound(what=key)
    return [Held(of_units.unit(key), lineage(key, whole_only=True))]


def _keys_upward(unit: Unit) -> list[str]:
    """The keys of a commune, of its district where it has one, and of its province."""
    above = unit.parent
    return [one.key for one in (unit, above, above and above.parent) if one is not None]


def _with_lineage(found: list[Unit]) -> list[tuple[Unit, frozenset[str]]]:
    by_key = lineages(one.key for one in found)
    return [(one, by_key[one.key]) for one in found]
