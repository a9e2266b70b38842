"""From house to house: who goes round a village sees what waits at its doors, and nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.intake import actions as intake
from hoaban.people.models import Person
from hoaban.places import actions as places
from hoaban.visits import actions as visits
from hoaban.visits.rules import Promise
from tests import make
from tests.cards import world as cards
from tests.intake.forms import unnumbered, write_csv

pytestmark = pytest.mark.usefixtures("db")
VILLAGE = "03174-01"


@pytest.fixture
def village(tmp_path: Path, settings: object) -> dict[str, Person]:
    """An old woman without a card in her son's house, a neighbour whom a team meets, one with a card at the commune,
    one with a question on the form, and two who wait for nothing here."""
    settings.HOABAN_FILES = tmp_path / "files"  # type: ignore[attr-defined]
    listed = tmp_path / "villages.csv"
    listed.write_text(
        f"code,commune_code,name,lat,lon,invented\n{VILLAGE},03174,Nam Khan 1,21.9,103.1,1\n", encoding="utf-8"
    )
    places.load_villages(path=listed, by=make.MAKER, at=now())
    here = {"village_code": VILLAGE}
    found = {
        "head": make.person("Lo Van Head", household="H1", relation_to_head="01", born="1970", sex="M", **here),
        "old": make.person("Lo Thi Old", household="H1", relation_to_head="05", born="1935", **here),
        "visited": make.person("Giang Thi Visited", born="1980", **here),
        "carded": cards.holder("011185000012"),
        "neighbour": make.person("Lo Thi Elsewhere", born="1935", commune_code=make.NAM_TIN),
    }
    cards.ready(found["carded"])
    begins = now() + dt.timedelta(days=3)
    promise = Promise(
        found["visited"].pk, make.NAM_KHAN, "T1", begins, begins + dt.timedelta(minutes=20), "Culture house", VILLAGE
    )
    visits.promise(promises=[promise], plan_ref="campaign.Plan:1", by=make.MAKER, at=now())
    intake.load(
        path=write_csv(
            tmp_path / "a.csv",
            unnumbered(village="Nam Khan 1", mother_name="L\u00d2 PAO VI", father_name="L\u00d2 PAO VI"),
        ),
        by=make.MAKER,
        at=now(),
    )
    return found


def _member(client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(make.officer("village_member"))


def test_the_home_leads_a_member_of_a_village_group_to_the_doors(client: Client, village: dict[str, Person]) -> None:
    _member(client)

    home = client.get("/viec").content.decode()
    villages = client.get("/tung-nha").content.decode()

    assert "Households to go to" in home
    assert 'href="/tung-nha"' in home
    assert f'href="/tung-nha/03174/{VILLAGE}"' in villages
    assert "Lo Thi Old" not in villages


def test_a_door_says_whom_to_ask_for_and_what_waits(
    client: Client, village: dict[str, Person], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _member(client)

    with django_assert_max_num_queries(30):
        page = client.get(f"/tung-nha/03174/{VILLAGE}").content.decode()
    unknown = client.get("/tung-nha/03174/0").content.decode()

    assert "Lo Van Head" in page
    assert "80 or older, no card yet" in page
    assert "Culture house" in page
    assert "Card ready at the commune" in unknown
    assert "To ask about the form: Mother" in page
    assert village["carded"].number not in unknown
    assert audit.who_looked(village["old"].pk).get().purpose == "campaign"


def test_who_waits_for_nothing_is_not_shown(client: Client, village: dict[str, Person]) -> None:
    _member(client)

    page = client.get(f"/tung-nha/03174/{VILLAGE}").content.decode()

    assert page.count("<tr>") == 4  # the head of the table, the old woman, the neighbour, whom to ask
    assert not audit.who_looked(village["head"].pk).exists()


def test_another_communes_doors_are_not_found(client: Client, village: dict[str, Person]) -> None:
    _member(client)

    assert client.get("/tung-nha/03156/0").status_code == 404
    assert client.get("/tung-nha/03174/99").status_code == 404


def test_where_nothing_waits_the_page_says_what_would_stand_there(client: Client) -> None:
    _member(client)

    assert "No household waits" in client.get("/tung-nha").content.decode()
    assert "No household waits" in client.get("/tung-nha/03174/0").content.decode()
    assert "nothing waits for you" in client.get("/viec").content.decode()
