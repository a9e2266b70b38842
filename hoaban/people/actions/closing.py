"""Closing a record, with the day, the source and the reason; and reopening one closed by mistake."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.base import clock
from hoaban.people import queries, rules
from hoaban.people.actions.writing import ONE_DAY, Act
from hoaban.people.models import Person, Relation, Residence
from hoaban.web.actor import Actor


@transaction.atomic
def close(
    *, person_id: int, life: str, day: dt.date, reason: str, source: str, by: Actor, at: dt.datetime
) -> Person:  # fmt: skip
    """Close the record of somebody who has died, is missing, has settled abroad or gave up nationality.

    `day` is that of the death or the decision. Their residences end with it; a death leaves the spouse
    widowed. The number stays theirs. Closing so again changes nothing. Raises NotFound, NotAClosing,
    ReasonNeeded, WrongDay, NotLiving.
    """
    kind = rules.Life(life)
    rules.check_closing(kind, reason)
    widowed = _spouse_of(person_id) if kind == rules.Life.DEAD else None
    act = Act(source=source, by=by, at=at, valid_from=day, reason="P03")
    locked = act.lock([person_id, widowed])
    person = locked[person_id]
    if person.life == kind and person.closed_on == day:
        return person
    rules.check_living(person.full_name, person.life)
    rules.check_day(day, person.born, clock.day_of(at))
    act.set(person, life=kind.value)
    act.keep(person, "closing_reason", "", reason.strip())
    person.closed_on = day
    _end_residences(act, person, day)
    if widowed is not None:
        _end_marriage(act, locked[widowed], person, rules.WIDOWED)
    act.write_down()
    act.tell("people.closed", list(locked), life=kind.value, reason=reason.strip())
    return person


@transaction.atomic
def reopen(*, person_id: int, reason: str, source: str, by: Actor, at: dt.datetime) -> Person:
    """Open a record that was closed by mistake: as if it had never been closed.

    Ask a second officer first (`propose`). The residences that the closing ended go on, a widowed spouse is
    married again. Raises NotFound, NotClosed, ReasonNeeded, HeadTaken.
    """
    if not reason.strip():
        raise rules.ReasonNeeded(field="reason")
    widowed = _widowed_by(person_id)
    closed_on = queries.person(person_id).closed_on
    act = Act(source=source, by=by, at=at, valid_from=closed_on, reason="P05")
    locked = act.lock([person_id, widowed.person_id if widowed else None])
    person = locked[person_id]
    if person.life == rules.Life.LIVING:
        raise rules.NotClosed(name=person.full_name)
    _refuse_second_head(person)
    act.set(person, life=rules.Life.LIVING.value)
    act.keep(person, "closing_reason", "", reason.strip())
    person.closed_on = None
    _go_on_living(act, person, closed_on)
    if widowed is not None:
        survivor = locked[widowed.person_id]
        act.set(survivor, marital=rules.MARRIED)
        act.keep(survivor, "spouse_name", "", widowed.name)
        act.supersede(widowed)
        widowed.valid_to = None
        act.open(widowed)
    act.write_down()
    act.tell("people.reopened", list(locked), reason=reason.strip())
    return person


def _spouse_of(person_id: int) -> int | None:
    line = queries.relations_of(person_id).filter(kind=rules.RelationKind.SPOUSE).first()
    return line.other_id if line else None


def _end_marriage(act: Act, survivor: Person, gone: Person, marital: str) -> None:
    """The marriage to somebody ends for the other side; nothing where they were married to another."""
    line = queries.relations_of(survivor.pk).filter(kind=rules.RelationKind.SPOUSE, other=gone.pk).first()
    if line is not None:
        act.relate(survivor, rules.RelationKind.SPOUSE, {"name": "", "number": ""})
        act.set(survivor, marital=marital)


def _widowed_by(person_id: int) -> Relation | None:
    """The other side's line of a marriage that ended with this person's death."""
    day = queries.person(person_id).closed_on
    if day is None:
        return None
    return Relation.objects.filter(
        other=person_id, kind=rules.RelationKind.SPOUSE, valid_to=day - ONE_DAY, superseded_at=None,
        person__marital=rules.WIDOWED,
    ).first()  # fmt: skip


def _end_residences(act: Act, person: Person, day: dt.date) -> None:
    for line in Residence.objects.filter(person=person, superseded_at=None).order_by("id"):
        if line.valid_to is None or line.valid_to > day:
            act.end(line, day)


def _go_on_living(act: Act, person: Person, closed_on: dt.date | None) -> None:
    """Lines that were open when the record was closed are open again; temporary ones are registered anew."""
    kinds = (rules.ResidenceKind.PERMANENT, rules.ResidenceKind.CURRENT)
    ended = Residence.objects.filter(person=person, kind__in=kinds, valid_to=closed_on, superseded_at=None)
    for line in ended.order_by("id"):
        act.supersede(line)
        line.valid_to = None
        act.open(line)


def _refuse_second_head(person: Person) -> None:
    head = queries.head_of(person.household_id) if person.relation_to_head == queries.HEAD else None
    if head is not None:
        raise rules.HeadTaken(name=head.full_name)
