"""What an officer sees at the home, the board and the reports, and what they don't."""

from __future__ import annotations

import csv
import io

import fastexcel
import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.audit.models import Entry
from hoaban.base.clock import now, today
from hoaban.cards.models import Application
from hoaban.steering import actions, rules
from tests import make
from tests.cards import world as cards
from tests.eid import world as eid
from tests.steering import world

pytestmark = pytest.mark.usefixtures("db")
CHAIR = ("chair", "11", "province")


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_home_shows_what_waits_for_this_role_and_where(client: Client) -> None:
    cards.asked(cards.holder("011185000011"))
    cards.ready(cards.holder("011185000012"))
    late = cards.asked(cards.holder("011185000013"))
    Application.objects.filter(pk=late.pk).update(requested_at=late.requested_at.replace(year=2025))

    client.force_login(make.officer("commune_officer"))
    commune = text_of(client.get("/viec"))
    client.force_login(make.officer("card_officer"))
    desk = text_of(client.get("/viec"))

    assert "Cards to hand over" in commune
    assert "Cards to propose" not in commune
    assert "Cards to propose" in desk
    assert 'href="/the/ban/cham"' in desk
    assert desk.index("Cards that are late") < desk.index("Cards to propose")


def test_the_home_leads_to_the_slips_of_accounts_not_yet_activated(client: Client) -> None:
    eid.opened(cards.holder("011185000011"))

    client.force_login(make.officer("commune_officer"))

    assert 'href="/dinh-danh/to-kich-hoat"' in text_of(client.get("/viec"))


def test_a_home_with_nothing_to_do_says_well_done(client: Client) -> None:
    client.force_login(make.officer("administrator"))

    page = text_of(client.get("/viec"))

    assert "Well done: nothing waits for you." in page
    assert "hoaban officers --help" in page


def test_who_may_propose_to_tell_of_a_look_later_finds_where(client: Client) -> None:
    client.force_login(make.officer("province_officer", "11", "province"))
    province = text_of(client.get("/viec"))
    client.force_login(make.officer("commune_officer"))

    assert 'href="/giam-sat/bao-sau/de-nghi"' in province
    assert 'href="/giam-sat/bao-sau/de-nghi"' not in text_of(client.get("/viec"))


