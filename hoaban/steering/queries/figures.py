"""The figures of an area and the people behind each: one question, asked for counts or for names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from hoaban.base.clock import day_of
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.campaign import queries as campaign
from hoaban.cards import queries as cards
from hoaban.eid import queries as eid
from hoaban.enrolment import queries as enrolment
from hoaban.intake import queries as intake
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.services import queries as services
from hoaban.steering import rules
from hoaban.steering.rules import Base, Board, Count, Indicator, Line, Measure
from hoaban.verification import queries as verification
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.people.models import Person
    from hoaban.places.models import Unit
    from hoaban.places.queries import Held

NAMES_A_PAGE = 50
Narrow = Callable[["QuerySet[Person]", dt.date], "QuerySet[Person]"]


def questioned(found: QuerySet[Person]) -> QuerySet[Person]:
    """Of these people, those whose form was accepted with questions and wasn't checked yet."""
    return found.filter(pk__in=intake.questioned()).exclude(pk__in=verification.checked_in())


# Which of the people of its base a measure counts, as the room that knows it answers.
_NARROW: dict[str, Narrow] = {
    rules.COUNTED.code: lambda found, on: found,
    rules.CHECKED.code: lambda found, on: found.filter(pk__in=verification.checked_in()),
    rules.ENROLLED.code: lambda found, on: found.filter(pk__in=enrolment.enrolled_in()),
    rules.CARDED.code: lambda found, on: found.filter(pk__in=cards.holders(on=on)),
    rules.WITH_ACCOUNT.code: lambda found, on: found.filter(pk__in=eid.holders()),
    rules.SERVED.code: lambda found, on: found.filter(pk__in=services.served_in()),
    rules.LEFT.code: campaign.left_of,
    rules.QUESTIONS.code: lambda found, on: questioned(found),
}
_MEASURES: dict[str, Measure] = {one.code: one for one in (*rules.INDICATORS, rules.QUESTIONS)}


def behind(measure: Measure, found: QuerySet[Person], on: dt.date) -> QuerySet[Person]:
    """Of these people, those whom the measure counts on that day."""
    if isinstance(measure, Indicator):
        found = _of_base(measure.base, found, on)
    return _NARROW[measure.code](found, on)


def _of_base(base: Base, found: QuerySet[Person], on: dt.date) -> QuerySet[Person]:
    if base is not Base.OF_AGE:
        return found
    return campaign.of_card_age(found, on)


def measure(code: str) -> Measure:
    """The measure of people under that code. Raises NotFound."""
    found = _MEASURES.get(code)
    if found is None:
        raise NotFound(what=code)
    return found


def board(actor: Actor, at: dt.datetime) -> Board:
    """The figures of the actor's area, by commune."""
    on = day_of(at)
    everybody = people.living(actor.communes)
    counted = {one.code: people.count_by_commune(behind(one, everybody, on)) for one in rules.INDICATORS}
    of_age = people.count_by_commune(_of_base(Base.OF_AGE, everybody, on))
    held = places.held(actor.communes, on)
    names = places.names([one.unit.key for one in held], on)
    lines = [
        Line(one.unit.key, names[one.unit.key], _counts(one.keys, counted, of_age, one.unit.population_2022))
        for one in held
    ]
    return rules.board(at, lines, str(_("All together")))


def commune(actor: Actor, code: str, at: dt.datetime) -> Line:
    """The figures of one commune of the actor's area, with what went whole into it. Raises NotFound."""
    unit, on = _commune_of(actor, code), day_of(at)
    here = _living_in(code)
    counted = {one.code: {code: behind(one, here, on).count()} for one in rules.INDICATORS}
    of_age = {code: _of_base(Base.OF_AGE, here, on).count()}
    return Line(code, places.name(code, on), _counts({code}, counted, of_age, unit.population_2022))


def _commune_of(actor: Actor, code: str) -> Unit:
    if not actor.covers(code):
        raise NotFound(what=code)
    return places.unit(code)


def _living_in(code: str) -> QuerySet[Person]:
    """The people of a commune, also those who stand there under the key of one that went into it."""
    return people.living(places.lineage(code, whole_only=True))


def _counts(
    codes: Collection[str], counted: Mapping[str, Mapping[str, int]], of_age: Mapping[str, int], population: int | None
) -> dict[str, Count]:
    def among(counts: Mapping[str, int]) -> int:
        return sum(counts.get(code, 0) for code in codes)

    bases = {
        Base.POPULATION: population,
        Base.COUNTED: among(counted[rules.COUNTED.code]),
        Base.OF_AGE: among(of_age),
    }
    return {one.code: Count(among(counted[one.code]), bases[one.base]) for one in rules.INDICATORS}


def villages(code: str, at: dt.datetime) -> list[Line]:
    """The figures of a commune's villages, those with most people left first; people of no known village last."""
    on, here = day_of(at), _living_in(code)
    counted = {one.code: people.count_by_village(behind(one, here, on)) for one in rules.INDICATORS}
    of_age = people.count_by_village(_of_base(Base.OF_AGE, here, on))
    names = places.village_names(counted[rules.COUNTED.code])
    lines = [
        Line(village, names.get(village, str(_("Village not known"))), _counts({village}, counted, of_age, None))
        for village in counted[rules.COUNTED.code]
    ]
    return sorted(lines, key=lambda line: (not line.code, -line.left, line.code))


def names(measure: Measure, found: QuerySet[Person], page: str, at: dt.datetime) -> Page[Person]:
    """The people behind one figure, one page of them, in Vietnamese order of names."""
    counted = behind(measure, found, day_of(at)).order_by("sort_key", "id")
    return Paginator(counted, NAMES_A_PAGE).get_page(page)


def living(actor: Actor, key: str, village: str | None, at: dt.datetime) -> QuerySet[Person]:
    """The people of a unit or of one of its villages; with "" those of the actor's whole area. Raises NotFound."""
    if not key:
        return people.living(actor.communes)
    here = people.living(keys_of(places.held_in(key, actor.communes, day_of(at))))
    return here if village is None else here.filter(village_code=village)


def keys_of(held: Iterable[Held]) -> set[str]:
    """The keys under which the people of these communes stand."""
    return set().union(*(one.keys for one in held))
