"""The citizen's own page with everything on it: the team's day, the card, the e-ID, an application."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from hoaban.base.clock import now, today
from hoaban.services import actions
from hoaban.services.models import Application
from tests.cards import world as cards
from tests.eid import world as eid
from tests.services import world
from tests.visits import world as visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings, client: Client) -> None:
    client.cookies["django_language"] = "en"
    settings.HOABAN_HOME = tmp_path
    settings.HOABAN_FILES = tmp_path / "files"
    settings.HOABAN_KEYS = tmp_path / "keys"


def test_a_citizen_signs_in_and_sees_the_day_the_card_the_e_id_and_what_was_decided(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    family = world.family()
    eid.signed_in(client, family.aunt)
    [card] = cards.ready(family.aunt)
    starts = visits.at(8, days=3)
    visits.promised(family.aunt, starts)
    application = world.declared(family)
    actions.approve(application_id=application.pk, by=world.officer(), at=now())

    with django_assert_max_num_queries(14):
        page = client.get("/toi").content.decode()

    assert "Welcome, Lo Thi Mai" in page
    assert "2 things need you." in page
    assert f"08:00 {starts:%d/%m/%Y}" in page
    assert visits.PLACE in page
    assert "Your card is at the commune. Come and fetch it." in page
    assert f"/the/{card.code}" in page
    assert "Your electronic identity" in page
    assert "It stands in the register" in page


def test_a_declaration_is_sent_with_a_real_e_id(client: Client) -> None:
    family = world.family()
    eid.signed_in(client, family.aunt)
    client.post(
        "/dich-vu-cong/tam-tru/cau/1",
        {"number": world.NEPHEW_NUMBER, "full_name": "Lo Van Nam", "born": "14/03/2009"},
    )
    last = today() + dt.timedelta(days=90)
    stay = {"first_day": f"{today():%d/%m/%Y}", "last_day": f"{last:%d/%m/%Y}"}
    client.post("/dich-vu-cong/tam-tru/cau/2", stay)
    client.post("/dich-vu-cong/tam-tru/cau/3", {"address": "own"})
    key = client.get("/dich-vu-cong/tam-tru/xem-lai").context["form"].initial["key"]

    client.post("/dich-vu-cong/tam-tru/xem-lai", {"key": key, "agreed": "on"})

    assert Application.objects.get().applicant_id == family.aunt.pk
    page = client.get("/toi/ai-da-xem").content.decode()
    assert "yourself" in page
    assert "sent an application that names you" in page
