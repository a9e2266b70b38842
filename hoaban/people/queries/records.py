"""Whole records in words, as pages and prints show them: of a person, of a household, now or on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hoaban.people import rules
from hoaban.people.models import Join, Number, Organisation, Person
from hoaban.people.queries import finding, telling
from hoaban.people.queries import households as homes
from hoaban.people.queries.as_of import AsOf, HouseholdThen, household_as_of
from hoaban.people.queries.telling import SaidChange
from hoaban.places import queries as places


@dataclass(frozen=True)
class SourcedFact:
    """One fact as printed, with where it comes from, who recorded it and when."""

    name: str
    label: str
    value: str
    source: str
    officer: str
    recorded_at: dt.datetime


@dataclass(frozen=True)
class Named:
    """Somebody named on a record: in which part, under which name, and their own record where there is one."""

    part: str
    name: str
    number: str
    person_id: int | None
    born: str = ""


@dataclass(frozen=True)
class Lived:
    """Where somebody lives or lived."""

    address: str
    standing: str
    place: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    source: str
    id: int | None = None


@dataclass(frozen=True)
class Record:
    """What the page of a person shows."""

    facts: list[SourcedFact]
    commune: str
    household_id: int | None
    household: list[Named]
    relatives: list[Named]
    children: list[Named]
    residences: list[Lived]
    numbers: Sequence[Number]
    joins: Sequence[Join]
    organisations: Sequence[Organisation]
    changes: list[SaidChange]


LATEST = 8  # changes on the record's own page; the history has them all


def record_of(one: Person, then: AsOf, *, is_past: bool) -> Record:
    """Everything on a person, their household and those related to them, in words, as of both times of `then`."""
    changed = {change.field for change in then.changes}
    told = places.addresses_told(line.address for line in then.residences)
    return Record(
        facts=sourced_facts(then),
        commune=places.name(then.commune_code),
        household_id=then.household_id,
        household=_household(one, then) if is_past else [_named(member) for member in homes.members(one.household)],
        relatives=[
            Named(str(rules.RELATION_WORDS[rules.RelationKind(line.kind)]), line.name, line.number, line.other_id)
            for line in then.relations
        ],
        children=[_named(child) for child in finding.children_of(one.pk)],
        residences=[
            Lived(
                told[line.address], line.standing, _place(line.commune_code), line.valid_from, line.valid_to,
                telling.source_in_words(line.source),
            )
            for line in then.residences
        ],
        numbers=list(one.numbers.order_by("given_at", "number")) if "number" in changed else [],
        joins=list(finding.joins_of(one.pk)) if changed & {"joined", "joined_to"} else [],
        organisations=list(homes.represented_by(one.pk)),
        changes=[telling.said(change) for change in then.changes[: -LATEST - 1 : -1]],
    )  # fmt: skip


def _household(one: Person, then: AsOf) -> list[Named]:
    home = household_as_of(then.household_id, then.valid, then.known) if then.household_id else None
    return members_in_words(home) if home else []


def sourced_facts(then: AsOf) -> list[SourcedFact]:
    """Every fact of the person with its source, in the order of the form."""
    return [
        SourcedFact(
            fact.name, str(fact.label), telling.printed(fact.name, then.facts[fact.name]),
            telling.source_in_words(step.source), step.by, step.recorded_at,
        )
        for fact in rules.FACTS
        for step in [then.steps[fact.name]]
    ]  # fmt: skip


def members_in_words(home: HouseholdThen) -> list[Named]:
    """The members of a household, the head first."""
    return [
        Named(
            telling.printed("relation_to_head", one.relation_to_head), one.full_name, one.number, one.person_id,
            telling.printed("born", one.born),
        )
        for one in home.members
    ]  # fmt: skip


@dataclass(frozen=True)
class HouseholdRecord:
    """What the page of a household shows."""

    then: HouseholdThen
    commune: str
    village: str
    members: list[Named]
    changes: list[SaidChange]


def household_record(household_id: int, valid: dt.date, known: dt.datetime) -> HouseholdRecord:
    """A household in words, as of both times. Raises NotFound."""
    then = household_as_of(household_id, valid, known)
    history = homes.group_history(homes.household(household_id))
    return HouseholdRecord(
        then, places.name(then.commune_code), _village(then.village_code), members_in_words(then),
        [telling.said(one) for one in history],
    )  # fmt: skip


def _named(one: Person) -> Named:
    return Named(
        telling.printed("relation_to_head", one.relation_to_head),
        one.full_name,
        one.number,
        one.pk,
        telling.printed("born", one.born),
    )


def _place(commune_code: str) -> str:
    return places.name(commune_code) if commune_code else ""


def _village(code: str) -> str:
    return places.village_names([code]).get(code, code) if code else ""
