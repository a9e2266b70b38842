"""The office's pages: what came, what is held and why, and who may see whom."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.enrolment import actions, queries
from hoaban.enrolment.models import Enrolment, Packet
from hoaban.kit.store import Station
from tests import make, make_station
from tests.make import MAKER

pytestmark = pytest.mark.django_db


def _enrolled(station: Station, corrections: str = "") -> Enrolment:
    person = make.person("L\u00f2 Th\u1ecb M\u00e0y")
    make_station.give_list(station, person.pk)
    ulid = make_station.enrol(station, person.pk, corrections)
    content = (station.packets / f"{ulid}.hbp").read_bytes()
    actions.receive_whole(content=content, came_by="usb", by=MAKER, at=now())
    make.run_due_jobs()
    return queries.by_ulid(ulid)


def _in(client: Client, role: str, unit: str = make.NAM_KHAN, level: str = "commune") -> Client:
    client.force_login(make.officer(role, unit, level))
    return client


def test_what_is_held_stands_first_and_an_officer_lets_it_pass(client: Client, station: Station) -> None:
    held = _enrolled(station, corrections="the year is 1957")
    _in(client, "checker")

    assert "L\u00f2 Th\u1ecb M\u00e0y" in client.get("/thu-nhan").content.decode()
    page = client.get(f"/thu-nhan/luot/{held.ulid}").content.decode()
    assert "the year is 1957" in page
    client.post(f"/thu-nhan/luot/{held.ulid}/cho-qua", {"reason": "papers seen"})

    assert queries.by_ulid(held.ulid).state == "received"
    assert "L\u00f2 Th\u1ecb M\u00e0y" not in client.get("/thu-nhan").content.decode()


def test_a_reason_is_asked_for(client: Client, station: Station) -> None:
    held = _enrolled(station, corrections="the year is 1957")

    page = _in(client, "checker").post(f"/thu-nhan/luot/{held.ulid}/cho-qua", {"reason": " "})

    assert page.status_code == 200
    assert queries.by_ulid(held.ulid).state == "held"


def test_looking_at_a_portrait_is_written_down(client: Client, station: Station) -> None:
    found = _enrolled(station)

    answer = _in(client, "checker").get(f"/thu-nhan/luot/{found.ulid}/anh.jpg")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert audit.who_looked(found.person_id or 0).count() == 1


def test_an_enrolment_of_another_commune_is_not_there(client: Client, station: Station) -> None:
    found = _enrolled(station)
    _in(client, "commune_officer", make.NAM_TIN)

    assert client.get(f"/thu-nhan/luot/{found.ulid}").status_code == 404
    assert "L\u00f2 Th\u1ecb M\u00e0y" not in client.get("/thu-nhan").content.decode()


def test_a_refused_packet_tells_every_fault(client: Client, station: Station) -> None:
    found = _enrolled(station)
    Packet.objects.filter(pk=found.ulid).update(state="refused", faults=["facts.born: no date", "face: no picture"])

    page = _in(client, "kit_operator").get(f"/thu-nhan/goi/{found.ulid}").content.decode()

    assert "facts.born: no date" in page
    assert "face: no picture" in page


def test_a_lost_station_is_withdrawn_from_its_page(client: Client, station: Station) -> None:
    _enrolled(station)
    _in(client, "province_officer", "11", "province")
    assert client.get("/thu-nhan/tram/NK01").status_code == 200

    client.post("/thu-nhan/tram/NK01/thu-hoi", {"reason": "stolen at the market"})

    assert "stolen at the market" in client.get("/thu-nhan/tram/NK01").content.decode()
    assert client.get("/thu-nhan/tram/XX99").status_code == 404


def test_the_list_of_packets_costs_few_queries(
    client: Client, station: Station, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(3):
        _enrolled(station)
    _in(client, "checker")

    with django_assert_max_num_queries(16):
        client.get("/thu-nhan")
