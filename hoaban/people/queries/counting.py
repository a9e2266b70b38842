"""Counting people and households: the living, those of an age, by commune and by village."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Collate, Concat
from django.db.models.lookups import LessThanOrEqual

from hoaban.people import rules
from hoaban.people.models import Household, Person


def living(commune_codes: Iterable[str] | None = None) -> QuerySet[Person]:
    """The living who live in these communes, or in all, in no order: for counting."""
    found = Person.objects.filter(life=rules.Life.LIVING)
    return found if commune_codes is None else found.filter(commune_code__in=list(commune_codes))


def aged(years: int, on: dt.date) -> Q:
    """Which people have surely reached that age on that day, to filter them by.

    Where only the year or month of birth is known, the last day it can mean counts.
    """
    written = Collate(Concat("born", Value(rules.UNTIL_ITS_END)), "C")
    return Q(LessThanOrEqual(written, Value(rules.born_by(years, on))))


def citizens_aged(found: QuerySet[Person], years: int, on: dt.date) -> QuerySet[Person]:
    """Of these people, the Vietnamese citizens who have surely reached that age on that day."""
    return found.filter(aged(years, on), nationality="VN")


def count_by_commune(found: QuerySet[Any]) -> dict[str, int]:
    """How many of these people, or households, live in each commune where any does."""
    return _count_by("commune_code", found)


def count_by_village(found: QuerySet[Any]) -> dict[str, int]:
    """How many of these people, or households, live in each village where any does; "" stands for no known village."""
    return _count_by("village_code", found)


def households_of(commune_codes: Iterable[str] | None = None) -> QuerySet[Household]:
    """The households of these communes, or of all, that weren't dissolved, in no order: for counting."""
    found = Household.objects.filter(dissolved_on=None)
    return found if commune_codes is None else found.filter(commune_code__in=list(commune_codes))


def _count_by(place: str, found: QuerySet[Any]) -> dict[str, int]:
    return dict(found.order_by().values_list(place).annotate(of_them=Count("pk")))
