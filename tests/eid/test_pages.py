"""What citizens see at their door and officers on the slip, and what they don't."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.eid import actions, queries
from hoaban.eid.models import Account, Consent
from hoaban.officers.models import Officer
from hoaban.web.actor import Kind
from tests import browser, make
from tests.cards import world as cards
from tests.eid import world

pytestmark = pytest.mark.usefixtures("db")
DOOR = "/dinh-danh/dang-nhap"
NUMBER = cards.NUMBER


def signed_in(client: Client, role: str, unit: str = make.NAM_KHAN) -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    return officer


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def pair(password: str = world.PASSWORD, number: str = NUMBER) -> dict[str, str]:
    return {"number": number, "password": password}


def test_a_citizen_activates_with_the_slip_and_is_signed_in(client: Client) -> None:
    woman = cards.holder()
    account, code = world.opened(woman)

    answer = client.post(
        "/dinh-danh/kich-hoat",
        {"number": NUMBER, "slip_code": code.lower(), "password": world.PASSWORD, "again": world.PASSWORD},
    )

    assert answer["Location"] == "/toi"
    assert client.session["citizen_account"] == account.pk
    assert woman.full_name in text_of(client.get("/dinh-danh/mat-khau"))
    assert "level 2" in text_of(client.get("/dinh-danh/mat-khau"))


def test_what_is_wrong_at_activation_is_said_where_it_is(client: Client) -> None:
    _account, code = world.opened(cards.holder())
    right = {"number": NUMBER, "slip_code": code, "password": world.PASSWORD, "again": world.PASSWORD}

    def said(**changes: str) -> str:
        return text_of(client.post("/dinh-danh/kich-hoat", right | changes))

    assert "Count them again" in said(number="01118500123")
    assert "Write the same one twice" in said(again="another one")
    assert "stand in a row" in said(password="12345678", again="12345678")
    assert "Look at the slip again" in said(slip_code="ZZZZ-ZZZZ-ZZZZ")
    assert "This is the code that follows your card" in said(slip_code="K7MWPQ")
    assert "Write this in." in said(number="")
    assert world.PASSWORD not in said(slip_code="ZZZZ-ZZZZ-ZZZZ")


def test_signing_in_leads_back_to_where_one_was(client: Client) -> None:
    world.active(cards.holder())

    to_sign_in = client.get("/dinh-danh/mat-khau")["Location"]
    answer = client.post(to_sign_in, pair())

    assert to_sign_in == f"{DOOR}?next=/dinh-danh/mat-khau"
    assert answer["Location"] == "/dinh-danh/mat-khau"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_signing_in_leads_nowhere_else(client: Client, wanted: str) -> None:
    world.active(cards.holder())

    assert client.post(f"{DOOR}?next={wanted}", pair())["Location"] == "/toi"


def test_a_wrong_password_and_too_many_of_them_are_told(client: Client) -> None:
    world.active(cards.holder())

    for _try in range(5):
        assert "go together" in text_of(client.post(DOOR, pair("wrong")))
    page = text_of(client.post(DOOR, pair()))

    assert "Wait 1 minutes" in page
    assert "citizen_account" not in client.session


def test_signing_out_ends_the_session(client: Client) -> None:
    world.signed_in(client, cards.holder())

    assert client.get("/dinh-danh/dang-xuat").status_code == 405
    client.post("/dinh-danh/dang-xuat")

    assert client.get("/dinh-danh/mat-khau").status_code == 302


def test_a_citizen_signing_in_signs_the_officer_out(client: Client) -> None:
    world.active(cards.holder())
    signed_in(client, "commune_officer")

    client.post(DOOR, pair())

    assert client.get("/the/ban").status_code == 302
    assert client.get("/dinh-danh/mat-khau").status_code == 200


def test_a_session_gets_a_new_name_at_the_door(client: Client) -> None:
    world.active(cards.holder())
    client.get(DOOR)
    session = client.session
    session["anything"] = "kept by somebody else"
    session.save()
    before = client.session.session_key

    client.post(DOOR, pair())

    assert client.session.session_key != before
    assert "anything" not in client.session


def test_a_locked_account_ends_its_sessions(client: Client) -> None:
    account = world.signed_in(client, cards.holder())
    actions.lock(account_id=account.pk, reason="card lost", by=make.MAKER, at=now())

    assert client.get("/dinh-danh/mat-khau").status_code == 302
    assert "Ask the commune police" in text_of(client.post(DOOR, pair()))


def test_a_new_password_ends_all_other_sessions(client: Client) -> None:
    account = world.signed_in(client, cards.holder())
    thief = Client(SERVER_NAME="localhost")
    thief.post(DOOR, pair())
    for browser_of in (client, thief):
        session = browser_of.session
        session["citizen_signed_in_at"] -= 100
        session.save()
    Account.objects.filter(pk=account.pk).update(sessions_since=None)
    assert thief.get("/dinh-danh/mat-khau").status_code == 200

    new = {"old": world.PASSWORD, "password": "nuong ngo xanh", "again": "nuong ngo xanh"}
    client.post("/dinh-danh/mat-khau", new)

    assert client.get("/dinh-danh/mat-khau").status_code == 200
    assert thief.get("/dinh-danh/mat-khau").status_code == 302


def test_the_middleware_makes_a_citizen_of_a_session(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    woman = cards.holder()
    account = world.active(woman)

    with django_assert_num_queries(1):
        actor = queries.citizen_actor(account.pk)

    assert (actor.kind, actor.person_id, actor.name) == (Kind.CITIZEN, woman.pk, woman.full_name)
    assert actor.may("citizen")
    assert not actor.covers(make.NAM_KHAN)


def test_the_door_asks_the_database_little(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    account = world.active(cards.holder())

    with django_assert_num_queries(2):  # who acts, who acted before
        client.get(DOOR)
    client.post(DOOR, pair())
    party = world.party()
    with django_assert_num_queries(
        7
    ):  # the session, the citizen, who acts, the party, the nonce, her, who acted before
        client.get(f"{world.AGREE}?{party.request()}")
    assert account.person_id


def test_the_consent_page_shows_exactly_what_with_whom(client: Client) -> None:
    woman = cards.holder()
    world.signed_in(client, woman)
    party = world.party("Agribank Nam Khan")

    page = text_of(client.get(f"{world.AGREE}?{party.request()}"))
    less = text_of(client.get(f"{world.AGREE}?{party.request(scope='openid profile')}"))
    least = text_of(client.get(f"{world.AGREE}?{party.request(scope='openid')}"))

    assert "Agribank Nam Khan asks who you are" in page
    assert "bank.example" in page
    assert woman.number in page
    assert woman.number not in less
    assert "1985" in less
    assert "1985" not in least.partition("<main")[2]


def test_a_consent_is_taken_back_on_the_page(client: Client) -> None:
    world.signed_in(client, cards.holder())
    world.agreed(client, world.party())
    consent = Consent.objects.get()

    page = text_of(client.get("/dinh-danh/da-dong-y"))
    client.post("/dinh-danh/da-dong-y", {"consent": "987654"})
    answer = client.post("/dinh-danh/da-dong-y", {"consent": consent.pk}, follow=True)

    assert "Bank" in page
    assert "Date of birth" in page
    assert "Nothing more is shared there." in text_of(answer)
    assert "You have agreed to share nothing so far." in text_of(answer)


def test_the_password_is_changed_on_the_page(client: Client) -> None:
    world.signed_in(client, cards.holder())
    new = {"password": "nuong ngo xanh", "again": "nuong ngo xanh"}

    assert "present password" in text_of(client.post("/dinh-danh/mat-khau", {"old": "wrong"} | new))
    answer = client.post("/dinh-danh/mat-khau", {"old": world.PASSWORD} | new, follow=True)

    assert "Your new password is kept." in text_of(answer)


def test_a_slip_says_where_the_code_is_and_never_the_code(client: Client) -> None:
    woman = cards.holder()
    account, code = world.opened(woman)
    officer = signed_in(client, "kit_operator")

    page = text_of(client.get(f"/dinh-danh/to-kich-hoat/{account.pk}"))

    assert woman.full_name in page
    assert "on the slip" in page
    assert "http://localhost/dinh-danh/kich-hoat" in page
    assert code not in page
    assert "Make a new code" not in page
    assert client.post(f"/dinh-danh/to-kich-hoat/{account.pk}").status_code == 200
    assert [one.actor_name for one in audit.who_looked(woman.pk)] == [officer.full_name] * 2
    assert not audit.touching(woman.pk).filter(action="eid.slip_given").exists()


def test_an_officer_gives_a_new_slip_that_works(client: Client) -> None:
    account, _old = world.opened(cards.holder())
    signed_in(client, "commune_officer")

    answer = client.post(f"/dinh-danh/to-kich-hoat/{account.pk}")
    code = answer.context["code"]

    assert code in text_of(answer)
    assert code not in text_of(client.get(f"/dinh-danh/to-kich-hoat/{account.pk}"))
    with_slip = pair() | {"slip_code": code, "again": world.PASSWORD}
    assert Client(SERVER_NAME="localhost").post("/dinh-danh/kich-hoat", with_slip).status_code == 302


def test_a_slip_of_another_commune_is_not_there(client: Client) -> None:
    account, _code = world.opened(cards.holder())
    signed_in(client, "commune_officer", make.NAM_TIN)

    assert client.get(f"/dinh-danh/to-kich-hoat/{account.pk}").status_code == 404
    assert "Nobody waits" in text_of(client.get("/dinh-danh/to-kich-hoat"))


def test_officers_see_who_waits_and_that_they_looked_is_written_down(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    waiting = [cards.holder(), cards.holder("011190005678")]
    for one in waiting:
        world.opened(one)
    signed_in(client, "commune_officer")

    with django_assert_max_num_queries(14):
        page = text_of(client.get("/dinh-danh/to-kich-hoat"))

    assert page.count('href="/dinh-danh/to-kich-hoat/') == 2
    assert all(audit.who_looked(one.pk).count() == 1 for one in waiting)


def test_an_active_account_is_found_by_its_number_for_a_new_slip(client: Client) -> None:
    account = world.active(cards.holder())
    signed_in(client, "commune_officer")

    found = client.get("/dinh-danh/to-kich-hoat", {"number": NUMBER})
    nobody = client.get("/dinh-danh/to-kich-hoat", {"number": "011190005678"})

    assert found["Location"] == f"/dinh-danh/to-kich-hoat/{account.pk}"
    assert "Nobody in your area has an account under this number" in text_of(nobody)


def test_an_account_of_another_commune_is_not_found_by_its_number(client: Client) -> None:
    world.active(cards.holder())
    signed_in(client, "commune_officer", make.NAM_TIN)

    assert client.get("/dinh-danh/to-kich-hoat", {"number": NUMBER}).status_code == 200


@pytest.mark.parametrize("role", ["checker", "card_officer", "clerk", "chair", "auditor"])
def test_others_may_not_see_slips(client: Client, role: str) -> None:
    account, _code = world.opened(cards.holder())
    signed_in(client, role)

    assert client.get(f"/dinh-danh/to-kich-hoat/{account.pk}").status_code == 403
    assert client.get("/dinh-danh/to-kich-hoat").status_code == 403


def test_pages_are_kept_in_no_shared_machine(client: Client) -> None:
    world.signed_in(client, cards.holder())

    for page in (DOOR, "/dinh-danh/kich-hoat", "/dinh-danh/mat-khau", "/dinh-danh/da-dong-y"):
        assert "no-store" in client.get(page)["Cache-Control"], page


@pytest.mark.browser
def test_pages_of_the_e_id_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    party = world.party("Ngan hang Nam Khan")
    account, _code = world.opened(cards.holder("011190005678"))
    world.signed_in(client, cards.holder())
    world.agreed(client, party)
    citizen = {
        "eid-consent": f"{world.AGREE}?{party.request(nonce='n2')}",
        "eid-agreed": "/dinh-danh/da-dong-y",
        "eid-password": "/dinh-danh/mat-khau",
        "eid-refused": world.ASK,
    }
    stranger = {
        "eid-activate": "/dinh-danh/kich-hoat",
        "eid-sign-in": DOOR,
        "eid-sign-in-onward": f"{DOOR}?next=/dinh-danh/mat-khau",
    }
    officer = {"eid-waiting": "/dinh-danh/to-kich-hoat", "eid-slip": f"/dinh-danh/to-kich-hoat/{account.pk}"}
    client.cookies["django_language"] = "vi"

    assert browser.look_over(client, citizen, tmp_path / "citizen") == []
    client.post("/dinh-danh/dang-xuat")
    assert browser.look_over(client, stranger, tmp_path / "stranger") == []
    signed_in(client, "commune_officer")
    assert browser.look_over(client, officer, tmp_path / "officer") == []
    Account.objects.filter(pk=account.pk).update(state="closed", closed_at=now(), reason="moved away")
    assert browser.look_over(client, {"eid-nobody-waits": "/dinh-danh/to-kich-hoat"}, tmp_path / "nobody") == []
