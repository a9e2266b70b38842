"""What an officer sees at the pages of places, and what these ask of the database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from hoaban.base.clock import now
from hoaban.base.names import fold
from hoaban.officers.rules import Role
from hoaban.places import actions, queries, rules
from hoaban.places.models import Shape
from tests import make
from tests.browser import look_over
from tests.places import world

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def page_of(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, address
    return fold(re.sub(r"\s+", " ", answer.content.decode()))


def test_every_role_may_look_places_up(client: Client) -> None:
    for role in Role:
        client.force_login(make.officer(role))
        assert "xa nam khan" in page_of(client, "/dia-danh", ten="nam khan")


def test_a_place_is_found_by_its_old_name_and_told_with_the_new_one(client: Client) -> None:
    world.reformed()
    client.force_login(make.officer("clerk", "03175-2025"))

    page = page_of(client, "/dia-danh", ten="Leng Su Sin")

    assert "xa leng su sin (now xa sin thau)" in page
    assert 'href="/dia-danh/03158"' in page


def test_nothing_found_says_what_to_do(client: Client) -> None:
    client.force_login(make.officer("clerk"))

    assert "try fewer words" in page_of(client, "/dia-danh", ten="qqqqqqqqqqq")
    assert "write this in" in page_of(client, "/dia-danh", ten="")


def test_without_a_name_the_units_of_today_are_listed(client: Client) -> None:
    client.force_login(make.officer("clerk"))
    before = page_of(client, "/dia-danh")
    world.reformed()

    after = page_of(client, "/dia-danh")

    assert "10 districts of today" in before
    assert "129 communes" in before
    assert "districts of today" not in after
    assert "45 communes" in after


def test_the_page_of_a_place_tells_above_in_and_beside_it(client: Client, tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    client.force_login(make.officer("clerk"))

    page = page_of(client, "/dia-danh/03174")

    for words in (
        "tinh dien bien</a>", "huyen nam po</a>", "ban huoi po</a>", "neighbours", "<svg", "approximate",
        "2022, sure:", "known since 01/01/2020", "(invented)",
    ):  # fmt: skip
        assert words in page, words
    assert "/xa/03174" not in page  # a clerk has no board


def test_the_board_is_linked_for_who_may_see_it(client: Client) -> None:
    client.force_login(make.officer("commune_officer"))

    assert 'href="/xa/03174"' in page_of(client, "/dia-danh/03174")
    assert 'href="/xa/03175"' not in page_of(client, "/dia-danh/03175")


def test_a_place_is_shown_as_of_a_day(client: Client) -> None:
    world.reformed()
    client.force_login(make.officer("clerk"))

    now_there = page_of(client, "/dia-danh/03175-2025")
    before = page_of(client, "/dia-danh/03175-2025", ngay="30/06/2025")
    ended = page_of(client, "/dia-danh/03174")
    after = page_of(client, "/dia-danh/03174", ngay="01/08/2025")
    province = page_of(client, "/dia-danh/11", ngay="30/06/2025")

    assert "1661/nq-ubtvqh15" in now_there
    assert "there was no such unit" not in now_there
    assert "on 30/06/2025 there was no such unit; it's shown as of 01/07/2025" in before
    assert 'href="/dia-danh/03174?ngay=30%2f06%2f2025"' in before
    assert "xa nam khan (now xa cha to)</h1>" in ended
    assert "huyen nam po</a>" in ended
    assert 'href="/dia-danh/03175-2025?ngay=01%2f08%2f2025"' in after
    assert "units in it: 10" in province
    assert "units in it: 45" in page_of(client, "/dia-danh/11")


def test_a_day_that_is_none_is_told(client: Client) -> None:
    client.force_login(make.officer("clerk"))

    assert "write the day as day/month/year" in page_of(client, "/dia-danh/03174", ngay="yesterday")


def test_marks_are_told_with_how_sure_they_are(client: Client) -> None:
    world.reformed()
    client.force_login(make.officer("clerk"))

    page = page_of(client, "/dia-danh/03158-2025")

    assert "the border with china, through xa sin thau (sure)" in page
    assert "the border with laos, through xa leng su sin (approximate)" in page
    assert "<dt>difficulty zone</dt><dd>iii (sure)" in page


def test_a_village_tells_where_it_was_and_is(client: Client, tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent"]
    rows = [("village", "0317402", "", "", "Ban Nam Pang Moi", "03175")]
    on = queries.unit("03174").valid_from.replace(year=2024)
    actions.reform(path=world.table(tmp_path / "r.csv", head, rows), on=on, by=make.MAKER, at=now())
    client.force_login(make.officer("clerk"))

    page = page_of(client, "/dia-danh/0317402")

    assert "<h1>ban nam pang moi</h1>" in page
    assert "until 31/12/2023" in page
    assert 'href="/dia-danh/03175"' in page


def test_what_is_nowhere_is_not_found(client: Client) -> None:
    client.force_login(make.officer("clerk"))

    assert client.get("/dia-danh/99999").status_code == 404


def test_a_unit_without_an_outline_says_so(client: Client) -> None:
    Shape.objects.filter(unit__key="03174").delete()
    client.force_login(make.officer("clerk"))

    assert "no outline is known" in page_of(client, "/dia-danh/03174")


def test_the_page_asks_the_database_as_often_for_a_commune_with_villages_as_without(
    client: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make.officer("clerk"))
    world.with_villages(tmp_path)
    world.reformed()

    for key in ("03174", "03176", "03175-2025"):
        with django_assert_max_num_queries(34):
            client.get(f"/dia-danh/{key}")


def test_a_search_asks_little(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client.force_login(make.officer("clerk"))

    with django_assert_max_num_queries(9):  # session, officer, roles, who acts and did before; places, their names
        client.get("/dia-danh", {"ten": "nam"})


@pytest.mark.browser
def test_the_pages_hinder_nobody(client: Client, tmp_path: Path) -> None:
    client.cookies["django_language"] = "vi"
    world.with_villages(tmp_path)
    world.reformed()
    client.force_login(make.officer("commune_officer", "03175-2025"))

    assert not look_over(
        client,
        {
            "places": "/dia-danh", "found": "/dia-danh?ten=nam", "guessed": "/dia-danh?ten=nam+khanh+x",
            "commune": "/dia-danh/03175-2025", "ended": "/dia-danh/03174?ngay=01/08/2025", "province": "/dia-danh/11",
            "before": "/dia-danh/11?ngay=30/06/2025", "district": "/dia-danh/103", "village": "/dia-danh/0317401",
        },
        tmp_path,
    )  # fmt: skip


# --- finding ---

WRITTEN = {
    "nam khan": "03174",
    "nam kha": "03174",
    "xa nam khan": "03174",
    "NAM KHAN": "03174",
    "khan nam": "03174",
    "nam khan, nam po": "03174",
    "sin thau": "03158-2025",
    "leng su": "03158",
    "sin chai": "03226-2025",
    "noong het": "03352",
    "huoi lech": "03177",
    "dien bien phu": "094",
    "ban huoi po": "0317401",
    "huoi po": "0317401",
    "huoi po cha to": "0317401",
    "huoi po nam khan": "0317401",
    "naam khan": "03174",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_place_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    world.reformed()

    found = queries.find(text)

    assert WRITTEN[text] in [one.key for one in found[:3]], [(one.key, one.name) for one in found[:5]]


def test_nothing_typed_finds_nothing_and_signs_hurt_nobody() -> None:
    assert queries.find("  ") == []
    for text in ("%", "_", "\\", "'; DROP", "%%%%%%", "a" * 500):
        queries.find(text)


def test_addresses_are_told_with_what_their_commune_is_now() -> None:
    world.reformed()
    old = queries.unit("03174").full_name
    other = queries.unit("03316").full_name  # the new unit has the same name
    district = queries.unit("03316").parent
    assert district
    texts = [
        f"Ban Huoi Po, {old}, tinh Dien Bien", fold(old), f"{other}, tinh X", f"{other}, {district.full_name}", "", "x",
    ]  # fmt: skip

    with translation.override("vi"):
        told = queries.addresses_told(texts)

    assert [fold(told[text]) for text in texts] == [
        "ban huoi po, xa nam khan (nay xa cha to), tinh dien bien", "xa nam khan (nay xa cha to)", "xa na tau, tinh x",
        "xa na tau (nay xa na tau), thanh pho dien bien phu", "", "x",
    ]  # fmt: skip


def test_zones_and_borders_are_asked_for_many() -> None:
    assert queries.border_communes()["03154"] == ["China", "Laos"]
    assert len(queries.border_communes()) == 28
    world.reformed()

    assert queries.zones(["03158", "03158-2025", "03127", "99999"]) == {
        "03158": "III", "03158-2025": "III", "03127": "I",
    }  # fmt: skip
    assert queries.border_communes()["03158-2025"] == ["China", "Laos"]
    assert queries.border_communes(queries.unit("03158").valid_to) == queries.border_communes(
        queries.unit("03158").valid_from
    )


def test_marks_are_loaded_from_a_table(tmp_path: Path) -> None:
    head = ["code", "level", "on", "kind", "value", "valid_from", "valid_to", "certainty", "source"]
    good = ("03174", "commune", "2024-01-01", "zone", "III", "2021-01-01", "2025-12-31", "sure", "a decision")
    bad = ("99999", "commune", "2024-01-01", "river", "", "soon", "", "maybe", "")

    assert actions.load_marks(path=world.table(tmp_path / "m.csv", head, [good]), by=make.MAKER, at=now()) == 1
    with pytest.raises(rules.FaultsInFile) as refused:
        actions.load_marks(path=world.table(tmp_path / "m.csv", head, [good, bad]), by=make.MAKER, at=now())

    assert len(refused.value.faults) == 3
    assert queries.zones(["03174"], queries.unit("03174").valid_from.replace(year=2022)) == {"03174": "III"}
