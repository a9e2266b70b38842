"""What officers see of the register, and what is written down when they look."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.officers.models import Officer
from hoaban.people import actions
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
    ("address", "queries"), [("/dan-cu?text=lo+pao", 9), ("person", 16), ("history", 8), ("who-looked", 8)]
)
def test_pages_ask_the_database_little(
    client: Client, address: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _father, child = family()
    for n in range(5):
        make.person(f"Lò Pao {n}", household="H1")
    signed_in(client)
    there = address if address.startswith("/") else reverse(f"people:{address}", args=[child.pk])

    with django_assert_num_queries(queries):
        assert client.get(there).status_code == 200
