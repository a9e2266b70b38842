"""What officers see and do on the pages of the checks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.intake import queries as intake
from hoaban.officers import queries as officers
from hoaban.officers.models import Officer
from hoaban.people import queries as register
from hoaban.verification import actions
from hoaban.verification.models import Lot, Round, SampledForm
from hoaban.web.actor import Actor
from tests import browser, make
from tests.verification import world

pytestmark = pytest.mark.django_db
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _in_english(client: Client, settings: Any, tmp_path: Path) -> None:
    client.cookies["django_language"] = "en"
    settings.HOABAN_FILES = tmp_path / "files"


ASKED = {"communes": make.NAM_KHAN, "level": "1", "lots_by": "commune", "opens_on": "01/11/2026"}


def signed_in(client: Client, role: str = "checker", unit: str = make.NAM_KHAN) -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    return officer


def actor(officer: Officer) -> Actor:
    return officers.actor_of(officer)


def with_image(one: SampledForm) -> None:
    path = intake.image_path(one.serial)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PIXEL)


def form_at(made: Lot, place: int) -> SampledForm:
    return SampledForm.objects.get(lot=made.pk, place=place)


def looks(person_id: int) -> int:
    return audit.who_looked(person_id).filter(purpose="check").count()


# --- rounds ---------------------------------------------------------------------------------------------


def test_without_rounds_the_page_says_what_one_is(client: Client) -> None:
    signed_in(client)

    page = client.get("/kiem-tra").content.decode()

    assert "No round has been drawn yet" in page
    assert "/kiem-tra/rut-mau" not in page


def test_an_officer_draws_a_round_and_sees_how_it_was_drawn(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 5)
    signed_in(client, "commune_officer")

    page = client.post(
        "/kiem-tra/rut-mau", ASKED | {"plan": "size", "n": "3", "seed": "77"}, follow=True
    ).content.decode()

    made = Round.objects.get()
    lot = made.lots.get()
    assert (made.seed, lot.sample) == (77, 3)
    assert "1 of 129 communes" in page
    assert f"/kiem-tra/lo/{lot.pk}" in page
    shown = client.get(f"/kiem-tra/lo/{lot.pk}").content.decode()
    assert "smallest SHA-256 of" in shown
    assert "at most 0 wrong among the first 3 drawn" in shown
    again = client.post("/kiem-tra/rut-mau", ASKED).content.decode()
    assert "No form waits for level 1 in" in again
    assert "Level 2" not in again


def test_rounds_of_another_area_are_not_there(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()
    signed_in(client, unit=make.NAM_TIN)

    assert f"/kiem-tra/lo/{made.pk}" not in client.get("/kiem-tra").content.decode()
    for address in (
        f"/kiem-tra/lo/{made.pk}",
        f"/kiem-tra/lo/{made.pk}/to-khai/1",
        f"/kiem-tra/lo/{made.pk}/to-khai/1/anh.png",
    ):
        assert client.get(address).status_code == 404
    for address in (f"/kiem-tra/lo/{made.pk}/tiep", f"/kiem-tra/lo/{made.pk}/hoan-tac", f"/kiem-tra/lo/{made.pk}/gui"):
        assert client.post(address).status_code == 404


def test_who_checks_nothing_does_not_get_in(client: Client) -> None:
    signed_in(client, "kit_operator")

    assert client.get("/kiem-tra").status_code == 403
    assert client.get("/kiem-tra/cho-duyet").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rounds(
    client: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, "commune_officer")
    for _turn in range(3):
        world.forms(tmp_path, 2)
        lot = world.drawn(size=1)
        world.check_all(lot, make.actor("checker"))
        actions.accept_lot(lot_id=lot.pk, by=make.actor("province_officer", "11", "province"), at=now())

    with django_assert_max_num_queries(14):
        client.get("/kiem-tra")
    with django_assert_max_num_queries(24):
        client.get(f"/kiem-tra/dot/{lot.round_id}")
    with django_assert_max_num_queries(20):
        client.get(f"/kiem-tra/lo/{lot.pk}?ket-qua=right")


# --- checking -------------------------------------------------------------------------------------------


def test_enter_says_that_all_is_right_and_leads_on(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made = world.drawn()
    officer = signed_in(client)

    first = client.post(f"/kiem-tra/lo/{made.pk}/tiep", follow=True)
    assert first.redirect_chain[-1][0] == f"/kiem-tra/lo/{made.pk}/to-khai/1"
    second = client.post(f"/kiem-tra/lo/{made.pk}/to-khai/1", {"version": "1"}, follow=True)
    assert second.redirect_chain[-1][0] == f"/kiem-tra/lo/{made.pk}/to-khai/2"
    assert "<small>1/2</small>" in second.content.decode()
    last = client.post(f"/kiem-tra/lo/{made.pk}/to-khai/2", {"version": "1"}, follow=True)

    assert "No form of this lot is left for you." in last.content.decode()
    assert set(SampledForm.objects.values_list("outcome", "checker_id")) == {("right", actor(officer).id)}


def test_looking_at_a_form_is_written_down(client: Client, tmp_path: Path) -> None:
    [person] = world.forms(tmp_path, 1)
    made = world.drawn()
    with_image(form_at(made, 1))
    signed_in(client)

    page = client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1").content.decode()
    image = client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1/anh.png")

    assert f'<img src="/kiem-tra/lo/{made.pk}/to-khai/1/anh.png"' in page
    assert (image.headers["Content-Type"], image.content) == ("image/png", PIXEL)
    assert looks(person.pk) == 1
    signed_in(client)
    client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1/anh.png")
    assert looks(person.pk) == 2


def test_a_form_without_an_image_says_so_and_shows_what_was_typed(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()
    signed_in(client)

    page = client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1").content.decode()

    assert "This form has no image." in page
    assert "LÒ PAO MAY" in page
    assert "Lò Pao May" in page
    assert client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1/anh.png").status_code == 404


def test_the_screen_of_a_check_asks_the_database_little(
    client: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    world.forms(tmp_path, 3)
    made = world.drawn()
    signed_in(client)

    with django_assert_max_num_queries(26):
        client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1")


def test_a_marked_field_needs_what_stands_on_the_paper(client: Client, tmp_path: Path) -> None:
    [person] = world.forms(tmp_path, 1)
    made = world.drawn()
    signed_in(client)
    there = f"/kiem-tra/lo/{made.pk}/to-khai/1"

    page = client.post(there, {"version": "1", "mark_father_name": "rekeyed"}).content.decode()
    assert "Type what stands on the paper: Father." in page
    assert 'value="rekeyed" selected' in page
    page = client.post(there, {"version": "1", "value_born": "never"}).content.decode()
    assert "never can&#x27;t be read as: Born." in page
    client.post(there, {"version": "1", "value_father_name": "LÒ PAO DIA"})

    found = form_at(made, 1).findings.get()
    assert (found.field, found.paper_value, found.verdict) == ("father_name", "Lò Pao Dia", "rekeyed")
    assert register.facts_of(person.pk).father_name == "Lò Pao Sung"


def test_a_form_in_other_hands_is_not_shown(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()
    actions.take_next(lot_id=made.pk, by=make.actor("checker"), at=now())
    signed_in(client)

    page = client.get(f"/kiem-tra/lo/{made.pk}/to-khai/1", follow=True)

    assert page.redirect_chain[-1][0] == f"/kiem-tra/lo/{made.pk}"
    assert "is in the hands of" in page.content.decode()


def test_a_blind_check_hides_the_name_until_it_was_typed(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    first = world.drawn()
    world.check_all(first, make.actor("checker"))
    actions.accept_lot(lot_id=first.pk, by=make.actor("commune_officer"), at=now())
    made = world.drawn(level=2)
    with_image(form_at(made, 1))
    signed_in(client)
    there = f"/kiem-tra/lo/{made.pk}/to-khai/1"

    assert "Lò Pao May" not in client.get(there).content.decode()
    typed = {"version": "1", "typed_full_name": "LÒ PAO MÂY", "typed_born": "07/03/1958"}
    page = client.post(there, typed).content.decode()
    assert "Choose for each difference first: Full name." in page
    assert "Lò Pao M<ins>a</ins>y" in page
    assert "a (no mark) ≠ â (circumflex)" in page
    client.post(there, typed | {"mark_full_name": "record"})

    assert form_at(made, 1).outcome == "right"


def test_the_last_check_is_taken_back_from_the_next_form(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made = world.drawn()
    signed_in(client)
    client.post(f"/kiem-tra/lo/{made.pk}/to-khai/1", {"version": "1"})

    page = client.post(f"/kiem-tra/lo/{made.pk}/hoan-tac", follow=True)

    assert page.redirect_chain[-1][0] == f"/kiem-tra/lo/{made.pk}/to-khai/1"
    assert "is open again." in page.content.decode()


# --- from a finding to an accepted lot ------------------------------------------------------------------


def test_a_round_from_the_first_form_to_the_interval(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 4)
    made = world.drawn(size=4)
    checker = signed_in(client)
    client.post(f"/kiem-tra/lo/{made.pk}/to-khai/1", {"version": "1", "value_father_name": "LÒ PAO DIA"})
    for place in (2, 3, 4):
        client.post(f"/kiem-tra/lo/{made.pk}/to-khai/{place}", {"version": "1"})
    sent = client.post(f"/kiem-tra/lo/{made.pk}/gui", follow=True).content.decode()
    assert "1 form waits for a second officer." in sent
    assert "The lot may be accepted" not in sent

    signed_in(client, "commune_officer")
    waiting = client.get("/kiem-tra/cho-duyet").content.decode()
    assert checker.full_name in waiting
    assert "Lò Pao <ins>" in waiting
    one = form_at(made, 1)
    client.post("/kiem-tra/cho-duyet", {"form": str(one.pk), "decision": "approve"})
    assert register.facts_of(one.person_id).father_name == "Lò Pao Dia"
    assert "The lot may be accepted" in client.get(f"/kiem-tra/lo/{made.pk}").content.decode()
    page = client.post(f"/kiem-tra/lo/{made.pk}/ket-luan", {"gate": "accept"}, follow=True).content.decode()

    assert "The lot is accepted." in page
    assert "25,00%" in page
    assert re.search(r"between\s+25,00–25,00%", page)
    behind = client.get(f"/kiem-tra/lo/{made.pk}?ket-qua=wrong").content.decode()
    assert one.serial in behind
    assert "corrected" in behind


def test_a_correction_is_declined_with_a_reason(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    one = world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())
    signed_in(client, "commune_officer")

    page = client.post("/kiem-tra/cho-duyet", {"form": str(one.pk), "decision": "decline"}).content.decode()
    assert "Write this in." in page
    page = client.post(
        "/kiem-tra/cho-duyet", {"form": str(one.pk), "decision": "decline", "reason": "It says Sung"}, follow=True
    ).content.decode()

    assert "Nothing waits here" in page
    assert form_at(made, 1).decline_reason == "It says Sung"
    late = client.post("/kiem-tra/cho-duyet", {"form": str(one.pk), "decision": "approve"}, follow=True)
    assert "wait for you any more" in late.content.decode()


def test_a_lot_over_its_limit_is_returned_from_its_page(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made = world.drawn(size=4)
    world.check(made, 1, make.actor("checker"), world.wrong())
    signed_in(client, "commune_officer")
    assert "The lot is over its limit" in client.get(f"/kiem-tra/lo/{made.pk}").content.decode()

    refused = client.post(f"/kiem-tra/lo/{made.pk}/ket-luan", {"gate": "accept"}, follow=True).content.decode()
    assert "1 forms are wrong, 0 are allowed. Return the lot." in refused
    page = client.post(f"/kiem-tra/lo/{made.pk}/ket-luan", {"gate": "return"}, follow=True).content.decode()

    assert "8 forms go back" in page
    assert "No writer, day or village explains the errors" in page
    assert "returned rows, every one of them" in page


def test_over_its_limit_a_lot_is_accepted_on_its_page_by_two(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made, checker = world.drawn(size=4), make.actor("checker")
    world.check_all(made, checker, wrong_places=(1,))
    world.corrected(made, checker, make.actor("commune_officer"))
    there = f"/kiem-tra/lo/{made.pk}"
    first = signed_in(client, "commune_officer")

    unexplained = client.post(f"{there}/ket-luan", {"gate": "override", "reason": ""}).content.decode()
    assert "Write why you propose this" in unexplained
    page = client.post(f"{there}/ket-luan", {"gate": "override", "reason": "One letter"}, follow=True).content.decode()
    assert "A second officer decides." in page
    assert "Accept it over its limit" not in page
    signed_in(client, "commune_officer")
    asked = client.get(there).content.decode()
    assert f"{first.full_name} proposes to accept it over its limit:" in asked
    assert there in client.get("/nguoi-thu-hai").content.decode()
    page = client.post(f"{there}/ket-luan", {"gate": "approve"}, follow=True).content.decode()

    assert "Accepted over its limit" in page
    assert "One letter" in page
    assert f"Proposed by {first.full_name}, approved by" in page
    assert "over its limit, by two officers" in client.get(f"/kiem-tra/dot/{made.round_id}").content.decode()


def test_the_sample_of_a_lot_is_drawn_again_as_a_table(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 5)
    made = world.drawn(size=2)
    signed_in(client)

    table = client.get(f"/kiem-tra/lo/{made.pk}/mau.csv").content.decode().splitlines()

    assert table[0] == "place,serial,decides,stratum,weight"
    assert [row.split(",")[1] for row in table[1:]] == [one.serial for one in made.forms.order_by("place")]


def test_a_round_over_no_commune_is_not_drawn(client: Client) -> None:
    signed_in(client, "commune_officer")

    asked = {name: value for name, value in ASKED.items() if name != "communes"}
    page = client.post("/kiem-tra/rut-mau", asked | {"plan": "risks", "good": "5", "bad": "2"})

    said = page.content.decode()
    assert "Choose one." in said
    assert "A bad lot has more wrong than a good one." in said


def test_a_checker_does_not_decide_a_lot(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()
    world.check_all(made, make.actor("checker"))
    signed_in(client)

    assert "The lot may be accepted" not in client.get(f"/kiem-tra/lo/{made.pk}").content.decode()
    assert client.post(f"/kiem-tra/lo/{made.pk}/ket-luan", {"gate": "accept"}).status_code == 403


@pytest.mark.browser
def test_pages_of_the_checks_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made, checker = world.drawn(), make.actor("checker")
    for place in (1, 2):
        world.check(made, place, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())
    with_image(form_at(made, 3))
    client.force_login(make.officer("province_officer", "11", "province"))
    pages = {
        "rounds": "/kiem-tra",
        "round": f"/kiem-tra/dot/{made.round_id}",
        "draw": "/kiem-tra/rut-mau",
        "lot": f"/kiem-tra/lo/{made.pk}?ket-qua=wrong",
        "form-checked": f"/kiem-tra/lo/{made.pk}/to-khai/1",
        "form-with-image": f"/kiem-tra/lo/{made.pk}/to-khai/3",
        "form-without-image": f"/kiem-tra/lo/{made.pk}/to-khai/4",
        "corrections": "/kiem-tra/cho-duyet",
    }

    assert (
        browser.look_over(client, {f"verification-{name}": at for name, at in pages.items()}, tmp_path / "site") == []
    )


@pytest.mark.browser
def test_a_form_is_checked_by_keyboard_alone(client: Client, tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()
    signed_in(client)
    site = tmp_path / "site"
    browser.look_over(client, {"check": f"/kiem-tra/lo/{made.pk}/to-khai/1"}, site)
    sent: list[str] = []

    with browser.served(site) as origin, browser.chromium() as chromium:
        page = chromium.new_page()
        page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "POST" else None)
        page.goto(f"{origin}/check.html")
        for key in ("ArrowDown", "3", *"Pao", "ArrowDown", "h", "ArrowDown", "m", "0", "ArrowDown", "1"):
            page.keyboard.press(key)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)

    assert len(sent) == 1
    assert {"mark_full_name=rekeyed", "value_full_name=Pao", "mark_born=ask", "mark_blood=", "mark_sex=rekeyed"} <= set(
        sent[0].split("&")
    )
