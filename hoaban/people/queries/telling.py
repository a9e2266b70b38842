"""Telling what the register says of somebody: facts in words, their sources, their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from hoaban.base import codes
from hoaban.base.clock import VIETNAM
from hoaban.base.errors import ChangedMeanwhile
from hoaban.base.partial_date import PartialDate
from hoaban.people import rules
from hoaban.people.models import Change, Person, Relation, Residence
from hoaban.people.queries import finding
from hoaban.places import queries as places

RECORD = "record"  # the change that says when the record itself began


def history(person_id: int) -> QuerySet[Change]:
    """Every change recorded on the person, newest first."""
    return Change.objects.filter(person=person_id).order_by("-id")


def value_of(person_id: int, name: str, valid: dt.date, known: dt.datetime) -> str:
    """A fact as of a day, as the register knew it at a moment. Raises NotFound, NotAFact."""
    fact = rules.fact_of(name)
    changes = Change.objects.filter(person=person_id, field=fact.name).order_by("id")
    steps = [rules.Known(one.old, one.new, one.valid_from, one.recorded_at) for one in changes]
    return rules.value_at(stored(finding.person(person_id))[fact.name], steps, valid, known)


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
    one = finding.person(person_id)
    values = {name: printed(name, value) for name, value in stored(one).items()}
    head = finding.head_of(one.household_id)
    return PersonFacts(
        id=one.pk, version=one.version, **(values | {"village_code": one.village_code}),
        village=values["village_code"], commune_code=one.commune_code,
        commune=places.commune_name(one.commune_code),
        head_name=head.full_name if head else "", simulated=one.simulated,
    )  # fmt: skip


def stored(one: Person) -> dict[str, str]:
    """Every fact of the person as stored, by its name: codes, ISO dates."""
    return stored_many([one])[one.pk]


def stored_many(people: Iterable[Person]) -> dict[int, dict[str, str]]:
    """The same for many people at once, by their ids."""
    values = {one.pk: {fact.name: str(getattr(one, fact.name, "")) for fact in rules.FACTS} for one in people}
    for relation in Relation.objects.filter(person__in=list(values), valid_to=None).order_by("id"):
        values[relation.person_id][f"{relation.kind}_name"] = relation.name
        values[relation.person_id][f"{relation.kind}_number"] = relation.number
    for residence in Residence.objects.filter(person__in=list(values), valid_to=None):
        values[residence.person_id][f"{residence.kind}_address"] = residence.address
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
    if fact.name == "nationality":
        return codes.name("nationalities", value)
    if fact.name == "sex":
        return codes.name("gender", {"M": "1", "F": "2"}[value])
    if fact.name == "village_code":
        return places.village_names([value]).get(value, value)
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


def source_in_words(text: str) -> str:
    """A stored source as people read it."""
    kind, ref = rules.kind_of_source(text)
    return str(rules.SOURCE_KINDS.get(kind, "%(ref)s")) % {"ref": ref}


@dataclass(frozen=True)
class SaidChange:
    """One recorded change in words."""

    label: str
    old: str
    new: str
    source: str
    officer: str
    valid_from: dt.date | None
    recorded_at: dt.datetime


def said_changes(person_id: int) -> list[SaidChange]:
    """The person's history in words, newest first."""
    return [
        SaidChange(
            rules.label_of(one.field), printed_change(one.field, one.old), printed_change(one.field, one.new),
            source_in_words(one.source), one.by_name, one.valid_from, one.recorded_at,
        )
        for one in history(person_id)
    ]  # fmt: skip


def changed_since(person: Person, version: int) -> ChangedMeanwhile:
    """The refusal that tells what was changed after that version of the person, and by whom."""
    since = Change.objects.filter(person=person, version__gt=version).order_by("id")
    last = since[len(since) - 1]
    return ChangedMeanwhile(
        who=last.by_name,
        when=last.recorded_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
        changes=", ".join(f"{rules.label_of(one.field)}: {printed_change(one.field, one.new)}" for one in since),
    )


@dataclass(frozen=True)
class Named:
    """Somebody named on a record: in which part, under which name, and their own record where there is one."""

    part: str
    name: str
    number: str
    person_id: int | None
    born: str = ""


@dataclass(frozen=True)
class Record:
    """What the page of a person shows."""

    facts: list[SourcedFact]
    commune: str
    household: list[Named]
    relatives: list[Named]
    children: list[Named]
    residences: list[Residence]


def record_of(one: Person) -> Record:
    """Everything on a person, their household and those related to them, in words."""
    household = finding.members(one.household) if one.household else []
    return Record(
        facts=sourced_facts(one),
        commune=places.commune_name(one.commune_code),
        household=[_named(member, printed("relation_to_head", member.relation_to_head)) for member in household],
        relatives=[
            Named(rules.label_of(f"{relation.kind}_name"), relation.name, relation.number, relation.other_id)
            for relation in finding.relations_of(one.pk)
        ],
        children=[_named(child, "") for child in finding.children_of(one.pk)],
        residences=_residences(one.pk),
    )


def _residences(person_id: int) -> list[Residence]:
    """Where somebody lived and lives, each address with what an ended commune in it is now."""
    residences = list(finding.residences_of(person_id))
    told = places.addresses_told(one.address for one in residences)
    for one in residences:
        one.address = told[one.address]
    return residences


def _named(one: Person, part: str) -> Named:
    return Named(part, one.full_name, one.number, one.pk, printed("born", one.born))


@dataclass(frozen=True)
class Listed:
    """A person as a line of a list."""

    id: int
    full_name: str
    born: str
    number: str
    village: str
    commune: str
    head: str


def listed(people: list[Person]) -> list[Listed]:
    """These people as lines of a list, in the order given."""
    villages = places.village_names({one.village_code for one in people})
    communes = places.commune_names({one.commune_code for one in people})
    return [
        Listed(
            one.pk, one.full_name, printed("born", one.born), one.number or one.number9,
            villages.get(one.village_code, ""), communes.get(one.commune_code, one.commune_code),
            printed("relation_to_head", one.relation_to_head),
        )
        for one in people
    ]  # fmt: skip
