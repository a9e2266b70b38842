"""Finding people: by id, number, name, place, household. Row security answers first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from hoaban.base import names
from hoaban.base.errors import NotFound
from hoaban.base.id_number import is_old9
from hoaban.people import rules
from hoaban.people.models import Household, NameKey, Number, Person, Relation, Residence
from hoaban.web.actor import Actor

HEAD = "01"  # code list relationship_to_head


def person(person_id: int) -> Person:
    """The person under that id, with their household. Raises NotFound."""
    found = Person.objects.select_related("household").filter(pk=person_id).first()
    if found is None:
        raise NotFound(what=person_id)
    return found


def by_number(number: str) -> Person:
    """The person with that 12-digit number. Raises NotFound."""
    found = Person.objects.filter(number=number).first() if number else None
    if found is None:
        raise NotFound(what=number)
    return found


def many(person_ids: Iterable[int]) -> QuerySet[Person]:
    """These people, in Vietnamese order of names."""
    return Person.objects.filter(pk__in=list(person_ids)).order_by("sort_key", "id")


def living_in(commune_code: str, village_code: str | None = None) -> QuerySet[Person]:
    """The living who live in a commune, or in one village of it, in Vietnamese order of names."""
    found = Person.objects.filter(commune_code=commune_code, life=rules.Life.LIVING)
    if village_code is not None:
        found = found.filter(village_code=village_code)
    return found.order_by("sort_key", "id")


def find(text: str, actor: Actor, commune_code: str | None = None, limit: int = 50) -> list[Person]:
    """People in the actor's area by number, old number, or words of their name.

    Words may come in any order and without tone marks; each must be a whole word of the name.
    """
    found = Person.objects.all()
    if commune_code is not None:
        found = found.filter(commune_code=commune_code)
    elif actor.communes is not None:
        found = found.filter(commune_code__in=sorted(actor.communes))
    digits = text.replace(" ", "").replace(".", "")
    if digits.isdigit():
        found = found.filter(number9=digits) if is_old9(digits) else found.filter(number=digits)
    else:
        words = set(names.tokens(text))
        if not words:
            return []
        for word in words:
            found = found.filter(pk__in=_named(word, actor, commune_code))
    return list(found.select_related("household").order_by("sort_key", "id")[:limit])


def _named(word: str, actor: Actor, commune_code: str | None) -> QuerySet[NameKey, Any]:
    keys = NameKey.objects.filter(token=word)
    if commune_code is not None:
        keys = keys.filter(commune_code=commune_code)
    elif actor.communes is not None:
        keys = keys.filter(commune_code__in=sorted(actor.communes))
    return keys.values("person_id")


def known_numbers(numbers: Iterable[str]) -> dict[str, int]:
    """Whose these 12-digit numbers are or were, for those that are anybody's: person id by number."""
    return dict(Number.objects.filter(number__in=list(numbers)).values_list("number", "person_id"))


def known_old_numbers(numbers: Iterable[str]) -> dict[str, int]:
    """Who has these 9-digit numbers, for those that somebody has: a person id by number."""
    return dict(Person.objects.filter(number9__in=list(numbers)).values_list("number9", "id"))


def headed_households(household_codes: Iterable[str]) -> set[tuple[str, str]]:
    """Commune and code of those households of these codes that have a living head."""
    heads = Person.objects.filter(
        household__code__in=list(household_codes), relation_to_head=HEAD, life=rules.Life.LIVING
    )
    return set(heads.values_list("household__commune_code", "household__code"))


def household_of(person_id: int) -> Household | None:
    """The person's household, if they are in one."""
    return Household.objects.filter(members=person_id).first()


def members(household: Household) -> list[Person]:
    """The living members of a household, its head first, the rest by age."""
    found = household.members.filter(life=rules.Life.LIVING)
    return sorted(found, key=lambda one: (one.relation_to_head != HEAD, one.born, one.pk))


def head_of(household_id: int | None) -> Person | None:
    """The living head of a household, where there is a household and the register has its head."""
    if household_id is None:
        return None
    return Person.objects.filter(household=household_id, relation_to_head=HEAD, life=rules.Life.LIVING).first()


def residences_of(person_id: int) -> QuerySet[Residence]:
    """Every residence of the person, present ones first."""
    return Residence.objects.filter(person=person_id).order_by("-valid_to", "kind", "id")


def relations_of(person_id: int) -> QuerySet[Relation]:
    """The person's present father, mother, spouse and representative."""
    return Relation.objects.filter(person=person_id, valid_to=None).select_related("other").order_by("id")


def children_of(person_id: int) -> QuerySet[Person]:
    """The people in the register who name this person as father or mother, eldest first."""
    return Person.objects.filter(
        relations__other=person_id, relations__kind__in=[rules.RelationKind.FATHER, rules.RelationKind.MOTHER]
    ).order_by("born", "id")
