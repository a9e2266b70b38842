"""An officer proposes a correction, a join and a parting from a person's page; another one decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.officers.models import Officer
from hoaban.people import actions, queries
from hoaban.people.models import Person
from hoaban.people.rules import Deed
from tests import make

pytestmark = pytest.mark.django_db
PAPER = {"paper": "12/2026", "paper_day": "01/03/2026"}
SENT = "Sent to a second officer"


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def signed_in(client: Client, role: str = "commune_officer", unit: str = make.NAM_KHAN) -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    client.post("/dan-cu/ly-do", {"purpose": "check"})
    return officer


def way(person: Person, name: str) -> str:
    return reverse("people:change", args=[person.pk, name])


def record(client: Client, person: Person) -> str:
    return client.get(reverse("people:person", args=[person.pk])).content.decode()


def filled(client: Client, person: Person, **changes: str) -> dict[str, Any]:
    """The correction form as it comes, with these changes."""
    form = client.get(way(person, "sua-thong-tin")).context["form"]
    said = {field.html_name: field.value() or "" for field in form}
    return said | PAPER | {"reason": "her birth certificate"} | changes


def send(client: Client, address: str, said: dict[str, Any]) -> str:
    return client.post(address, said, follow=True).content.decode()


def approved(client: Client, approval_id: int) -> str:
    """The page on which another officer said yes."""
    signed_in(client)
    there = reverse("people:decide", args=[approval_id])
    page = client.get(there).content.decode()
    assert "Approved" in client.post(there, {"approve": "1"}, follow=True).content.decode()
    return page


def test_a_correction_shows_before_and_after_to_the_second_officer(client: Client) -> None:
    person = make.person(number9="040123456", phone="0912")
    signed_in(client)

    said = filled(client, person, full_name="Lò Thi May", born="05/1958", ethnicity="08", phone="")
    assert SENT in send(client, way(person, "sua-thong-tin"), said)
    [waiting] = queries.waits_on(person.pk)
    expected = {"full_name": "Lò Thi May", "born": "1958-05", "ethnicity": "08", "phone": ""}
    assert waiting.payload["facts"]["changes"] == expected
    assert "Waits for a second officer: Correction." in record(client, person)
    page = approved(client, waiting.pk)

    assert "<ins>" in page
    assert "05/1958" in page
    assert "her birth certificate" in page
    changed = queries.stored(queries.person(person.pk))
    assert {name: changed[name] for name in expected} == expected
    assert changed["number9"] == "040123456"


def test_the_second_officer_is_told_that_a_correction_ends_the_number(client: Client) -> None:
    person = make.person(number="011158000001", birth_reg_place="Dien Bien")
    signed_in(client)

    send(client, way(person, "sua-thong-tin"), filled(client, person, born="1959"))
    [waiting] = queries.waits_on(person.pk)

    assert "is cancelled and established anew" in approved(client, waiting.pk)
    assert queries.person(person.pk).number.startswith("011159")


def test_a_correction_that_changes_nothing_or_can_not_be_read_is_not_sent(client: Client) -> None:
    person = make.person()
    signed_in(client)
    address = way(person, "sua-thong-tin")

    assert "Nothing differs" in send(client, address, filled(client, person))
    assert "be read as" in send(client, address, filled(client, person, number9="12"))
    assert "Write this in" in send(client, address, filled(client, person, full_name=""))
    assert queries.waits_on(person.pk) == []


def test_while_one_correction_waits_another_is_refused_and_the_same_is_once(client: Client) -> None:
    person = make.person()
    officer = signed_in(client)
    address = way(person, "sua-thong-tin")

    for _twice in range(2):
        assert SENT in send(client, address, filled(client, person, phone="0912"))
    other = send(client, address, filled(client, person, phone="0999"))

    assert "Another proposal of this sort" in other
    assert officer.full_name in other
    assert len(queries.waits_on(person.pk)) == 1


def pair() -> tuple[Person, Person]:
    stays = make.person(number="011158000001", father_name="Lò Pao Vang")
    return stays, make.person("Lò Pao Máy", born="1958-05", phone="0912")


def test_the_other_record_is_chosen_from_those_alike_or_by_a_search(client: Client) -> None:
    stays, goes = pair()
    far = make.person("Lò Pao Mày", commune_code=make.NAM_TIN)
    signed_in(client)
    chosen = f"?voi={goes.pk}"

    alike = client.get(way(stays, "gop")).content.decode()
    found = client.get(way(stays, "gop"), {"text": "may lo"}).content.decode()

    assert chosen in alike
    assert chosen in found
    assert f"?voi={stays.pk}" not in found
    assert f"?voi={far.pk}" not in alike + found
    assert audit.touching(goes.pk).filter(action="people.searched").count() == 2
    for wrong in (stays.pk, far.pk, "x"):
        assert client.get(way(stays, "gop"), {"voi": wrong}).status_code == 404
    assert "No other record" in client.get(way(stays, "gop"), {"text": "nobody"}).content.decode()


def test_a_join_is_proposed_with_both_records_side_by_side_and_decided_so(client: Client) -> None:
    stays, goes = pair()
    signed_in(client)
    address = f"{way(goes, 'gop')}?voi={stays.pk}"
    page = client.get(address)
    assert page.context["form"]["stays"].value() == stays.pk
    assert "<ins>" in page.content.decode()
    assert "0912" in page.content.decode()

    assert SENT in send(client, address, PAPER | {"stays": stays.pk, "evidence": "both forms, one house"})

    [waiting] = queries.waits_on(stays.pk)
    assert queries.waits_on(goes.pk) == [waiting]
    assert "Two records joined" in record(client, goes)
    decided = approved(client, waiting.pk)
    for words in ("both forms, one house", "The record that stays", "<ins>"):
        assert words in decided
    assert queries.person(goes.pk).joined_to == stays
    assert "Open the record that stays" in record(client, goes)
    assert audit.who_looked(goes.pk).count() >= 2


def test_the_officer_says_which_record_stays(client: Client) -> None:
    stays, goes = pair()
    signed_in(client)

    send(client, f"{way(stays, 'gop')}?voi={goes.pk}", PAPER | {"stays": goes.pk, "evidence": "her own paper"})

    [waiting] = queries.waits_on(goes.pk)
    assert waiting.payload["facts"]["goes_id"] == stays.pk


def test_a_parting_is_proposed_from_the_record_that_stays(client: Client) -> None:
    stays, goes = pair()
    signed_in(client)
    assert client.get(way(stays, "tach-lai")).status_code == 404
    join = actions.join(stays_id=stays.pk, goes_id=goes.pk, source="decision:7", by=make.MAKER, at=now())

    assert SENT in send(client, way(stays, "tach-lai"), PAPER | {"join_id": join.pk, "reason": "they are sisters"})

    [waiting] = queries.waits_on(stays.pk)
    page = approved(client, waiting.pk)
    assert "they are sisters" in page
    assert f"{goes.full_name} → {stays.full_name}" in page
    assert queries.person(goes.pk).joined_to is None
    assert client.get(way(stays, "tach-lai")).status_code == 404


@pytest.mark.parametrize("role", ["checker", "clerk", "adjudicator"])
def test_who_may_not_change_the_register_proposes_nothing(client: Client, role: str) -> None:
    stays, goes = pair()
    signed_in(client, role)

    for name in ("sua-thong-tin", "gop", "tach-lai"):
        assert client.get(way(stays, name)).status_code == 403
    assert "Change the record" not in record(client, goes)


def test_who_only_reads_sees_that_something_waits_and_no_way_to_decide(client: Client) -> None:
    person = make.person()
    officer = make.actor("commune_officer")
    facts = {"changes": {"phone": "0912"}}
    waiting = actions.propose(deed=Deed.CORRECT, person_id=person.pk, facts=facts, source="t:1", by=officer, at=now())
    signed_in(client, "clerk")

    page = record(client, person)

    assert "Waits for a second officer: Correction." in page
    assert reverse("people:decide", args=[waiting.pk]) not in page
