"""What the page of a place shows: the place as of a day, what is above, in and beside it, what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hoaban.base.clock import today
from hoaban.places.models import Mark, Neighbour, Shape, Spelling, Stated, Succession, Unit, Village
from hoaban.places.queries import of_units, of_villages, through_time
from hoaban.places.rules import Level, MarkKind, Standing


@dataclass(frozen=True)
class Marked:
    """A mark of a unit; `through` is the old unit that bore it, where the unit itself didn't."""

    mark: Mark
    through: str = ""


@dataclass(frozen=True)
class Event:
    """On a day `olds` became `news` by a reform; `whole` unless parts of them went different ways."""

    on: dt.date
    reform: str
    olds: tuple[Unit, ...]
    news: tuple[Unit, ...]
    whole: bool


@dataclass(frozen=True)
class Told:
    """A unit as of a day. `shown_on` is that day, or the nearest on which the unit was."""

    unit: Unit
    asked: dt.date
    shown_on: dt.date
    then: list[Unit]  # the units of the day asked in which its land lay, where that was another one
    above: list[Unit]
    children: list[Unit]
    villages: list[Village]
    neighbours: list[Unit]
    stated: list[Stated]
    marks: list[Marked]
    written: dict[Standing, list[str]]
    events: list[Event]

    @property
    def is_there(self) -> bool:
        """Whether the unit was there on the day asked."""
        return self.asked == self.shown_on


def told(key: str, asked: dt.date | None = None) -> Told:
    """A unit as of a day (today, or its last day). Raises NotFound."""
    unit = of_units.unit(key, level=None)
    day = asked or min(today(), unit.valid_to or dt.date.max)
    shown = max(unit.valid_from, min(day, unit.valid_to or day))
    is_commune = unit.level == Level.COMMUNE
    return Told(
        unit=unit, asked=day, shown_on=shown,
        then=_units_then(unit, day) if shown != day else [],
        above=above(unit, shown),
        children=list(children(unit, shown)),
        villages=list(of_villages.named_as_of(of_villages.villages_in(key, shown), shown)) if is_commune else [],
        neighbours=neighbours(unit, shown),
        stated=list(Stated.objects.filter(unit=unit).order_by("what", "-year")),
        marks=marks(unit, shown),
        written=_written(unit),
        events=events(unit),
    )  # fmt: skip


def above(unit: Unit, on: dt.date) -> list[Unit]:
    """The units above one on that day, from the top down; a unit above that was renamed is told as it was then."""
    found: list[Unit] = []
    at = unit
    while at.parent_id is not None:
        parent = Unit.objects.get(pk=at.parent_id)
        now = through_time.units_today(parent.key, on)
        at = now[0] if len(now) == 1 else parent
        found.append(at)
    return found[::-1]


def children(unit: Unit, on: dt.date) -> QuerySet[Unit]:
    """The units directly in one on that day, by code."""
    whole = through_time.lineage(unit.key, whole_only=True)
    found = Unit.objects.filter(parent__key__in=whole)
    return of_units.valid(found, on).order_by("code")


def neighbours(unit: Unit, on: dt.date) -> list[Unit]:
    """The units of its level that touch one on that day, by code. Of levels above the communes, through these."""
    if unit.level == Level.COMMUNE:
        found = Unit.objects.filter(pk__in=Neighbour.objects.filter(unit=unit).values("other"))
        return list(of_units.valid(found, on).order_by("code"))
    inside = through_time.communes_under(unit.key, unit.level, on)
    beside = Neighbour.objects.filter(unit__key__in=inside).exclude(other__key__in=inside)
    parents = of_units.valid(Unit.objects.filter(pk__in=beside.values("other")), on).values("parent")
    return list(of_units.valid(Unit.objects.filter(pk__in=parents, level=unit.level), on).order_by("code"))


def marks(unit: Unit, on: dt.date) -> list[Marked]:
    """What marks a unit out on that day. A border stays with the land: what went into the unit bears it on."""
    held = (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))
    found = [Marked(one) for one in Mark.objects.filter(held, unit=unit).order_by("kind", "value")]
    before = through_time.lineage(unit.key) - {unit.key}
    borders = Mark.objects.filter(held, unit__key__in=before, kind=MarkKind.BORDER).select_related("unit")
    return found + [Marked(one, one.unit.full_name) for one in borders.order_by("value", "unit__code")]


