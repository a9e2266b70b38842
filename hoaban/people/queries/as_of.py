"""The whole record of a person or a household on any day, as the register knew it at any moment."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet

from hoaban.base.errors import NotFound
from hoaban.base.partial_date import PartialDate
from hoaban.people import rules
from hoaban.people.models import Change, Person, Relation, Residence
from hoaban.people.queries import finding
from hoaban.people.queries import households as homes

Line = TypeVar("Line", Relation, Residence)
OWN = (*sorted(rules.OWN_FACTS), "commune_code")
RECORD = "record"  # the change that says when the record itself began


@dataclass(frozen=True)
class RelationThen:
    """Who somebody's father, mother, spouse or representative was."""

    kind: str
    name: str
    number: str
    other_id: int | None


@dataclass(frozen=True)
class ResidenceThen:
    """Where somebody lived, in which standing."""

    kind: str
    address: str
    commune_code: str
    village_code: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    source: str

    @property
    def standing(self) -> str:
        """The kind in words."""
        return str(rules.RESIDENCE_WORDS[rules.ResidenceKind(self.kind)])


@dataclass(frozen=True)
class AsOf:
    """A person on the day `valid`, as the register knew at `known`: facts as stored, each with the change
    that made it so."""

    person_id: int
    valid: dt.date
    known: dt.datetime
    facts: Mapping[str, str]
    steps: Mapping[str, rules.Known]
    commune_code: str
    relations: tuple[RelationThen, ...]
    residences: tuple[ResidenceThen, ...]
    household_id: int | None
    changes: tuple[Change, ...]  # every one, in the order of recording


@dataclass(frozen=True)
class MemberThen:
    """Who lived in a household."""

    person_id: int
    full_name: str
    born: str
    number: str
    relation_to_head: str


@dataclass(frozen=True)
class HouseholdThen:
    """A household on a day, as the register knew at a moment: its place and its members, the head first."""

    household_id: int
    valid: dt.date
    known: dt.datetime
    code: str
    commune_code: str
    village_code: str
    address: str
    dissolved_on: str
    members: tuple[MemberThen, ...]

    def __str__(self) -> str:
        return rules.called(self.code)

    @property
    def head(self) -> MemberThen | None:
        """The member whose relation says so."""
        return next((one for one in self.members if one.relation_to_head == rules.HEAD), None)


def as_of(person_id: int, valid: dt.date, known: dt.datetime) -> AsOf:
    """The whole record at both times. Raises NotFound, also where the register didn't know of them then."""
    return then(finding.person(person_id), valid, known)


def then(one: Person, valid: dt.date, known: dt.datetime) -> AsOf:
    """The same of a person at hand."""
    person_id = one.pk
    if known < one.established_at:
        raise NotFound(what=person_id)
    rows = list(Change.objects.filter(person=person_id).order_by("id"))
    changes = _by_field(rows)[person_id]
    own = {name: _text(getattr(one, name)) for name in OWN} | {"household": _text(one.household_id)}
    values = {name: _at(own[name], changes.get(name, []), valid, known) for name in own}
    relations = tuple(
        RelationThen(line.kind, line.name, line.number, line.other_id)
        for line in _lines(finding.relation_lines(person_id), valid, known)
    )
    residences = tuple(
        ResidenceThen(
            line.kind, line.address, line.commune_code, line.village_code, line.valid_from, line.valid_to, line.source
        )
        for line in _lines(Residence.objects.filter(person=person_id), valid, known)
    )
    facts = {fact.name: values.get(fact.name, "") for fact in rules.FACTS}
    facts |= {f"{line.kind}_name": line.name for line in relations}
    facts |= {f"{line.kind}_number": line.number for line in relations}
    facts |= {name: line.address for line in residences if (name := f"{line.kind}_address") in facts}
    return AsOf(
        person_id, valid, known, facts, _steps(changes, facts, valid, known), values["commune_code"], relations,
        residences, int(values["household"]) if values["household"] else None,
        tuple(rows),
    )  # fmt: skip


def value_of(person_id: int, name: str, valid: dt.date, known: dt.datetime) -> str:
    """A fact as of a day, as the register knew it at a moment. Raises NotFound, NotAFact."""
    return as_of(person_id, valid, known).facts[rules.fact_of(name).name]


def household_as_of(household_id: int, valid: dt.date, known: dt.datetime) -> HouseholdThen:
    """A household at both times. Raises NotFound, also where the register didn't know of it then."""
    household = homes.household(household_id)
    if known < household.established_at:
        raise NotFound(what=household_id)
    changes: dict[str, list[rules.Known]] = {}
    for one in homes.group_history(household).order_by("id"):
        step = rules.Known(one.old, one.new, one.valid_from, one.recorded_at, one.source, one.by_name)
        changes.setdefault(one.field, []).append(step)
    place = {
        name: _at(_text(getattr(household, name)), changes.get(name, []), valid, known)
        for name in ("code", "commune_code", "village_code", "address", "dissolved_on")
    }
    return HouseholdThen(household_id, valid, known, members=_members(household_id, valid, known), **place)


def _members(household_id: int, valid: dt.date, known: dt.datetime) -> tuple[MemberThen, ...]:
    moved = Change.objects.filter(Q(old=str(household_id)) | Q(new=str(household_id)), field="household")
    ids = {*moved.values_list("person_id", flat=True)}
    people = list(Person.objects.filter(Q(household=household_id) | Q(pk__in=ids), established_at__lte=known))
    changes = _by_field(Change.objects.filter(person__in=people).order_by("id"))
    found = []
    for one in people:
        then = {
            name: _at(value, changes[one.pk].get(name, []), valid, known)
            for name, value in (
                ("household", _text(one.household_id)), ("life", one.life), ("full_name", one.full_name),
                ("born", one.born), ("number", one.number), ("relation_to_head", one.relation_to_head),
            )
        }  # fmt: skip
        lives = then.pop("household") == str(household_id) and then.pop("life") == rules.Life.LIVING
        if lives and PartialDate.parse(then["born"]).earliest() <= valid:
            found.append(MemberThen(one.pk, **then))
    return tuple(sorted(found, key=lambda one: (one.relation_to_head != rules.HEAD, one.born, one.person_id)))


def _lines(found: QuerySet[Line], valid: dt.date, known: dt.datetime) -> QuerySet[Line]:
    """The lines that hold on that day as was known then."""
    return found.filter(
        Q(superseded_at=None) | Q(superseded_at__gt=known),
        Q(valid_from=None) | Q(valid_from__lte=valid),
        Q(valid_to=None) | Q(valid_to__gte=valid),
        recorded_at__lte=known,
    ).order_by("kind", "id")


def _by_field(changes: Iterable[Change]) -> dict[int, dict[str, list[rules.Known]]]:
    """Each person's changes by fact."""
    found: dict[int, dict[str, list[rules.Known]]] = defaultdict(dict)
    for one in changes:
        step = rules.Known(one.old, one.new, one.valid_from, one.recorded_at, one.source, one.by_name)
        found[one.person_id].setdefault(one.field, []).append(step)
    return found


def _at(present: str, changes: list[rules.Known], valid: dt.date, known: dt.datetime) -> str:
    return rules.value_at(present, changes, valid, known)


def _steps(
    changes: Mapping[str, list[rules.Known]], facts: Mapping[str, str], valid: dt.date, known: dt.datetime
) -> dict[str, rules.Known]:
    """What made each fact what it was then: its own change, else the record's beginning."""
    began = changes[RECORD][0]
    return {name: rules.step_at(changes.get(name, []), valid, known) or began for name in facts}


def _text(value: object) -> str:
    return "" if value is None else str(value)
