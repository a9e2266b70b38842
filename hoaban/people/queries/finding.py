"""Finding people: by id, number, name, place, household. Row security answers first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from hoaban.base import bulk, names
from hoaban.base.errors import NotFound
from hoaban.base.id_number import is_old9
from hoaban.people import rules
from hoaban.people.models import Household, NameKey, Person, Relation, Residence
from hoaban.places import queries as places
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


def staying_elsewhere() -> QuerySet[Residence, int]:
    """Ids of the people whose present address names another province than ours."""
    ours = {unit.code.zfill(3) for unit in places.units("province")}
    open_now = Residence.objects.filter(kind=rules.ResidenceKind.CURRENT, valid_to=None).exclude(address="")
    elsewhere = [
        address
        for address in open_now.order_by().values_list("address", flat=True).distinct()
        if (province := _province_of(address)) and province not in ours
    ]
    return open_now.filter(address__in=elsewhere).values_list("person_id", flat=True)


def _province_of(address: str) -> str:
    try:
        return rules.province_of(address)
    except rules.BirthPlaceUnknown:
        return ""


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


def alike(person_id: int) -> list[Person]:
    """Who shares enough stored keys with a person to be worth comparing; most of them are somebody else.

    The same old 9-digit number; family and given name in the same commune; the year of birth with the
    given name anywhere, or with the family name in the same commune. Raises NotFound.
    """
    one = person(person_id)
    words = names.tokens(one.full_name)
    family, given, year = words[0], words[-1], one.born[:4]
    anywhere = NameKey.objects.filter(token=given)
    here = NameKey.objects.filter(commune_code=one.commune_code)
    ids = anywhere.filter(person__born__startswith=year).values_list("person_id").union(
        here.filter(token=given, person__name_keys__token=family).values_list("person_id"),
        here.filter(token=family, person__born__startswith=year).values_list("person_id"),
    )  # fmt: skip
    holders = [pk for _number, pk in known_old_numbers([one.number9])]
    return list(many(({pk for (pk,) in ids} | set(holders)) - {person_id}))


def mothers_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The present mothers' names of these people, by person, for those of whom one is known."""
    found = Relation.objects.filter(person__in=list(person_ids), kind=rules.RelationKind.MOTHER, valid_to=None)
    return dict(found.values_list("person_id", "name"))


def known_numbers(numbers: Sequence[str]) -> dict[str, int]:
    """Whose these 12-digit numbers are or were, for those that are anybody's: person id by number."""
    return dict(bulk.look_up("people_number", ["number", "person_id"], "number", numbers))


def known_old_numbers(numbers: Sequence[str]) -> list[tuple[str, int]]:
    """Who has these 9-digit numbers: number and person id, several for a number that several have."""
    held = bulk.look_up("people_person", ["number9", "id"], "number9", [one for one in numbers if one])
    return [(number, person_id) for number, person_id in held]


def members_of(household_ids: Sequence[int]) -> list[tuple[int, int, str, str, str]]:
    """The members of these households: id, household, folded name, sex, birth."""
    columns = ["id", "household_id", "name_fold", "sex", "born"]
    return bulk.look_up("people_person", columns, "household_id", household_ids)


def households_under(communes: Sequence[str], codes: Sequence[str]) -> list[tuple[int, str, str]]:
    """The households under these pairs of commune and code: id, commune, code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.id, h.commune_code, h.code FROM people_household h"
            " JOIN unnest(%s::text[], %s::text[]) AS wanted(commune, code)"
            " ON h.commune_code = wanted.commune AND h.code = wanted.code",
            [list(communes), list(codes)],
        )
        return [(pk, commune, code) for pk, commune, code in cursor.fetchall()]


def headed_households(communes: Sequence[str], codes: Sequence[str]) -> list[tuple[str, str]]:
    """Of these pairs of commune and code, those of households that have a living head."""
    found = {pk: (commune, code) for pk, commune, code in households_under(communes, codes)}
    heads = Person.objects.filter(relation_to_head=HEAD, life=rules.Life.LIVING, household__in=found)
    return [found[pk] for pk in heads.values_list("household_id", flat=True)]


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


def families_of(person_ids: Sequence[int]) -> dict[int, str]:
    """The folded family names of these people, by person."""
    rows = bulk.look_up("people_person", ["id", "name_fold"], "id", person_ids)
    return {pk: name.partition(" ")[0] for pk, name in rows}


def kin_of(number: str) -> frozenset[int]:
    """Who lives in the household of the person with that number or is related to them; the person included."""
    one = Person.objects.filter(number=number).first() if number else None
    if one is None:
        return frozenset()
    ids = {one.pk, *Relation.objects.filter(person=one, valid_to=None).values_list("other_id", flat=True)}
    ids |= set(Relation.objects.filter(other=one, valid_to=None).values_list("person_id", flat=True))
    if one.household_id is not None:
        ids |= set(Person.objects.filter(household=one.household_id).values_list("pk", flat=True))
    return frozenset(pk for pk in ids if pk is not None)
