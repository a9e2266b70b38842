"""The station's list names who has an appointment with its team; who was enrolled was met."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hoaban.base.clock import now, today
from hoaban.enrolment import actions, queries
from hoaban.enrolment.rules import worklist
from hoaban.kit import actions as kit
from hoaban.kit import queries as kit_queries
from hoaban.kit.store import Station
from hoaban.visits import queries as visits
from hoaban.visits.models import Appointment
from tests import make, make_station
from tests.visits import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_province")]


@pytest.fixture
def of_team(tmp_path: Path, _province: None) -> Station:
    return make_station.station(tmp_path / "station", team=world.TEAM)


def _list_of(station: Station) -> list[worklist.Expected]:
    made = actions.draw_list(kit=queries.kit(station.code), by=make.MAKER, at=now())
    kit.take_list(station=station, sealed=bytes(made.sealed), by=make.MAKER, at=now())
    return list(kit_queries.work_list(station).people)


def test_the_list_says_when_and_where_the_team_meets_whom(of_team: Station) -> None:
    met, other = make.person("Lo Thi A"), make.person("Lo Thi B")
    world.promised(met, world.at(9, 2))
    world.promised(other, world.at(9, 2), team="OTHER")

    [expected] = _list_of(of_team)

    assert (expected.person_id, expected.place) == (met.pk, world.PLACE)
    assert worklist.on_day([expected], today() + dt.timedelta(days=2)) == [expected]


def test_who_is_enrolled_was_met_and_leaves_the_list(of_team: Station) -> None:
    person = make.person("Lo Thi A")
    world.promised(person, world.at(9, 2))
    _list_of(of_team)
    ulid = make_station.enrol(of_team, person.pk)
    packet = (of_team.packets / f"{ulid}.hbp").read_bytes()

    actions.receive_whole(content=packet, came_by="usb", by=make.MAKER, at=now())
    enrolment = actions.open_packet(ulid=ulid, by=make.MAKER, at=now())

    assert enrolment is not None
    assert visits.coming_to(person.pk) is None
    assert Appointment.objects.get(person=person).met_at == enrolment.taken_at
    assert _list_of(of_team) == []
