"""What a person sees at the card pages, and what they don't."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.cards import actions, queries
from hoaban.cards.engine import faces
from hoaban.cards.models import Application, Card
from hoaban.officers.models import Officer
from tests import make
from tests.cards import world

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def signed_in(client: Client, role: str, unit: str = make.NAM_KHAN) -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    return officer


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_whoever_has_the_code_sees_where_the_card_is_and_no_name(client: Client) -> None:
    woman = world.holder()
    [card] = world.sent(woman)

    answer = client.get("/the", {"code": card.code.lower()}, follow=True)

    page = text_of(answer)
    assert answer.redirect_chain == [(f"/the/{card.code}", 302)]
    assert "Your card is on the way to your commune." in page
    assert "Papers to bring: <b>0</b>" in page
    assert woman.full_name not in page
    assert woman.number not in page
    assert page.count("<li class=") == 6


def test_the_tracker_asks_the_database_little(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    application = world.asked(world.holder())

    with django_assert_num_queries(4):  # who acts, the steps, the commune's name, who acted before
        client.get(f"/the/{application.code}")


def test_a_wrong_code_is_told_what_to_look_at(client: Client) -> None:
    answer = client.get("/the/ZZZZZZ")

    assert answer.status_code == 404
    assert "it has no 0, O, 1 or I" in text_of(answer)


def test_a_card_at_the_commune_says_come_and_no_day_to_wait_for(client: Client) -> None:
    [card] = world.ready(world.holder())

    page = text_of(client.get(f"/the/{card.code}"))

    assert "We expect it between" not in page
    assert "Papers to bring: <b>0</b>" in page


def test_a_late_card_says_how_late_and_where_it_is(client: Client) -> None:
    application = world.asked(world.holder())
    Application.objects.update(requested_at=now() - (now() - now().replace(year=now().year - 1)))

    page = text_of(client.get(f"/the/{application.code}"))

    assert "days late" in page
    assert "the province, at the first look" in page


def test_two_officers_release_cards_by_ticking_them(client: Client) -> None:
    application = world.asked(world.holder())

    signed_in(client, "card_officer")
    assert application.code in text_of(client.get("/the/ban/de-nghi"))
    client.post("/the/ban/de-nghi", {"chosen": [application.pk]})
    assert application.code not in text_of(client.get("/the/ban/duyet"))
    signed_in(client, "card_officer")
    assert application.code in text_of(client.get("/the/ban/duyet"))
    answer = client.post("/the/ban/duyet", {"chosen": [application.pk]}, follow=True)

    assert "1 card released." in text_of(answer)
    assert Card.objects.get().application == application


def test_nothing_ticked_is_told(client: Client) -> None:
    world.asked(world.holder())
    signed_in(client, "card_officer")

    assert "Tick at least one." in text_of(client.post("/the/ban/de-nghi", {"csrfmiddlewaretoken": "x"}))


def test_an_application_that_was_not_on_the_list_can_not_be_ticked(client: Client) -> None:
    other = world.asked(world.holder(commune_code=make.NAM_TIN))
    signed_in(client, "card_officer")
    world.asked(world.holder("011190005678"))

    client.post("/the/ban/de-nghi", {"chosen": [other.pk]})

    other.refresh_from_db()
    assert other.state == "requested"


def test_a_proposed_card_is_declined_with_its_reason(client: Client) -> None:
    application = world.proposed(world.holder())
    signed_in(client, "card_officer")
    address = reverse("cards:application", args=[application.code])

    assert "data:image/jpeg;base64" in text_of(client.get(address))
    client.post(address, {"reason": "blurred"})

    application.refresh_from_db()
    assert application.decline_reason == "blurred"
    assert "Declined by" in text_of(client.get(address))


def test_a_made_card_is_checked_by_ticking_it(client: Client) -> None:
    [card] = world.made(world.holder())
    signed_in(client, "card_officer")

    answer = client.post("/the/ban/kiem", {"chosen": [card.pk]}, follow=True)

    assert "1 card is good." in text_of(answer)


def test_a_batch_is_packed_sent_and_taken_in(client: Client) -> None:
    [card] = world.made(world.holder())
    actions.pass_check(card_ids=[card.pk], by=world.actor("card_officer"), at=now())

    signed_in(client, "card_officer")
    packed = client.post("/the/ban/lo", {"commune": make.NAM_KHAN}, follow=True)
    address = packed.redirect_chain[0][0]
    assert card.serial in text_of(packed)
    client.post(address, {"missing": ""})
    signed_in(client, "commune_officer")
    client.post(address, {"missing": ""})

    assert "1 card waits here" in text_of(client.get("/the/ban/phat"))


def test_a_missing_card_is_written_down_when_a_batch_is_taken_in(client: Client) -> None:
    here, gone = world.sent(world.holder(), world.holder("011190005678"))
    assert here.batch is not None
    signed_in(client, "commune_officer")

    answer = client.post(f"/the/ban/lo/{here.batch.code}", {"missing": gone.serial.lower()}, follow=True)

    assert "1 missing" in text_of(client.get("/the/ban/lo"))
    assert "It is being looked for." in text_of(answer)


def test_the_counter_takes_a_scan_a_code_and_a_number(client: Client) -> None:
    [card] = world.ready(world.holder())
    qr_text = faces.qr_text(queries.content_of(card))
    signed_in(client, "commune_officer")

    for scan in (qr_text, card.serial.lower(), card.code, card.number):
        answer = client.get("/the/ban/phat", {"scan": scan})
        assert answer["Location"] == f"/the/ban/phat/{card.serial}", scan
    assert "Scan again" in text_of(client.get("/the/ban/phat", {"scan": "nothing"}))


def test_scanning_a_batch_leads_to_it(client: Client) -> None:
    [card] = world.sent(world.holder())
    assert card.batch is not None
    signed_in(client, "commune_officer")

    for scan in (card.batch.code, f"http://testserver/the/ban/lo/{card.batch.code}"):
        answer = client.get("/the/ban/phat", {"scan": scan})
        assert answer["Location"] == f"/the/ban/lo/{card.batch.code}"


def test_whoever_reads_a_list_of_names_is_written_down(client: Client) -> None:
    woman = world.holder()
    world.asked(woman)
    officer = signed_in(client, "card_officer")

    client.get("/the/ban/de-nghi")

    assert [entry.actor_name for entry in audit.who_looked(woman.pk)] == [officer.full_name]


def test_a_card_is_handed_over_by_the_last_four_digits(client: Client) -> None:
    woman = world.holder()
    [card] = world.ready(woman)
    signed_in(client, "commune_officer")
    address = f"/the/ban/phat/{card.serial}"

    page = text_of(client.get(address))
    assert woman.full_name in page
    assert woman.number not in page
    assert "Ask for the number again." in text_of(client.post(address, {"shown": "0000"}))
    assert world.card_of(woman) is None
    answer = client.post(address, {"shown": "1234"}, follow=True)

    assert "in its holder" in text_of(answer)
    assert world.card_of(woman) == card


def test_a_card_shows_its_faces_and_gives_its_pdf(client: Client) -> None:
    [card] = world.made(world.holder())
    signed_in(client, "card_officer")
    address = f"/the/ban/the/{card.serial}"

    page = text_of(client.get(address))
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"{address}/mat.pdf").content))

    assert f"{address}/truoc.png" in page
    assert client.get(f"{address}/truoc.png").content.startswith(b"\x89PNG")
    assert client.get(f"{address}/ben.png").status_code == 404
    assert len(pdf.pages) == 2


def test_a_made_card_is_spoiled_on_its_page(client: Client) -> None:
    [card] = world.made(world.holder())
    signed_in(client, "card_officer")

    client.post(f"/the/ban/the/{card.serial}", {"end": "spoil", "reason": "smudged"})

    assert sorted(Card.objects.values_list("serial", flat=True)) == [card.serial, f"{card.code}-2"]


def test_a_card_of_another_commune_is_not_there(client: Client) -> None:
    [card] = world.ready(world.holder())
    signed_in(client, "commune_officer", make.NAM_TIN)

    for address in ("phat", "the"):
        assert client.get(f"/the/ban/{address}/{card.serial}").status_code == 404
    assert client.get(f"/the/ban/don/{card.code}").status_code == 404


def test_a_commune_officer_finds_no_release_on_the_desk(client: Client) -> None:
    signed_in(client, "commune_officer")

    page = text_of(client.get("/the/ban"))

    assert "Hand cards over" in page
    assert "Propose cards" not in page
    assert client.get("/the/ban/duyet").status_code == 403


def test_late_cards_are_listed_with_who_holds_them_up(client: Client) -> None:
    application = world.asked(world.holder())
    Application.objects.update(requested_at=now() - (now() - now().replace(year=now().year - 1)))
    signed_in(client, "card_officer")

    page = text_of(client.get("/the/ban/cham"))

    assert application.code in page
    assert "the province, at the first look" in page


def test_the_desk_speaks_vietnamese(client: Client) -> None:
    client.cookies["django_language"] = "vi"
    signed_in(client, "card_officer")

    with translation.override("vi"):
        expected = translation.gettext("Propose cards")
    assert expected != "Propose cards"
    assert expected in text_of(client.get("/the/ban"))
