"""Who is left, each in one segment.

Left is a citizen of card age (14) who holds no card valid on the day and none is on its way to them. This is the
one place that says so; the plan, the board and the report ask here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from hoaban.base import names
from hoaban.base.clock import today
from hoaban.campaign import rules
from hoaban.campaign.rules import Segment
from hoaban.campaign.rules.planning import SessionKind, kind_of
from hoaban.cards import queries as cards
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.visits import queries as visits

if TYPE_CHECKING:
    from hoaban.people.models import Person

Communes = Collection[str] | None  # None is every commune
Group = tuple[str, str, SessionKind]  # commune, village, how they are met
Queue = dict[Group, list[int]]


def without_card(commune_code: str, segment: Segment | None = None, on: dt.date | None = None) -> QuerySet[Person]:
    """Who of a commune is left on that day (today), all or those of one segment, in Vietnamese order of names."""
    found = left_in([commune_code], on).annotate(segment=_segment(on or today())).order_by("sort_key", "id")
    return found.filter(segment=segment) if segment else found


def left_in(commune_codes: Communes, on: dt.date | None = None) -> QuerySet[Person]:
    """Everybody left in these communes, in no order."""
    return left_of(people.living(commune_codes), on or today())


def left_of(found: QuerySet[Person], on: dt.date) -> QuerySet[Person]:
    """Of these people, who is left on that day: must hold a card, holds none, and none is on its way."""
    same = {"person": OuterRef("pk")}
    return of_card_age(found, on).filter(
        ~Exists(cards.holders(on=on).filter(**same)), ~Exists(cards.under_way().filter(**same))
    )


def of_card_age(found: QuerySet[Person], on: dt.date) -> QuerySet[Person]:
    """Of these people, who must hold a card on that day: citizens surely of that age."""
    return people.citizens_aged(found, rules.card_age(on), on)


def _segment(on: dt.date) -> Case:
    """In which segment somebody of `left_in` is."""
    rural = [unit.key for unit in places.ever() if names.fold(unit.kind) in rules.RURAL]
    return Case(
        When(pk__in=people.staying_elsewhere(), then=Value(Segment.AWAY.value)),
        When(people.aged(rules.HOME_AGE, on), then=Value(Segment.HOME.value)),
        When(~people.aged(rules.ADULT_AGE, on), then=Value(Segment.PUPIL.value)),
        When(~people.aged(rules.FARMER_AGE_ENDS, on) & Q(commune_code__in=rural), then=Value(Segment.FARMER.value)),
        default=Value(Segment.FIXED.value),
        output_field=CharField(),
    )


def counts_by_commune(communes: Communes = None, on: dt.date | None = None) -> dict[str, dict[Segment, int]]:
    """How many are left in each commune by segment, every segment named; communes without anybody left out."""
    found = left_in(communes, on).annotate(segment=_segment(on or today()))
    rows = found.order_by().values_list("commune_code", "segment").annotate(n=Count("pk"))
    counted: dict[str, Counter[Segment]] = defaultdict(Counter)
    for commune, segment, count in rows:
        counted[commune][Segment(segment)] = count
    return {commune: {segment: counted[commune][segment] for segment in Segment} for commune in sorted(counted)}


def count_by_commune(communes: Communes = None, on: dt.date | None = None) -> dict[str, int]:
    """How many are left in each commune."""
    return {commune: sum(parts.values()) for commune, parts in counts_by_commune(communes, on).items()}


def queue_of(commune_codes: Collection[str], first_day: dt.date, on: dt.date) -> Queue:
    """Whom teams could meet in that week, by village and kind of session, households together.

    Who has an appointment already isn't among them, nor who stays in another province.
    """
    promised = {one for code in commune_codes for one in visits.promised_in(code, on)}
    rows = (
        left_in(commune_codes, on)
        .annotate(segment=_segment(on))
        .order_by("commune_code", "village_code", F("household_id").asc(nulls_last=True), "sort_key", "id")
        .values_list("pk", "commune_code", "village_code", "segment")
    )
    queue: Queue = defaultdict(list)
    for person_id, commune, village, segment in rows:
        kind = kind_of(Segment(segment), first_day)
        if kind is not None and person_id not in promised:
            queue[commune, village, kind].append(person_id)
    return dict(queue)
