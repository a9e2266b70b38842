"""Where people live: permanent and temporary residence, stays and absences (Law on Residence 68/2020)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.base import clock, dated_rules
from hoaban.people import queries, rules
from hoaban.people.actions.writing import Act
from hoaban.people.models import Person, Residence
from hoaban.web.actor import Actor


@transaction.atomic
def register_permanent_residence(
    *,
    person_id: int,
    commune_code: str,
    village_code: str,
    address: str,
    day: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
    household_id: int | None = None,
    relation_to_head: str = "",
) -> Person:
    """Register where somebody lives permanently from a day on; the residence before ends the day before.

    They leave their household and enter the one named, if any. The same again changes nothing.
    Raises NotFound, NotLiving, WrongDay, HeadTaken, OtherCommune.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="R01")
    homes = queries.homes_of([person_id])
    household = act.lock_households([*homes, *([household_id] if household_id else [])]).get(household_id or 0)
    if household is not None:
        rules.check_household(household.code, household.dissolved_on)
        if household.commune_code != commune_code:
            raise rules.OtherCommune(code=household)
    person = act.lock([person_id])[person_id]
    rules.check_living(person.full_name, person.life)
    rules.check_day(day, person.born, clock.day_of(at))
    if queries.lives_at(person_id, commune_code, address, day):
        return person
    if relation_to_head == queries.HEAD and household and (head := queries.head_of(household.pk)):
        raise rules.HeadTaken(name=head.full_name)
    if person.household_id != household_id:
        act.refuse_headless({person_id: person})
    act.settle(person, commune_code, village_code, address)
    act.place(person, household, relation_to_head if household else "")
    act.write_down()
    act.tell("people.permanent_residence_registered", [person_id], commune=commune_code)
    return person


@transaction.atomic
def remove_permanent_residence(*, person_id: int, day: dt.date, source: str, by: Actor, at: dt.datetime) -> Person:
    """Somebody's permanent registration ends on a day and no other follows yet; they leave their household.

    Raises NotFound, NotLiving, WrongDay.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="R02")
    person = act.lock([person_id])[person_id]
    rules.check_living(person.full_name, person.life)
    rules.check_day(day, person.born, clock.day_of(at))
    act.refuse_headless({person_id: person})
    act.house(person, rules.ResidenceKind.PERMANENT, "")
    act.place(person, None, "")
    act.write_down()
    act.tell("people.permanent_residence_removed", [person_id])
    return person


@transaction.atomic
def register_temporary_residence(
    *,
    person_id: int,
    commune_code: str,
    village_code: str,
    address: str,
    valid_from: dt.date,
    valid_to: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
) -> Residence:
    """Register where somebody lives for a time. The same residence from the same source is registered once.

    Raises NotFound, TemporaryTooLong.
    """
    longest = dated_rules.number("residence.temporary_longest_months", clock.day_of(at))
    rules.check_temporary(valid_from, valid_to, longest)
    line = Residence(
        kind=rules.ResidenceKind.TEMPORARY, commune_code=commune_code, village_code=village_code,
        address=address, valid_from=valid_from, valid_to=valid_to, source=source,
    )  # fmt: skip
    return _added(person_id, line, "people.temporary_residence_registered", "R05", by, at)


@transaction.atomic
def note_stay(
    *,
    person_id: int,
    commune_code: str,
    village_code: str,
    address: str,
    valid_from: dt.date,
    valid_to: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
) -> Residence:
    """Note that somebody stays somewhere for under 30 days. The same stay is noted once.

    Raises NotFound, StayTooLong.
    """
    rules.check_stay(valid_from, valid_to)
    line = Residence(
        kind=rules.ResidenceKind.STAY, commune_code=commune_code, village_code=village_code,
        address=address, valid_from=valid_from, valid_to=valid_to, source=source,
    )  # fmt: skip
    return _added(person_id, line, "people.stay_noted", "R08", by, at)


@transaction.atomic
def declare_absence(
    *,
    person_id: int,
    address: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
    source: str,
    by: Actor,
    at: dt.datetime,
) -> Residence:
    """Declare that somebody is away from home, and where; the last day may be open. The same is declared once.

    Raises NotFound, WrongAbsence.
    """
    rules.check_absence(valid_from, valid_to)
    line = Residence(
        kind=rules.ResidenceKind.ABSENCE, address=address, valid_from=valid_from, valid_to=valid_to, source=source
    )
    return _added(person_id, line, "people.absence_declared", "R07", by, at)


@transaction.atomic
def end_residence(*, residence_id: int, last_day: dt.date, source: str, by: Actor, at: dt.datetime) -> None:
    """A temporary residence, a stay or an absence ends on an earlier day than said; twice is once.

    Raises NotFound.
    """
    line = queries.residence(residence_id)
    act = Act(source=source, by=by, at=at, valid_from=last_day, reason="R05")
    person = act.lock([line.person_id])[line.person_id]
    line.refresh_from_db()
    if line.superseded_at is not None or line.valid_to == last_day:
        return
    act.end(line, last_day)
    act.keep(person, _FIELDS[rules.ResidenceKind(line.kind)], line.address, "")
    act.write_down()
    act.tell("people.residence_ended", [person.pk], kind=line.kind)


_FIELDS = {
    rules.ResidenceKind.TEMPORARY: "temporary_residence",
    rules.ResidenceKind.STAY: "stay",
    rules.ResidenceKind.ABSENCE: "absence",
}


def _added(person_id: int, line: Residence, verb: str, reason: str, by: Actor, at: dt.datetime) -> Residence:
    act = Act(source=line.source, by=by, at=at, valid_from=line.valid_from, reason=reason)
    person = act.lock([person_id])[person_id]
    same = {
        name: getattr(line, name)
        for name in ("kind", "commune_code", "village_code", "address", "valid_from", "valid_to", "source")
    }
    known = Residence.objects.filter(person=person, superseded_at=None, **same).first()
    if known is not None:
        return known
    rules.check_living(person.full_name, person.life)
    line.person = person
    act.open(line)
    act.keep(person, _FIELDS[rules.ResidenceKind(line.kind)], "", line.address)
    act.write_down()
    act.tell(verb, [person_id], commune=line.commune_code)
    return line
