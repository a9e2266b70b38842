"""Two records joined and parted: appointments follow, and nobody has two open ones."""

from __future__ import annotations

import pytest

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.people import queries as register
from hoaban.visits import actions, queries
from tests import make
from tests.people.joins import joined, part
from tests.visits import world

pytestmark = pytest.mark.django_db


def test_an_appointment_follows_the_record_that_stays_and_comes_back() -> None:
    stays, goes = make.person(), make.person("Lo Mai")
    one = world.promised(goes, world.at(8, 1))

    done = joined(stays, goes)
    assert queries.coming_to(stays.pk) == one
    assert register.join(done.pk).followed == {"visits.Appointment.person": [one.pk]}
    assert [entry.action for entry in audit.touching(goes.pk)][0] == "people.followed"
    actions.follow_join(join_id=done.pk, by=make.MAKER, at=now())

    own = world.promised(make.person(), world.at(9, 1))
    part(done)
    assert queries.coming_to(goes.pk) == one
    assert queries.coming_to(stays.pk) is None
    assert register.join(done.pk).followed == {}
    assert own.person != goes


def test_of_two_open_appointments_one_is_called_off_and_stands_again_after_a_parting() -> None:
    stays, goes = make.person(), make.person("Lo Mai")
    kept, second = world.promised(stays, world.at(8, 1)), world.promised(goes, world.at(9, 2), plan="2")

    done = joined(stays, goes)
    second.refresh_from_db()
    assert second.why_cancelled
    assert queries.coming_to(stays.pk) == kept

    part(done)
    assert queries.coming_to(goes.pk) == second
    assert queries.coming_to(stays.pk) == kept


def test_what_was_promised_since_stays_with_the_record_that_stays() -> None:
    stays, goes = make.person(), make.person("Lo Mai")
    done = joined(stays, goes)
    since = world.promised(stays, world.at(8, 1))

    part(done)

    assert queries.coming_to(stays.pk) == since
