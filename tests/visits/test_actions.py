"""Who is promised a team, who was met, and what is called off."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from hoaban.audit import queries as audit
from hoaban.base.clock import now, today
from hoaban.visits import actions, queries, rules
from hoaban.visits.models import Appointment
from hoaban.web.actor import Actor, Kind, acting_as
from tests import make
from tests.visits import world

pytestmark = pytest.mark.django_db


def test_many_are_promised_at_once_in_one_entry_of_the_audit() -> None:
    people = [make.person() for _each in range(3)]
    promises = [world.meant(one, world.at(8, 2, minute=15 * n)) for n, one in enumerate(people)]

    count = actions.promise(plan_ref="7", promises=promises, by=make.MAKER, at=now())

    assert count == 3
    [entry] = audit.about("visits.Plan:7")
    assert (entry.action, entry.person_ids) == ("visits.promised", [one.pk for one in people])
    assert [one.person_id for one in queries.due(world.TEAM, today() + dt.timedelta(days=2))] == entry.person_ids


def test_promising_twice_does_the_same_as_once() -> None:
    person = make.person()
    for _twice in range(2):
        world.promised(person, world.at(8, 1))

    assert Appointment.objects.count() == 1
    assert audit.about("visits.Plan:1").count() == 1


def test_who_has_an_appointment_keeps_it_when_another_plan_comes() -> None:
    person = make.person()
    first = world.promised(person, world.at(8, 1))

    new = actions.promise(plan_ref="2", promises=[world.meant(person, world.at(9, 3))], by=make.MAKER, at=now())

    assert new == 0
    assert queries.coming_to(person.pk) == first


def test_an_appointment_gone_by_is_closed_as_not_met_when_a_new_one_is_made() -> None:
    person = make.person()
    old = world.promised(person, world.at(8, -3))
    assert queries.coming_to(person.pk) is None

    new = world.promised(person, world.at(8, 1), plan="2")

    old.refresh_from_db()
    assert old.why_cancelled == rules.NOT_MET
    assert queries.coming_to(person.pk) == new
    assert queries.counts("1", today()).not_met == 1


def test_the_database_holds_one_open_appointment_a_person() -> None:
    person = make.person()
    one = world.promised(person, world.at(8, 1))
    one.pk, one.plan_ref = None, "2"

    with pytest.raises(IntegrityError, match="one_open_appointment_per_person"), transaction.atomic():
        one.save(force_insert=True)


def test_who_was_met_is_no_longer_waited_for() -> None:
    person = make.person()
    world.promised(person, world.at(8, 1))

    met = actions.mark_met(person_id=person.pk, by=make.MAKER, at=now())
    again = actions.mark_met(person_id=person.pk, by=make.MAKER, at=now())

    assert met is not None
    assert again is None
    assert queries.coming_to(person.pk) is None
    assert queries.counts("1", today()) == queries.Counts(promised=1, met=1)
    assert [entry.action for entry in audit.about(met.subject)] == ["visits.met"]


def test_an_appointment_is_called_off_for_a_reason() -> None:
    one = world.promised(make.person(), world.at(8, 1))
    with pytest.raises(rules.ReasonMissing):
        actions.cancel(appointment_ids=[one.pk], why=" ", by=make.MAKER, at=now())

    count = actions.cancel(appointment_ids=[one.pk, one.pk], why="landslip", by=make.MAKER, at=now())
    again = actions.cancel(appointment_ids=[one.pk], why="landslip", by=make.MAKER, at=now())

    assert (count, again) == (1, 0)
    assert queries.counts("1", today()).called_off == 1
    assert not queries.due_between(world.TEAM, today(), today() + dt.timedelta(days=30))


def test_an_appointment_does_not_end_before_it_begins() -> None:
    start = world.at(8)
    backwards = rules.Promise(1, make.NAM_KHAN, world.TEAM, start, start, world.PLACE)

    with pytest.raises(rules.BackwardsInTime):
        actions.promise(plan_ref="1", promises=[backwards], by=make.MAKER, at=now())


def test_the_wall_shows_an_appointment_to_its_commune_and_its_person() -> None:
    person = make.person()
    world.promised(person, world.at(8, 1))

    def sees(communes: frozenset[str], person_id: int | None) -> bool:
        with acting_as(Actor(Kind.OFFICER, "x", "x", communes=communes, person_id=person_id)):
            return queries.coming_to(person.pk) is not None

    assert sees(frozenset({make.NAM_KHAN}), None)
    assert sees(frozenset(), person.pk)
    assert not sees(frozenset({make.NAM_TIN}), None)
    assert not sees(frozenset(), person.pk + 1)


def test_a_team_without_a_name_is_waited_for_by_nobody() -> None:
    world.promised(make.person(), world.at(8, 1), team="")

    assert not queries.due("", today() + dt.timedelta(days=1))
