"""What citizens and officers see of services, and what they don't."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now, today
from hoaban.people.models import Residence
from hoaban.services import actions
from hoaban.services.models import Application
from tests import make
from tests.services import world

pytestmark = pytest.mark.django_db
ANSWERS = {"number": "0112 0900 0017", "full_name": "Lo Van Nam", "born": "14/03/2009"}


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def vi(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def answer_all(client: Client, **wrong: str) -> str:
    """Answer the three questions; the address where the last answer leads."""
    stay = {"first_day": vi(today()), "last_day": vi(today() + dt.timedelta(days=200))}
    client.post("/dich-vu-cong/tam-tru/cau/1", ANSWERS)
    client.post("/dich-vu-cong/tam-tru/cau/2", stay | wrong)
    answer = client.post("/dich-vu-cong/tam-tru/cau/3", {"address": "own"})
    return str(answer.headers["Location"])


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found[1]


def test_anybody_reads_what_a_service_needs(client: Client) -> None:
    listed = text_of(client.get("/dich-vu-cong"))
    page = text_of(client.get("/dich-vu-cong/tam-tru"))

    assert "/dich-vu-cong/tam-tru" in listed
    assert "Papers to bring: 0" in page
    assert "We ask 3 questions." in page
    assert "answers within 3 working days" in page
    assert page.count("(to be confirmed)") == 2
    assert client.get("/dich-vu-cong/no-such").status_code == 404


def test_three_questions_a_last_look_and_it_is_sent_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    world.sign_in(client, monkeypatch, family.aunt)
    assert "question 1 of 3" in text_of(client.get("/dich-vu-cong/tam-tru/cau/1"))

    assert answer_all(client) == "/dich-vu-cong/tam-tru/xem-lai"
    check = text_of(client.get("/dich-vu-cong/tam-tru/xem-lai"))
    key = key_of(check)
    sent = client.post("/dich-vu-cong/tam-tru/xem-lai", {"key": key, "agreed": "on"}, follow=True)
    again = client.post("/dich-vu-cong/tam-tru/xem-lai", {"key": key, "agreed": "on"}, follow=True)

    assert "Lo Van Nam" in check
    assert "Nam Khan 1" in check
    assert "<dt>Papers to bring</dt><dd>0</dd>" in check
    assert check.count(">Change<") == 3
    application = Application.objects.get()
    assert application.code in text_of(sent)
    assert sent.redirect_chain == again.redirect_chain == [(f"/toi/ho-so/{application.code}", 302)]
    assert "You needn&#x27;t go anywhere" in text_of(sent) or "You needn't go anywhere" in text_of(sent)


def test_a_changed_answer_leads_back_to_the_last_look_and_the_others_are_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    world.sign_in(client, monkeypatch, family.aunt)
    answer_all(client)
    last = vi(today() + dt.timedelta(days=60))

    asked = text_of(client.get("/dich-vu-cong/tam-tru/cau/2"))
    changed = client.post("/dich-vu-cong/tam-tru/cau/2", {"first_day": vi(today()), "last_day": last}, follow=True)

    assert f'value="{vi(today())}"' in asked
    assert changed.redirect_chain == [("/dich-vu-cong/tam-tru/xem-lai", 302)]
    assert last in text_of(changed)
    assert "Lo Van Nam" in text_of(changed)


def test_the_last_look_sends_back_to_what_is_not_answered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world.sign_in(client, monkeypatch, world.family().aunt)

    for address in ("/dich-vu-cong/tam-tru/xem-lai", "/dich-vu-cong/tam-tru/xem-lai"):
        assert client.get(address).headers["Location"] == "/dich-vu-cong/tam-tru/cau/1"
    assert client.get("/dich-vu-cong/tam-tru/cau/4").status_code == 404
    assert answer_all(client, last_day=vi(today())) == "/dich-vu-cong/tam-tru/cau/2"


def test_a_wrong_name_says_nothing_about_the_stranger(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    world.sign_in(client, monkeypatch, family.aunt)

    page = text_of(client.post("/dich-vu-cong/tam-tru/cau/1", ANSWERS | {"full_name": "Lo Van Ba"}))
    lacking = text_of(client.post("/dich-vu-cong/tam-tru/cau/1", {"number": "0112"}))

    assert "Nobody has this number together with this name" in page
    assert "Lo Van Nam" not in page
    assert "Write all 12 digits." in lacking
    assert lacking.count("Write this in.") >= 2
    assert not audit.touching(family.nephew.pk).filter(action="services.looked_up").exists()


def test_family_elsewhere_is_offered_by_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    son = make.person(
        "Lo Van Sung", sex="M", born="1990", commune_code=make.NAM_TIN, mother_name="Lo Thi Mai",
        mother_number=family.aunt.number,
    )  # fmt: skip
    world.sign_in(client, monkeypatch, family.aunt)

    page = text_of(client.get("/dich-vu-cong/tam-tru/cau/1"))
    good = client.post("/dich-vu-cong/tam-tru/cau/1", {"person_id": son.pk})
    stranger = client.post("/dich-vu-cong/tam-tru/cau/1", {"person_id": family.nephew.pk})

    assert "Lo Van Sung" in page
    assert "Lo Van Nam" not in page
    assert good.headers["Location"] == "/dich-vu-cong/tam-tru/cau/2"
    assert stranger.status_code == 200


def test_for_a_minor_the_guardians_word_is_asked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world.sign_in(client, monkeypatch, world.family().aunt)
    answer_all(client)

    page = text_of(client.get("/dich-vu-cong/tam-tru/xem-lai"))
    answer = client.post("/dich-vu-cong/tam-tru/xem-lai", {"key": key_of(page)})

    assert "Father, mother or guardian agrees" in page
    assert "Tick this to go on." in text_of(answer)
    assert not Application.objects.exists()


def test_the_desk_shows_what_is_due_first_and_approves(client: Client) -> None:
    family = world.family()
    late = world.declared(family, at=now() - dt.timedelta(days=9), first_day=today() - dt.timedelta(days=9))
    other = make.person("Lo Thi Xuan", born="1999-02-02", number="011199000002", commune_code=make.NAM_TIN)
    fresh = world.declared(
        family, who=world.the_nephew(number=other.number, full_name=other.full_name, born="1999-02-02")
    )
    officer = make.officer("clerk")
    client.force_login(officer)

    desk = text_of(client.get("/dich-vu-cong/quay"))
    page = text_of(client.get(f"/dich-vu-cong/quay/{late.code}"))
    done = client.post(f"/dich-vu-cong/quay/{late.code}", {"decision": "approve"}, follow=True)

    assert desk.index(late.code) < desk.index(fresh.code)
    assert "late" in desk
    assert "Lo Van Pao" in page
    assert f"Application {late.code}: approved." in text_of(done)
    assert Residence.objects.filter(person=family.nephew, kind="temporary").count() == 1
    assert audit.who_looked(family.nephew.pk).get().purpose == "service"


def test_the_desk_returns_with_everything_said_or_not_at_all(client: Client) -> None:
    sent = world.declared(world.family())
    client.force_login(make.officer("commune_officer"))
    address = f"/dich-vu-cong/quay/{sent.code}"

    too_little = text_of(client.post(address, {"decision": "return", "back-field": "period"}))
    held = {"back-field": "SHK", "back-reason": "r", "back-rule": "art. 1", "back-mender": "citizen"}
    errand = text_of(client.post(address, {"decision": "return"} | held))
    client.post(address, {"decision": "return"} | held | {"back-field": "period"})

    assert too_little.count("Write this in.") >= 2
    assert "The state holds this itself" in errand
    sent.refresh_from_db()
    assert (sent.state, sent.field, sent.mender) == ("returned", "period", "citizen")
    assert "1 application waits for its citizen" in text_of(client.get("/dich-vu-cong/quay"))
    assert 'value="approve"' not in text_of(client.get(address))


def test_the_desk_declines_with_a_reason(client: Client) -> None:
    sent = world.declared(world.family())
    client.force_login(make.officer("clerk"))
    address = f"/dich-vu-cong/quay/{sent.code}"

    client.post(address, {"decision": "decline", "no-reason": "no dwelling"})
    client.post(address, {"decision": "decline", "no-reason": "no dwelling", "no-rule": "art. 23"})
    late = client.post(address, {"decision": "approve"})

    assert "This can&#x27;t be done any more" in text_of(late) or "can't be done any more" in text_of(late)
    sent.refresh_from_db()
    assert (sent.state, sent.reason, sent.rule) == ("declined", "no dwelling", "art. 23")


def test_a_commune_decides_its_own_applications_alone(client: Client) -> None:
    sent = world.declared(world.family())
    client.force_login(make.officer("clerk", make.NAM_TIN))

    assert sent.code not in text_of(client.get("/dich-vu-cong/quay"))
    assert client.get(f"/dich-vu-cong/quay/{sent.code}").status_code == 404
    client.force_login(make.officer("chair"))
    assert client.get("/dich-vu-cong/quay").status_code == 403


def test_a_citizen_sees_their_applications_and_nobody_elses(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    sent = world.declared(family)
    stranger = make.person("Lo Thi Hoa", born="1980")

    world.sign_in(client, monkeypatch, family.aunt)
    home = text_of(client.get("/toi"))
    assert "Welcome, Lo Thi Mai" in home
    assert f"/toi/ho-so/{sent.code}" in home
    assert "by " + vi(sent.due_on) in text_of(client.get(f"/toi/ho-so/{sent.code}"))

    world.sign_in(client, monkeypatch, stranger)
    assert client.get(f"/toi/ho-so/{sent.code}").status_code == 404
    assert client.post(f"/toi/ho-so/{sent.code}/sua").status_code == 404
    assert "Nothing is under way." in text_of(client.get("/toi"))


def test_a_returned_application_is_mended_with_its_answers_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    sent = world.declared(family)
    actions.send_back(
        application_id=sent.pk, field="period", reason="begins earlier", rule="art. 27", mender="citizen",
        by=world.officer(), at=now(),
    )  # fmt: skip
    world.sign_in(client, monkeypatch, family.aunt)
    assert "1 thing needs you." in text_of(client.get("/toi"))
    page = text_of(client.get(f"/toi/ho-so/{sent.code}"))
    assert "begins earlier" in page
    assert "From when to when?" in page

    client.post(f"/toi/ho-so/{sent.code}/sua")
    later = {"first_day": vi(today()), "last_day": vi(today() + dt.timedelta(days=50))}
    check = text_of(client.post("/dich-vu-cong/tam-tru/cau/2", later, follow=True))
    for _twice in range(2):
        done = client.post("/dich-vu-cong/tam-tru/xem-lai", {"key": key_of(check), "agreed": "on"}, follow=True)
        assert done.redirect_chain == [(f"/toi/ho-so/{sent.code}", 302)]

    sent.refresh_from_db()
    assert (sent.state, sent.answers["last_day"]) == ("submitted", (today() + dt.timedelta(days=50)).isoformat())


def test_the_result_says_what_the_register_says_now(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    sent = world.declared(family)
    actions.approve(application_id=sent.pk, by=world.officer(), at=now())

    world.sign_in(client, monkeypatch, family.nephew)
    page = text_of(client.get(f"/toi/ho-so/{sent.code}"))

    assert "The temporary residence of Lo Van Nam stands in the register." in page
    assert "Lo Thi Mai has sent it" in page


def test_what_one_citizen_has_begun_is_not_shown_to_the_next_at_the_same_machine(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    world.sign_in(client, monkeypatch, family.aunt)
    client.post("/dich-vu-cong/tam-tru/cau/1", ANSWERS)

    world.sign_in(client, monkeypatch, make.person("Lo Thi Hoa", born="1980"))
    assert world.NEPHEW_NUMBER[-4:] not in text_of(client.get("/dich-vu-cong/tam-tru/cau/1"))
    world.sign_in(client, monkeypatch, family.aunt)
    assert 'value="0112 0900 0017"' in text_of(client.get("/dich-vu-cong/tam-tru/cau/1"))


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/toi", 9), ("result", 6), ("/dich-vu-cong", 4), ("/dich-vu-cong/tam-tru/cau/1", 15),
        ("/dich-vu-cong/tam-tru/xem-lai", 24),
    ],
)  # fmt: skip
def test_a_citizens_pages_ask_the_database_little(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, queries: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    family = world.family()
    sent = world.declared(family)
    for n in range(5):
        make.person(f"Lo Thi {n}a", born="2001", household="H1")
    world.sign_in(client, monkeypatch, family.aunt)
    answer_all(client)

    with django_assert_max_num_queries(queries) as counted:
        answer = client.get(address if address.startswith("/") else reverse("services:result", args=[sent.code]))

    assert answer.status_code == 200
    assert len(counted) > 0


def test_the_desk_asks_the_database_little(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sent = world.declared(world.family())
    client.force_login(make.officer("clerk"))

    with django_assert_max_num_queries(9):
        client.get("/dich-vu-cong/quay")
    with django_assert_max_num_queries(10):
        client.get(f"/dich-vu-cong/quay/{sent.code}")
