"""What a reviewer sees of a pair, and what not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.matching import queries
from hoaban.matching.rules import State, Verdict
from hoaban.officers.models import Officer
from hoaban.people import actions as people
from tests import make
from tests.cards import world as card_world
from tests.matching import world

pytestmark = pytest.mark.usefixtures("db")

SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def signed_in(client: Client, role: str = "adjudicator", unit: str = make.NAM_KHAN) -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    return officer


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_pairs_wait_in_a_list_and_who_reads_it_is_written_down(client: Client) -> None:
    case = world.suspected()
    officer = signed_in(client)

    page = text_of(client.get("/mot-hay-hai"))

    assert f"/mot-hay-hai/{case.pk}" in page
    assert "Lò Thi Mai" in page
    assert "Lò Thi Mái" in page
    assert audit.who_looked(case.other_id)[0].actor_name == officer.full_name


def test_where_nothing_waits_the_list_says_when_something_will(client: Client) -> None:
    signed_in(client)

    assert "No pair waits for you" in text_of(client.get("/mot-hay-hai"))


def test_a_pair_shows_what_differs_and_what_speaks_for_one_person(client: Client) -> None:
    case = world.suspected()
    signed_in(client)

    page = text_of(client.get(f"/mot-hay-hai/{case.pk}"))

    assert "Lò Thi M<ins>a</ins>i" in page
    assert "Lò Thi M<ins>á</ins>i" in page
    assert "the same but for tone marks or spelling" in page
    assert "data:image/jpeg;base64" in page
    assert "never enrolled" in page
    assert "no fingerprint engine works here yet" in page
    assert len(audit.who_looked(case.person_id)) == 1


def test_two_officers_decide_on_the_page_and_neither_sees_the_other_s_verdict_before(client: Client) -> None:
    case = world.suspected()
    address = f"/mot-hay-hai/{case.pk}"

    signed_in(client)
    answer = client.post(address, {"verdict": "different", "reason": "asked her aunt"}, follow=True)
    assert "Your verdict is written down." in text_of(answer)
    assert "asked her aunt" in text_of(client.get(address))
    signed_in(client)
    before = text_of(client.get(address))
    client.post(address, {"verdict": "different", "reason": "saw both"})

    case.refresh_from_db()
    assert case.state == State.DIFFERENT
    assert "1 verdict so far" in before
    assert "asked her aunt" not in before
    after = text_of(client.get(address))
    assert "asked her aunt" in after
    assert "saw both" in after
    assert "Write it down" not in after


def test_a_verdict_leads_on_to_the_next_pair(client: Client) -> None:
    first = world.suspected()
    make.person("Lò Thi Mài", born="1962", mother_name="Quàng Thi Inh")
    world.looked_at(first.enrolment_id)
    second = queries.open_cases().exclude(pk=first.pk).get()
    signed_in(client)

    answer = client.post(f"/mot-hay-hai/{first.pk}", {"verdict": "different", "reason": "asked both"})

    assert answer["Location"] == f"/mot-hay-hai/{second.pk}"
    assert "Wait for another officer" in text_of(client.get("/mot-hay-hai"))


def test_what_is_not_filled_in_or_refused_is_said(client: Client) -> None:
    case = world.suspected()
    signed_in(client)
    address = f"/mot-hay-hai/{case.pk}"

    empty = text_of(client.post(address, {"verdict": "", "reason": ""}))
    client.post(address, {"verdict": "same", "reason": "papers"})
    again = text_of(client.post(address, {"verdict": "different", "reason": "papers"}))

    assert "Choose one." in empty
    assert "Write this in." in empty
    assert "Another officer must give the next." in again


def test_two_who_say_same_are_told_what_follows(client: Client) -> None:
    case = world.judged(world.suspected(), SAME, SAME)
    signed_in(client)

    page = text_of(client.get(f"/mot-hay-hai/{case.pk}"))

    assert "The join waits for an officer of the register." in page
    assert "/dan-cu/cho-duyet/" not in page, "a reviewer doesn't decide the join"


def test_a_declined_join_is_told_with_its_reason(client: Client) -> None:
    case = queries.case(world.judged(world.suspected(), SAME, SAME).pk, None)
    assert case.proposal is not None
    officer = card_world.actor("commune_officer")
    people.decline(approval_id=case.proposal.pk, reason="they are sisters", by=officer, at=now())
    signed_in(client)

    assert "they are sisters" in text_of(client.get(f"/mot-hay-hai/{case.pk}"))


def test_a_pair_of_another_commune_is_not_there(client: Client) -> None:
    case = world.suspected()
    signed_in(client, unit=make.NAM_TIN)

    assert client.get(f"/mot-hay-hai/{case.pk}").status_code == 404
    assert "Lò Thi Mai" not in text_of(client.get("/mot-hay-hai"))


def test_only_adjudicators_come_in(client: Client) -> None:
    case = world.suspected()
    signed_in(client, "card_officer")

    for address in ("/mot-hay-hai", f"/mot-hay-hai/{case.pk}"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Lò Thi Mai" not in text_of(answer)


def test_the_list_asks_the_database_little_however_long_it_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = world.suspected()
    make.person("Lò Thi Mài", born="1962", mother_name="Quàng Thi Inh")
    world.looked_at(first.enrolment_id)
    signed_in(client)

    with django_assert_num_queries(12):
        client.get("/mot-hay-hai")


def test_a_pair_asks_the_database_little(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    case = world.suspected()
    signed_in(client)

    with django_assert_num_queries(24):
        client.get(f"/mot-hay-hai/{case.pk}")


def test_the_pages_speak_vietnamese(client: Client) -> None:
    client.cookies["django_language"] = "vi"
    case = world.suspected()
    signed_in(client)

    with translation.override("vi"):
        expected = [translation.gettext(words) for words in ("One person or two?", "What differs", "Write it down")]
    page = text_of(client.get(f"/mot-hay-hai/{case.pk}"))
    assert all(words in page for words in expected)
    assert "What differs" not in page
