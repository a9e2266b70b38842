"""Births, marriages and divorces: civil status changes that concern two or three records at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import clock, names
from hoaban.people import queries, rules
from hoaban.people.actions.establishing import establish
from hoaban.people.actions.writing import Act
from hoaban.people.models import Person, Relation
from hoaban.web.actor import Actor


@transaction.atomic
def register_birth(
    *,
    child: rules.NewPerson,
    mother_id: int | None,
    father_id: int | None,
    household_id: int | None,
    by: Actor,
    at: dt.datetime,
) -> Person:
    """Enter a newborn with their parents, in the household of one of them, with a number of their own.

    The same child of the same mother on the same day is entered once. A number that comes with the paper
    is kept, else one is given. Raises NotFound, ParentTooYoung, WrongDay, NumberTaken, BirthPlaceUnknown.
    """
    act = Act(source=child.source, by=by, at=at, reason="P02")
    parents = act.lock([mother_id, father_id])
    if (known := _known_child(child, mother_id or father_id)) is not None:
        return known
    rules.check_day(rules.first_day(child.born), child.born, clock.day_of(at))
    for parent in parents.values():
        rules.check_parent(parent.full_name, parent.born, child.born)
    named: dict[str, Any] = {}
    for kind, pk in (("mother", mother_id), ("father", father_id)):
        if pk is not None:
            named |= {f"{kind}_name": parents[pk].full_name, f"{kind}_number": parents[pk].number}
    new = establish(person=dataclasses.replace(child, reason="P02", household_code="", **named), by=by, at=at)
    person = act.lock([new.pk])[new.pk]
    _bind(person, mother_id, father_id)
    if household_id is not None:
        act.place(person, queries.household(household_id), child.relation_to_head)
    if not person.number:
        act.number_anew(person)
    act.write_down()
    audit.record(
        "people.birth_registered", f"people.Person:{person.pk}", by=by, at=at, person_ids=[person.pk, *parents],
        facts={"source": child.source},
    )  # fmt: skip
    return person


@transaction.atomic
def marry(*, one_id: int, other_id: int, day: dt.date, source: str, by: Actor, at: dt.datetime) -> None:
    """Register a marriage from its day on, on both sides. The same marriage twice is registered once.

    Raises NotFound, NotLiving, MayNotMarry, MarriedAlready, TooYoungToMarry, WrongDay.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="P06")
    locked = act.lock([one_id, other_id])
    if len(locked) < 2 or _are_parent_and_child(one_id, other_id):
        raise rules.MayNotMarry()
    one, other = locked[one_id], locked[other_id]
    if one.sex == other.sex:
        raise rules.MayNotMarry()
    lines = {pk: queries.relations_of(pk).filter(kind=rules.RelationKind.SPOUSE).first() for pk in locked}
    if all(line is not None and line.other_id in locked and line.valid_from == day for line in lines.values()):
        return
    for person, spouse in ((one, other), (other, one)):
        rules.check_living(person.full_name, person.life)
        rules.check_day(day, person.born, clock.day_of(at))
        rules.check_marriage_age(person.full_name, person.sex, person.born, day)
        line = lines[person.pk]
        if line is not None and line.other_id != spouse.pk:
            raise rules.MarriedAlready(name=person.full_name, spouse=line.name)
    for person, spouse in ((one, other), (other, one)):
        parts = {"name": spouse.full_name, "number": spouse.number}
        act.relate(person, rules.RelationKind.SPOUSE, parts, spouse)
        act.set(person, marital=rules.MARRIED)
    act.write_down()
    act.tell("people.married", [one_id, other_id])


@transaction.atomic
def divorce(*, one_id: int, other_id: int, day: dt.date, source: str, by: Actor, at: dt.datetime) -> None:
    """End a marriage on the day of the court's decision, on both sides. Twice is once.

    Raises NotFound, NotMarried, WrongDay.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="P06")
    locked = act.lock([one_id, other_id])
    lines = queries.relations_of(one_id).filter(kind=rules.RelationKind.SPOUSE, other=other_id)
    if not lines.exists():
        if all(person.marital == rules.DIVORCED for person in locked.values()):
            return
        raise rules.NotMarried()
    for person in locked.values():
        rules.check_day(day, person.born, clock.day_of(at))
        act.relate(person, rules.RelationKind.SPOUSE, {"name": "", "number": ""})
        act.set(person, marital=rules.DIVORCED)
    act.write_down()
    act.tell("people.divorced", [one_id, other_id])


def _known_child(child: rules.NewPerson, parent_id: int | None) -> Person | None:
    if parent_id is None:
        return None
    same = queries.children_of(parent_id).filter(born=child.born, name_fold=names.fold(child.full_name))
    return same.first()


def _bind(person: Person, mother_id: int | None, father_id: int | None) -> None:
    """The parents are known as people, also where they have no number yet."""
    for kind, pk in ((rules.RelationKind.MOTHER, mother_id), (rules.RelationKind.FATHER, father_id)):
        if pk is not None:
            Relation.objects.filter(person=person, kind=kind, valid_to=None, superseded_at=None).update(other=pk)


def _are_parent_and_child(one_id: int, other_id: int) -> bool:
    kinds = (rules.RelationKind.FATHER, rules.RelationKind.MOTHER)
    lines = Relation.objects.filter(kind__in=kinds, superseded_at=None)
    return lines.filter(person=one_id, other=other_id).exists() or lines.filter(person=other_id, other=one_id).exists()
