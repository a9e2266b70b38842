"""Appointments for tests."""

from __future__ import annotations

import datetime as dt

from hoaban.base.clock import VIETNAM, now, today
from hoaban.people.models import Person
from hoaban.visits import actions
from hoaban.visits.models import Appointment
from hoaban.visits.rules import Promise
from tests import make

TEAM = "NK"
PLACE = "Huoi Dap"


def at(hour: int, days: int = 0, minute: int = 0) -> dt.datetime:
    """An hour in Vietnam, so many days from today."""
    return dt.datetime.combine(today() + dt.timedelta(days=days), dt.time(hour, minute), VIETNAM)


def meant(person: Person, starts_at: dt.datetime, team: str = TEAM) -> Promise:
    """A quarter of an hour for somebody."""
    return Promise(
        person_id=person.pk, commune_code=person.commune_code, team_code=team, starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=15), place=PLACE,
    )  # fmt: skip


def promised(person: Person, starts_at: dt.datetime, team: str = TEAM, plan: str = "1") -> Appointment:
    """Her appointment."""
    actions.promise(plan_ref=plan, promises=[meant(person, starts_at, team)], by=make.MAKER, at=now())
    return Appointment.objects.get(person=person, plan_ref=plan)
