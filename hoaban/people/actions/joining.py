"""Two records of one person made one, its undoing, and one record of two people made two.

Nothing is lost: the record that goes keeps its own history and points to the one that stays. What moved
where is kept with the join, and undoing it moves exactly that back. Rooms above follow `people.joined` and
`people.parted`: one person has one live card and one account.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from hoaban.people import queries, rules
from hoaban.people.actions.establishing import establish
from hoaban.people.actions.writing import Act
from hoaban.people.models import Join, Number, Person, Relation, Residence
from hoaban.web.actor import Actor

MULTIPLE = (rules.ResidenceKind.TEMPORARY, rules.ResidenceKind.STAY, rules.ResidenceKind.ABSENCE)


@transaction.atomic
def join(*, stays_id: int, goes_id: int, source: str, by: Actor, at: dt.datetime) -> Join:
    """Make two records of one person one: `goes` points to `stays`, which keeps its facts.

    What `stays` lacks it takes from `goes`; who named `goes` names `stays`; one living number is left. Ask a
    second officer first (`propose`). The same join twice is one. Raises NotFound, SameRecord,
    JoinedElsewhere, OthersJoined.
    """
    if stays_id == goes_id:
        raise rules.SameRecord()
    act = Act(source=source, by=by, at=at, reason="P09")
    locked = act.lock([stays_id, goes_id], joined=True)
    stays, goes = locked[stays_id], locked[goes_id]
    if goes.joined_to_id == stays_id:
        return Join.objects.get(goes=goes, undone_at=None)
    for one in (stays, goes):
        if one.joined_to_id is not None:
            raise rules.JoinedElsewhere(name=one.full_name)
    if Join.objects.filter(stays=goes, undone_at=None).exists():
        raise rules.OthersJoined(name=goes.full_name)
    done = Join.objects.create(stays=stays, goes=goes, source=source, joined_by=by.name, joined_at=at)
    done.moved = {
        "life": goes.life, "household": goes.household_id, "version": goes.version,
        "numbers": _join_numbers(act, stays, goes),
        "facts": _fill(act, stays, goes),
        "named_by": _rename(stays, goes), "residences": _end_residences(act, goes),
        "lines": _move_lines(act, stays, goes),
    }  # fmt: skip
    done.save()
    act.set(goes, life=rules.Life.JOINED.value)
    act.keep(goes, "joined_to", "", str(stays.pk))
    goes.joined_to = stays
    act.keep(stays, "joined", "", str(goes.pk))
    act.write_down()
    act.tell("people.joined", [stays_id, goes_id], join=done.pk)
    return done


@transaction.atomic
def part(*, join_id: int, source: str, by: Actor, at: dt.datetime) -> Join:
    """Undo a join: what moved goes back, save what was changed since. Undoing twice is once.

    Ask a second officer first (`propose`). Raises NotJoined, HeadTaken.
    """
    found = Join.objects.select_for_update().filter(pk=join_id).first()
    if found is None:
        raise rules.NotJoined()
    if found.undone_at is not None:
        return found
    act = Act(source=source, by=by, at=at, reason="P09")
    locked = act.lock([found.stays_id, found.goes_id], joined=True)
    stays, goes = locked[found.stays_id], locked[found.goes_id]
    moved = found.moved
    if moved["life"] == rules.Life.LIVING and goes.relation_to_head == queries.HEAD:
        head = queries.head_of(goes.household_id)
        if head is not None:
            raise rules.HeadTaken(name=head.full_name)
    _take_back(act, stays, moved["facts"])
    act.set(goes, life=moved["life"])
    act.keep(goes, "joined_to", str(stays.pk), "")
    act.keep(stays, "parted", "", str(goes.pk))
    goes.joined_to = None
    _part_numbers(act, stays, goes, moved["numbers"])
    Relation.objects.filter(pk__in=moved["named_by"], other=stays).update(other=goes)
    _move_back(act, goes, moved["lines"])
    for line in Residence.objects.filter(pk__in=moved["residences"]).order_by("id"):
        act.open(line)
    act.write_down()
    found.undone_at, found.undone_by = at, by.name
    found.save(update_fields=["undone_at", "undone_by"])
    act.tell("people.parted", [stays.pk, goes.pk], join=found.pk)
    return found


@transaction.atomic
def split(
    *,
    person_id: int,
    other: rules.NewPerson,
    source: str,
    by: Actor,
    at: dt.datetime,
    number: str = "",
    named_by: Sequence[int] = (),
) -> Person:
    """One record held two people: the second gets a record of their own, with the facts that are theirs.

    `number` is the one of the record's numbers, living or cancelled, that is the other's; `named_by` are the
    ids of the relations that mean the other. Who was split off is returned. Splitting off the same person
    twice is once. Raises NotFound, NotTheirNumber, NotTheirRelation, NumberDisagrees.
    """
    act = Act(source=source, by=by, at=at, reason="P05")
    person = act.lock([person_id])[person_id]
    if known := queries.split_off(person_id, other.full_name, source):
        return known
    lines = Relation.objects.filter(pk__in=list(named_by), other=person_id)
    if len(lines) != len(set(named_by)):
        raise rules.NotTheirRelation()
    if number:
        rules.check_number(number, other.sex, other.born)
        if not person.numbers.filter(number=number).exists():
            raise rules.NotTheirNumber(number=number)
        if person.number == number:
            act.set(person, number="")
    made = establish(person=dataclasses.replace(other, number=""), by=by, at=at)
    new = act.lock([made.pk])[made.pk]
    act.keep(person, "split_off", "", str(new.pk))
    act.write_down()  # the number is nobody's for a moment, then the other's
    if number:
        Number.objects.filter(number=number).update(person=new, cancelled_at=None, reason="")
        act.set(new, number=number)
    lines.update(other=new)
    act.write_down()
    act.tell("people.split", [person_id, new.pk])
    return new


def _join_numbers(act: Act, stays: Person, goes: Person) -> dict[str, str]:
    """One living number is left: that of `stays`, or where it has none, that of `goes` if it agrees."""
    number = goes.number
    if not number:
        return {}
    act.set(goes, number="")
    if stays.number or rules.kills_the_number(number, stays.sex, stays.born):
        act.cancel(number)
        return {"cancelled": number}
    Person.objects.filter(pk=goes.pk).update(number="")  # one person per number at every moment
    Number.objects.filter(number=number).update(person=stays)
    act.set(stays, number=number)
    return {"moved": number}


def _part_numbers(act: Act, stays: Person, goes: Person, numbers: dict[str, str]) -> None:
    if moved := numbers.get("moved"):
        if stays.number == moved:
            act.set(stays, number="")
            Person.objects.filter(pk=stays.pk).update(number="")
        Number.objects.filter(number=moved).update(person=goes)
    cancelled = numbers.get("cancelled", "")
    Number.objects.filter(number=cancelled).update(cancelled_at=None, reason="")
    number = moved or cancelled
    if number and Number.objects.filter(number=number, cancelled_at=None).exists():
        act.set(goes, number=number)


def _fill(act: Act, stays: Person, goes: Person) -> dict[str, str]:
    """What `stays` doesn't know it takes from `goes`; the facts taken."""
    here, there = queries.stored(stays), queries.stored(goes)
    own = rules.OWN_FACTS - {"number", "life", "relation_to_head", "village_code"}
    taken = {name: there[name] for name in sorted(own) if there[name] and not here[name]}
    act.set(stays, **taken)
    for kind in rules.RelationKind:
        line = queries.relations_of(goes.pk).filter(kind=kind).first()
        if line is not None and not here[f"{kind}_name"] and line.other_id != stays.pk:
            act.relate(stays, kind, {"name": line.name, "number": line.number}, line.other)
            taken[f"{kind}_name"] = line.name
    return taken


