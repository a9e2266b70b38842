"""Finding people: by id, number, name, place, household. Row security answers first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import polars as pl
from django.db.models import F, Q, QuerySet

from hoaban.base import bulk, names
from hoaban.base.errors import NotFound
from hoaban.people import rules
from hoaban.people.models import Change, Join, NameKey, Number, Person, Relation, Residence
from hoaban.places import queries as places

HEAD = rules.HEAD


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


def holder_of(number: str) -> Person:
    """Whose this number is or ever was, cancelled or not; the record that stays. Raises NotFound."""
    held = Number.objects.filter(number=number).select_related("person").first() if number else None
    if held is None:
        raise NotFound(what=number)
    return staying(held.person)


def staying(one: Person) -> Person:
    """The record that stays, where this one was joined to another."""
    return person(one.joined_to_id) if one.joined_to_id else one


def named_and_numbered(number: str, full_name: str) -> Person:
    """The living person with that number and that name: both must fit, so that nobody fishes. Raises NobodyMeant."""
    found = Person.objects.filter(number=number, life=rules.Life.LIVING).first() if number else None
    if found is None or found.name_fold != names.fold(full_name):
        raise rules.NobodyMeant(number=number)
    return found


def split_off(person_id: int, full_name: str, source: str) -> Person | None:
    """Who was split off a record under that name from that source."""
    ids = Change.objects.filter(person=person_id, field="split_off", source=source).values_list("new", flat=True)
    return Person.objects.filter(pk__in=[int(pk) for pk in ids], name_fold=names.fold(full_name)).first()


def joins_of(person_id: int) -> QuerySet[Join]:
    """Every joining that this record was part of, newest first."""
    found = Join.objects.filter(Q(stays=person_id) | Q(goes=person_id))
    return found.select_related("stays", "goes").order_by("-id")


def standing_joins(person_id: int) -> QuerySet[Join]:
    """The joins to a record that weren't undone, newest first."""
    return Join.objects.filter(stays=person_id, undone_at=None).select_related("goes").order_by("-id")


def join(join_id: int) -> Join:
    """One joining of two records. Raises NotFound."""
    found = Join.objects.filter(pk=join_id).select_related("stays", "goes").first()
    if found is None:
        raise NotFound(what=join_id)
    return found


def in_order_of_standing(one_id: int, other_id: int) -> tuple[Person, Person]:
    """Of two records of one person the one to stay, then the other: the one with a number, to which others were
    joined, or that is older. Raises NotFound."""
    pair = [person(one_id), person(other_id)]
    first, second = sorted(pair, key=lambda one: (not one.number, not one.joins.exists(), one.pk))
    return first, second


def many(person_ids: Iterable[int]) -> QuerySet[Person]:
    """These people, in Vietnamese order of names."""
    return Person.objects.filter(pk__in=list(person_ids)).order_by("sort_key", "id")


def living_in(commune_code: str, village_code: str | None = None) -> QuerySet[Person]:
    """The living who live in a commune, or in one village of it, in Vietnamese order of names."""
    found = Person.objects.filter(commune_code=commune_code, life=rules.Life.LIVING)
    if village_code is not None:
        found = found.filter(village_code=village_code)
    return found.order_by("sort_key", "id")


def living_in_any(communes: Collection[str]) -> QuerySet[Person]:
    """The living who live in any of these communes."""
    return Person.objects.filter(commune_code__in=sorted(communes), life=rules.Life.LIVING)


def staying_elsewhere() -> QuerySet[Residence, int]:
    """Ids of the people whose present address names another province than ours."""
    ours = {unit.code.zfill(3) for unit in places.units("province")}
    now = Residence.objects.filter(kind=rules.ResidenceKind.CURRENT, valid_to=None, superseded_at=None)
    open_now = now.exclude(address="")
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
    found = present_relations().filter(person__in=list(person_ids), kind=rules.RelationKind.MOTHER)
    return dict(found.values_list("person_id", "name"))


def known_numbers(numbers: Sequence[str]) -> dict[str, int]:
    """Whose these 12-digit numbers are or were, for those that are anybody's: person id by number."""
    return dict(bulk.look_up("people_number", ["number", "person_id"], "number", numbers))


def known_old_numbers(numbers: Sequence[str]) -> list[tuple[str, int]]:
    """Who has these 9-digit numbers: number and person id, several for a number that several have."""
    held = bulk.look_up("people_person", ["number9", "id"], "number9", [one for one in numbers if one])
    return [(number, person_id) for number, person_id in held]


def residences_of(person_id: int) -> QuerySet[Residence]:
    """Every residence of the person, present ones first."""
    found = Residence.objects.filter(person=person_id, superseded_at=None)
    return found.order_by(F("valid_to").desc(nulls_first=True), "kind", "id")


def residence(residence_id: int) -> Residence:
    """One line of somebody's residences. Raises NotFound."""
    found = Residence.objects.filter(pk=residence_id).first()
    if found is None:
        raise NotFound(what=residence_id)
    return found


def lives_at(person_id: int, commune_code: str, address: str, day: dt.date) -> bool:
    """Whether somebody's present permanent residence is there, since that day."""
    return Residence.objects.filter(
        person=person_id, kind=rules.ResidenceKind.PERMANENT, commune_code=commune_code, address=address,
        valid_from=day, valid_to=None, superseded_at=None,
    ).exists()  # fmt: skip


def relations_of(person_id: int) -> QuerySet[Relation]:
    """The person's present father, mother, spouse and representative."""
    return present_relations().filter(person=person_id).select_related("other").order_by("id")


def relation_lines(person_id: int) -> QuerySet[Relation]:
    """Every line of a person's relations, present ones, ended ones and those that the register corrected.

    Asked so, both partial indexes answer: most people have present lines alone.
    """
    before = Q(valid_to__isnull=False) | Q(superseded_at__isnull=False)
    return Relation.objects.filter(
        Q(person=person_id, valid_to=None, superseded_at=None) | Q(before, person=person_id)
    ).order_by("id")


def present_relations() -> QuerySet[Relation]:
    """Everybody's fathers, mothers, spouses and representatives as they are now."""
    return Relation.objects.filter(valid_to=None, superseded_at=None)


def children_of(person_id: int) -> QuerySet[Person]:
    """The people in the register who name this person as father or mother, eldest first."""
    parents = [rules.RelationKind.FATHER, rules.RelationKind.MOTHER]
    named = Relation.objects.filter(other=person_id, kind__in=parents, superseded_at=None)
    return Person.objects.filter(pk__in=named.values("person_id")).order_by("born", "id")


def families_of(person_ids: Sequence[int]) -> pl.DataFrame:
    """The folded family names of these people: columns `person_id` and `family`."""
    return bulk.read(
        "SELECT id, split_part(name_fold, ' ', 1) FROM people_person WHERE id = ANY(%(ids)s::bigint[])",
        {"ids": bulk.as_array(person_ids)},
        {"person_id": pl.Int64, "family": pl.String},
    )


def kin_of(number: str) -> frozenset[int]:
    """Who lives in the household of the person with that number or is related to them; the person included."""
    one = Person.objects.filter(number=number).first() if number else None
    if one is None:
        return frozenset()
    ids = {one.pk, *present_relations().filter(person=one).values_list("other_id", flat=True)}
    ids |= set(present_relations().filter(other=one).values_list("person_id", flat=True))
    if one.household_id is not None:
        ids |= set(Person.objects.filter(household=one.household_id).values_list("pk", flat=True))
    return frozenset(pk for pk in ids if pk is not None)