def zones(keys: Iterable[str], on: dt.date | None = None) -> dict[str, str]:
    """The difficulty zones (I, II, III) of these communes on that day (today), of those for which one is set.

    An ended commune has that of the one which its whole land went into.
    """
    day = on or today()
    asked = {key: [one.key for one in through_time.units_today(key, day)] for key in keys}
    held = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
    set_for = dict(
        Mark.objects.filter(
            held, kind=MarkKind.ZONE, unit__key__in={key for found in asked.values() for key in found}
        ).values_list("unit__key", "value")
    )
    return {key: set_for[now[0]] for key, now in asked.items() if len(now) == 1 and now[0] in set_for}


def border_communes(on: dt.date | None = None) -> dict[str, list[str]]:
    """The communes of that day (today) on a border: the countries they touch, by key."""
    day = on or today()
    found: dict[str, list[str]] = {}
    lines = through_time.lineages(of_units.communes(day).values_list("key", flat=True))
    on_it = list(Mark.objects.filter(kind=MarkKind.BORDER).values_list("unit__key", "value"))
    for key, all_of_it in lines.items():
        countries = sorted({country for unit, country in on_it if unit in all_of_it})
        if countries:
            found[key] = countries
    return found


def events(unit: Unit) -> list[Event]:
    """What happened to a unit, to what went into it and to what it went into, the first first."""
    concerned = through_time.lineage(unit.key) | _became(unit.key)
    rows = Succession.objects.filter(new__key__in=concerned).select_related("old", "new", "reform")
    found: dict[tuple[dt.date, str], list[Succession]] = {}
    for one in rows.order_by("new__valid_from", "old__code", "new__code"):
        found.setdefault((one.new.valid_from, one.reform.name), []).append(one)
    return [
        Event(
            on, name, tuple(dict.fromkeys(one.old for one in pairs)), tuple(dict.fromkeys(one.new for one in pairs)),
            all(one.whole for one in pairs),
        )
        for (on, name), pairs in found.items()
    ]  # fmt: skip


def _became(key: str) -> frozenset[str]:
    found, ahead = set[str](), [key]
    while ahead:
        new = {one.key for one in through_time.successors(ahead.pop())} - found
        found |= new
        ahead += sorted(new)
    return frozenset(found)


def _units_then(unit: Unit, day: dt.date) -> list[Unit]:
    if unit.valid_to is not None and day > unit.valid_to:
        return through_time.units_today(unit.key, day)
    before = through_time.lineage(unit.key) - {unit.key}
    return list(of_units.valid(Unit.objects.filter(key__in=before), day).order_by("code"))


def _written(unit: Unit) -> dict[Standing, list[str]]:
    rows = Spelling.objects.filter(unit=unit).exclude(standing=Standing.NAME).order_by("name")
    written: dict[Standing, list[str]] = {}
    for one in rows:
        written.setdefault(Standing(one.standing), []).append(one.name)
    return written


def shapes_of(keys: Iterable[str]) -> dict[str, Shape]:
    """The outlines of these units, of those that have one, by key."""
    found = Shape.objects.filter(unit__key__in=list(keys)).select_related("unit")
    return {one.unit.key: one for one in found}


@dataclass(frozen=True)
class ToldVillage:
    """A village, the commune it's in, where it was before, how else it's written."""

    village: Village
    commune: str
    commune_name: str
    past: list[tuple[dt.date, str, str]]  # until, commune, name
    written: list[str]


def told_village(code: str) -> ToldVillage:
    """A village with what is known of it. Raises NotFound."""
    village = of_villages.village(code)
    past = of_villages.past_of(village)
    keys = {village.commune_code, *(one.commune_code for one in past)}
    names = through_time.names(keys)
    now = through_time.units_today(village.commune_code)
    return ToldVillage(
        village=village,
        commune=now[0].key if len(now) == 1 else village.commune_code,
        commune_name=names.get(village.commune_code, village.commune_code),
        past=[(one.valid_to, names.get(one.commune_code, one.commune_code), one.name) for one in past],
        written=list(
            Spelling.objects.filter(village=village).exclude(standing=Standing.NAME).values_list("name", flat=True)
        ),
    )