def _take_back(act: Act, stays: Person, taken: dict[str, str]) -> None:
    """Facts that `stays` took and that nobody changed since are unknown again."""
    here = queries.stored(stays)
    act.set(stays, **{name: "" for name, value in taken.items() if name in rules.OWN_FACTS and here[name] == value})
    for kind in rules.RelationKind:
        name = f"{kind}_name"
        if name in taken and here[name] == taken[name]:
            act.relate(stays, kind, {"name": "", "number": ""})


def _rename(stays: Person, goes: Person) -> list[int]:
    """Who named `goes` as father, mother, spouse or representative now names `stays`; which lines."""
    ids = list(Relation.objects.filter(other=goes).exclude(person=stays).values_list("pk", flat=True))
    Relation.objects.filter(pk__in=ids).update(other=stays)
    return ids


def _end_residences(act: Act, goes: Person) -> list[int]:
    """Nobody lives permanently in two places: the lines of `goes` hold no longer; which."""
    kinds = (rules.ResidenceKind.PERMANENT, rules.ResidenceKind.CURRENT)
    lines = list(Residence.objects.filter(person=goes, kind__in=kinds, valid_to=None, superseded_at=None))
    for line in lines:
        act.supersede(line)
    return [line.pk for line in lines]


def _move_lines(act: Act, stays: Person, goes: Person) -> list[tuple[int, int]]:
    """Temporary residences, stays and absences are those of the one that stays; from which line to which."""
    moved = []
    for line in Residence.objects.filter(person=goes, kind__in=MULTIPLE, superseded_at=None).order_by("id"):
        before = line.pk
        act.supersede(line)
        line.person = stays
        moved.append((before, act.open(line).pk))
    return moved


def _move_back(act: Act, goes: Person, moved: list[tuple[int, int]]) -> None:
    """Those lines as they are by now go back."""
    for line in Residence.objects.filter(pk__in=[after for _before, after in moved], superseded_at=None).order_by("id"):
        act.supersede(line)
        line.person = goes
        act.open(line)
