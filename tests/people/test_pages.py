"""What officers see of the register, and what is written down when they look."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.officers.models import Officer
from hoaban.people import actions, queries
from hoaban.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def signed_in(client: Client, role: str = "commune_officer", unit: str = make.NAM_KHAN, why: str = "check") -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    if why:
        client.post("/dan-cu/ly-do", {"purpose": why})
    return officer


def family() -> tuple[Person, Person]:
    father = make.person("Lò Pao Sung", sex="M", born="1960", household="H1", relation_to_head="01")
    child = make.person(
        "Lò Pao Dia", born="1990-03", number="011190000001", household="H1", relation_to_head="04",
        father_name="Lò Pao Sung", mother_name="Lò Pao Vi", source="form:DC-77",
    )  # fmt: skip
    return father, child


def test_somebody_is_found_by_a_name_without_marks_and_the_search_is_written_down(client: Client) -> None:
    _father, child = family()
    officer = signed_in(client)

    page = client.get("/dan-cu", {"text": "dia lo"}).content.decode()

    assert reverse("people:person", args=[child.pk]) in page
    assert "03/1990" in page
    assert "Sung" not in page
    [entry] = audit.touching(child.pk).filter(action="people.searched")
    assert entry.actor_name == officer.full_name


def test_somebody_of_another_commune_is_not_found_nor_opened(client: Client) -> None:
    _father, child = family()
    signed_in(client, unit=make.NAM_TIN)

    assert "Nobody of that name" in client.get("/dan-cu", {"text": "dia"}).content.decode()
    for name in ("person", "history", "who-looked"):
        assert client.get(reverse(f"people:{name}", args=[child.pk])).status_code == 404
    assert not audit.who_looked(child.pk).exists()


def test_a_record_opens_after_the_officer_said_why(client: Client) -> None:
    _father, child = family()
    signed_in(client, why="")
    address = reverse("people:person", args=[child.pk])

    asked = client.get(address, follow=True)
    assert "Say why" in asked.content.decode()
    assert child.full_name not in asked.content.decode()
    assert client.post(asked.request["PATH_INFO"], {"purpose": "curiosity"}).status_code == 200
    opened = client.post(f"{reverse('people:purpose')}?toi={address}", {"purpose": "service"}, follow=True)

    assert child.full_name in opened.content.decode()
    [look] = audit.who_looked(child.pk)
    assert look.purpose == "service"


def test_the_answer_leads_to_no_other_site(client: Client) -> None:
    signed_in(client, why="")

    answer = client.post("/dan-cu/ly-do?toi=https://example.org/", {"purpose": "check"})

    assert answer.headers["Location"] == "/dan-cu"


def test_a_record_shows_each_fact_with_its_source_and_leads_to_the_family(client: Client) -> None:
    father, child = family()
    signed_in(client)

    page = client.get(reverse("people:person", args=[child.pk])).content.decode()

    assert "form DC01 no. DC-77" in page
    assert "011190000001" in page
    assert "Lò Pao Vi" in page
    assert page.count(reverse("people:person", args=[father.pk]) + '"') == 2
    assert "made-up person" in page


def test_the_history_says_old_and_new(client: Client) -> None:
    _father, child = family()
    actions.correct(
        person_id=child.pk, changes={"born": "1991", "number": ""}, source="finding:12", by=make.MAKER, at=now()
    )
    signed_in(client)

    page = client.get(reverse("people:history", args=[child.pk])).content.decode()

    assert "03/1990" in page
    assert ">1991<" in page
    assert "check, finding 12" in page


def test_who_looked_names_officer_and_purpose(client: Client) -> None:
    _father, child = family()
    officer = signed_in(client, why="campaign")
    client.get(reverse("people:person", args=[child.pk]))

    page = client.get(reverse("people:who-looked", args=[child.pk])).content.decode()

    assert page.count(officer.full_name) >= 2
    assert "planning of the campaign" in page


@pytest.mark.parametrize(
    ("address", "queries"), [("/dan-cu?text=lo+pao", 12), ("person", 18), ("history", 8), ("who-looked", 8)]
)
def test_pages_ask_the_database_little(
    client: Client, address: str, queries: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _father, child = family()
    for n in range(5):
        make.person(f"Lò Pao {n}", household="H1")
    signed_in(client)
    there = address if address.startswith("/") else reverse(f"people:{address}", args=[child.pk])

    with django_assert_max_num_queries(queries):  # one fewer where the units' names are known already
        assert client.get(there).status_code == 200


def test_a_search_without_a_stated_purpose_asks_for_it_first(client: Client) -> None:
    family()
    signed_in(client, why="")

    asked = client.get("/dan-cu", {"text": "dia"}, follow=True)
    assert "Say why" in asked.content.decode()
    found = client.post(
        asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], {"purpose": "check"}, follow=True
    )

    assert "1 person found" in found.content.decode()


def test_people_are_found_by_year_head_village_old_number_and_other_spelling(client: Client) -> None:
    _father, child = family()
    actions.cancel_number(person_id=child.pk, source="decision:1", by=make.MAKER, at=now())
    make.person("Dàng A Chu", sex="M", born="1970")
    signed_in(client)

    for asked, name in (
        ({"text": "dia", "born": "1990"}, "Lò Pao Dia"), ({"head": "sung pao"}, "Lò Pao Dia"),
        ({"text": "011190000001"}, "Lò Pao Dia"), ({"text": "giang chu"}, "Dàng A Chu"),
    ):  # fmt: skip
        assert name in client.get("/dan-cu", asked).content.decode(), asked
    assert "Nobody" in client.get("/dan-cu", {"text": "dia", "born": "1991"}).content.decode()
    for asked, why in (
        ({"text": ""}, "Write a name"), ({"text": "dia", "village": "nowhere"}, "no village called"),
        ({"text": "dia", "born": "old"}, "four digits"),
    ):  # fmt: skip
        assert why in client.get("/dan-cu", asked).content.decode(), asked


def test_a_record_shows_any_day_as_known_on_any_day(client: Client) -> None:
    _father, child = family()
    actions.correct(
        person_id=child.pk, changes={"phone": "0912345678"}, source="update:9", by=make.MAKER, at=now(),
        valid_from=dt.date(2026, 6, 1),
    )  # fmt: skip
    signed_in(client)
    address = reverse("people:person", args=[child.pk])

    before = client.get(address, {"ngay": "31/05/2026"}).content.decode()
    after = client.get(address, {"ngay": "01/06/2026"}).content.decode()
    early = client.get(address, {"biet": "01/01/2020"}).content.decode()

    assert "as it was on 31/05/2026" in before
    assert ">0912345678<" not in before
    assert ">0912345678<" in after
    assert "form DC02 no. 9" in after
    assert "did not know of this person" in early


def test_a_household_shows_its_members_and_changes_its_head(client: Client) -> None:
    father, child = family()
    signed_in(client)
    address = reverse("people:household", args=[father.household_id])
    page = client.get(address).content.decode()
    assert "Household of Lò Pao Sung" in page
    assert "Lò Pao Dia" in page

    paper = {"paper": "12", "paper_day": "01/03/2026", "day": "01/03/2026"}
    done = client.post(f"{address}/chu-ho", {"head": child.pk, **paper}, follow=True).content.decode()

    assert "Household of Lò Pao Dia" in done
    made = client.post(f"{address}/tach", {"head": father.pk, **paper}, follow=True).content.decode()
    assert "Household of Lò Pao Sung" in made
    assert "Household of Lò Pao Sung" not in client.get(address, {"ngay": "02/03/2026"}).content.decode()
    assert client.get(address, {"biet": "01/01/2020"}).status_code == 404


PAPER = {"paper": "12/2026", "paper_day": "01/03/2026", "day": "01/03/2026"}
CHANGES = {
    "ket-hon": {"number": "011 192 000 009", "name": "Giàng Thi Mai"},
    "khai-tu": {"life": "dead", "reason": "old age"},
    "khai-sinh": {
        "full_name": "Lo Pao Nu", "sex": "F", "born": "01/02/2026", "birth_reg_place": "Dien Bien",
        "relation_to_head": "19",
    },
    "thuong-tru": {"commune_code": make.NAM_TIN, "address": "Nam Tin"},
    "so-dinh-danh": {},
}  # fmt: skip


@pytest.mark.parametrize("way", CHANGES)
def test_a_legal_fact_is_proposed_on_paper_and_decided_by_another_officer(client: Client, way: str) -> None:
    _father, child = family()
    actions.correct(
        person_id=child.pk, changes={"sex": "M", "birth_reg_place": "Dien Bien"}, source="t:1", by=make.MAKER, at=now()
    )
    make.person("Giàng Thi Mai", born="1992", number="011192000009", commune_code=make.NAM_TIN)
    signed_in(client)
    version = queries.person(child.pk).version
    sent = client.post(reverse("people:change", args=[child.pk, way]), CHANGES[way] | PAPER, follow=True)
    assert "Sent to a second officer" in sent.content.decode()
    [waiting] = queries.waits_on(child.pk)
    own = client.get(reverse("people:decide", args=[waiting.pk])).content.decode()
    assert "Another officer decides" in own
    assert 'name="approve"' not in own

    signed_in(client)
    assert child.full_name in client.get(reverse("people:waiting")).content.decode()
    there = reverse("people:decide", args=[waiting.pk])
    assert "01/03/2026" in client.get(there).content.decode()
    done = client.post(there, {"approve": "1"}, follow=True).content.decode()

    assert "Approved" in done
    changed = queries.person(child.pk)
    assert changed.version > version or way == "khai-sinh" and queries.children_of(child.pk).exists()


def test_a_second_officer_declines_with_the_reason(client: Client) -> None:
    _father, child = family()
    signed_in(client)
    client.post(reverse("people:change", args=[child.pk, "khai-tu"]), CHANGES["khai-tu"] | PAPER)
    [waiting] = queries.waits_on(child.pk)
    signed_in(client)
    there = reverse("people:decide", args=[waiting.pk])

    assert "Write this in" in client.post(there, {"decline": "1"}).content.decode()
    client.post(there, {"decline": "1", "reason": "another person of that name"})

    assert queries.person(child.pk).life == "living"
    assert queries.waits_on(child.pk) == []


def test_an_absence_and_a_stay_are_written_at_once(client: Client) -> None:
    _father, child = family()
    signed_in(client)
    days = {"valid_from": "01/03/2026", "valid_to": "05/03/2026", "address": "Ha Noi", "commune_code": make.NAM_TIN}

    for way in ("tam-vang", "luu-tru"):
        done = client.post(reverse("people:change", args=[child.pk, way]), PAPER | days, follow=True)
        assert "Written down" in done.content.decode()

    assert {one.kind for one in queries.residences_of(child.pk)} >= {"absence", "stay"}
    wrong = client.post(reverse("people:change", args=[child.pk, "luu-tru"]), PAPER | days | {"valid_to": "05/05/2026"})
    assert "under 30 days" in wrong.content.decode()
    for way in ("mo-lai", "ly-hon", "nothing"):
        assert client.get(reverse("people:change", args=[child.pk, way])).status_code == 404