def test_the_home_asks_the_database_a_fixed_number_of_times(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cards.ready(cards.holder("011185000012"))
    client.force_login(make.officer("commune_officer"))

    with django_assert_max_num_queries(30):
        client.get("/viec")


def test_every_figure_of_the_board_opens_to_as_many_names(client: Client) -> None:
    world.people()
    client.force_login(make.officer(*CHAIR))

    page = text_of(client.get("/tinh"))

    for one in rules.INDICATORS:
        for place in (f"/xa/{make.NAM_KHAN}", f"/xa/{make.NAM_TIN}", "/tinh"):
            address = f"{place}/ten/{one.code}"
            assert f'href="{address}"' in page
            names = text_of(client.get(address))
            shown = names.count('<th scope="row"><a href="/dan-cu/')
            with translation.override("en"):
                told = f"{shown} {'person' if shown == 1 else 'people'}: {one.definition}"
            assert told in names
    assert "14,3% of citizens of 14 and over hold a card: 1 of 7." in page
    assert "Communes from which no form has come (127)" in page


def test_the_board_asks_the_database_as_often_for_one_commune_as_for_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.few()
    client.force_login(make.officer(*CHAIR))

    # session, officer, roles, who acts and who did before, seven figures, who is of age, communes, what went into
    # them, what the area holds beside them, their names
    with django_assert_num_queries(17):
        client.get("/tinh")


def test_a_commune_is_shown_by_village_and_opens_each(client: Client) -> None:
    world.few()
    client.force_login(make.officer("commune_officer"))

    page = text_of(client.get(f"/xa/{make.NAM_KHAN}"))

    assert "Village not known" in page
    address = f"/xa/{make.NAM_KHAN}/ten/left?ban="
    assert f'href="{address}"' in page
    assert "Lo Thi An" in text_of(client.get(address))


def test_opening_a_list_is_written_down_once_with_everybody_on_it(client: Client) -> None:
    people = world.few()
    client.force_login(make.officer("commune_officer"))
    before = Entry.objects.count()

    client.get(f"/xa/{make.NAM_KHAN}/ten/left")

    assert Entry.objects.count() == before + 1
    entry = audit.who_looked(people["an"].pk)[0]
    assert set(entry.person_ids) == {people["an"].pk, people["vi"].pk}
    assert not audit.who_looked(people["neighbour"].pk)


def test_an_officer_of_a_commune_sees_no_other(client: Client) -> None:
    world.few()
    client.force_login(make.officer("commune_officer", make.NAM_TIN))

    board = text_of(client.get("/tinh"))
    everybody = text_of(client.get("/tinh/ten/counted"))

    assert make.NAM_KHAN not in board
    assert "Giang A Chu" in everybody
    assert "Lo Thi An" not in everybody
    assert client.get(f"/xa/{make.NAM_KHAN}").status_code == 404
    assert client.get(f"/xa/{make.NAM_KHAN}/ten/counted").status_code == 404


def test_an_empty_board_says_so(client: Client) -> None:
    client.force_login(make.officer("commune_officer"))

    assert "Nobody is counted here yet" in text_of(client.get("/tinh"))


def test_the_table_leaves_as_csv_and_as_a_workbook(client: Client) -> None:
    world.few()
    client.force_login(make.officer(*CHAIR))

    table = list(csv.reader(io.StringIO(client.get("/tinh/so-lieu.csv").content.decode("utf-8-sig"))))
    sheet = fastexcel.read_excel(client.get("/tinh/so-lieu.xlsx").content).load_sheet(0, dtypes="string").to_polars()

    assert table[1][:3] == ["#adm3+code", "#adm3+name", "#reached+counted"]
    assert {row[0]: row[2] for row in table[2:]} == {make.NAM_KHAN: "3", make.NAM_TIN: "1", "": "4"}
    assert sheet.columns == table[0]
    assert list(sheet.row(1))[2] == "3"


def test_the_report_is_closed_looked_at_and_taken_in_both_forms(client: Client) -> None:
    world.few()
    client.force_login(make.officer("province_officer", "11", "province"))
    assert "Close today" in text_of(client.get("/bao-cao/tuan"))

    page = text_of(client.post("/bao-cao/tuan/chot", follow=True))

    day = str(today())
    assert "Close today" not in page
    assert f"/bao-cao/tuan.pdf?den={day}" in page
    assert client.get(f"/bao-cao/tuan.pdf?den={day}").content[:4] == b"%PDF"
    assert client.get(f"/bao-cao/tuan.docx?den={day}").content[:2] == b"PK"
    assert client.get("/bao-cao/tuan.pdf?den=2020-01-01").status_code == 404
    assert "were not closed" in text_of(client.get("/bao-cao/tuan?den=01/01/2020"))


def test_an_officer_of_one_commune_is_not_offered_to_close(client: Client) -> None:
    world.few()
    client.force_login(make.officer("chair"))

    assert "Close today" not in text_of(client.get("/bao-cao/tuan"))
    assert "Only an officer of the whole province" in text_of(client.post("/bao-cao/tuan/chot", follow=True))


def test_the_clock_closes_the_day(client: Client) -> None:
    from hoaban.steering import jobs

    world.few()

    jobs.close_the_day()

    client.force_login(make.officer(*CHAIR))
    assert f"?den={today():%d/%m/%Y}" in text_of(client.get("/bao-cao/tuan"))
    assert actions.close_day(by=make.MAKER, at=now()).by_name == "steering.close_the_day"


def test_the_front_page_has_a_door_for_citizens_and_one_for_officers(client: Client) -> None:
    page = text_of(client.get("/"))

    assert 'href="/the"' in page
    assert 'href="/dong-chi/login/"' in page
    assert "every person in it is made up" in page
