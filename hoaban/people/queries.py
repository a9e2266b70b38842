"""Asking the register. What the actor may not see isn't there: row security answers first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hoaban.base import codes, names
from hoaban.base.errors import NotFound
from hoaban.base.id_number import is_old9
from hoaban.base.partial_date import PartialDate
from hoaban.people import rules
from hoaban.people.models import Change, Household, NameKey, Number, Person, Relation, Residence
from hoaban.places import queries as places
from hoaban.web.actor import Actor


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


HEAD = "01"  # code list relationship_to_head


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


def history(person_id: int) -> QuerySet[Change]:
    """Every change recorded on the person, newest first."""
    return Change.objects.filter(person=person_id).order_by("-id")


def value_of(person_id: int, name: str, valid: dt.date, known: dt.datetime) -> str:
    """A fact as of a day, as the register knew it at a moment. Raises NotFound, NotAFact."""
    fact = rules.fact_of(name)
    changes = Change.objects.filter(person=person_id, field=fact.name).order_by("id")
    steps = [rules.Known(one.old, one.new, one.valid_from, one.recorded_at) for one in changes]
    return rules.value_at(stored(person(person_id))[fact.name], steps, valid, known)


@dataclass(frozen=True)
class PersonFacts:
    """What the register says of a person, as printed: dates and codes in words, "" where unknown."""

    id: int
    version: int
    full_name: str
    born: str
    sex: str
    blood: str
    marital: str
    ethnicity: str
    religion: str
    nationality: str
    birth_reg_place: str
    origin_place: str
    number: str
    number9: str
    permanent_address: str
    current_address: str
    father_name: str
    father_number: str
    mother_name: str
    mother_number: str
    spouse_name: str
    spouse_number: str
    representative_name: str
    representative_number: str
    head_name: str
    relation_to_head: str
    village_code: str
    village: str
    commune_code: str
    commune: str
    phone: str
    life: str
    simulated: bool


def facts_of(person_id: int) -> PersonFacts:
    """Everything on the form DC01 about a person, as the register says now. Raises NotFound."""
    one = person(person_id)
    values = {name: printed(name, value) for name, value in stored(one).items()}
    head = head_of(one.household_id)
    return PersonFacts(
        id=one.pk, version=one.version, **(values | {"village_code": one.village_code}),
        village=values["village_code"], commune_code=one.commune_code,
        commune=places.commune_name(one.commune_code),
        head_name=head.full_name if head else "", simulated=one.simulated,
    )  # fmt: skip


def stored(one: Person) -> dict[str, str]:
    """Every fact of the person as stored, by its name: codes, ISO dates."""
    values = {fact.name: str(getattr(one, fact.name, "")) for fact in rules.FACTS}
    for relation in relations_of(one.pk):
        values[f"{relation.kind}_name"] = relation.name
        values[f"{relation.kind}_number"] = relation.number
    for residence in Residence.objects.filter(person=one, valid_to=None):
        values[f"{residence.kind}_address"] = residence.address
    return values


def printed(name: str, value: str) -> str:
    """A stored value of a fact as people read it."""
    fact = rules.fact_of(name)
    if fact.codes:
        return codes.name(fact.codes, value) if value else ""
    if not value:
        return ""
    if fact.name == "born":
        return PartialDate.parse(value).vietnamese()
    if fact.name == "sex":
        return codes.name("gender", {"M": "1", "F": "2"}[value])
    if fact.name == "village_code":
        return places.village(value).name
    if fact.name == "life":
        return str(rules.LIFE_WORDS[rules.Life(value)])
    return value


def printed_change(field: str, value: str) -> str:
    """A recorded value as people read it, whatever the change was about."""
    return printed(field, value) if rules.is_fact(field) else value


@dataclass(frozen=True)
class SourcedFact:
    """One fact as printed, with where it comes from, who recorded it and when."""

    name: str
    label: str
    value: str
    source: str
    officer: str
    recorded_at: dt.datetime


def sourced_facts(one: Person) -> list[SourcedFact]:
    """Every fact of the person with its source, in the order of the form."""
    latest: dict[str, Change] = {}
    for change in Change.objects.filter(person=one).order_by("id"):
        latest[change.field] = change
    values = stored(one)
    return [
        SourcedFact(
            fact.name, str(fact.label), printed(fact.name, values[fact.name]), source_in_words(why.source),
            why.by_name, why.recorded_at,
        )
        for fact in rules.FACTS
        for why in [latest.get(fact.name) or latest[RECORD]]
    ]  # fmt: skip


RECORD = "record"  # the change that says when the record itself began


def source_in_words(text: str) -> str:
    """A stored source as people read it."""
    kind, ref = rules.kind_of_source(text)
    return str(rules.SOURCE_KINDS.get(kind, "%(ref)s")) % {"ref": ref}
