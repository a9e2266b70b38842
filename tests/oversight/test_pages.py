"""Who looked, as the citizen reads it; the audit, as the auditor does."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from hoaban.audit import actions as audit_actions
from hoaban.audit import commands
from hoaban.audit import queries as audit
from hoaban.audit.models import Entry
from hoaban.audit.rules import NotAnExport, NotSealed
from hoaban.base.clock import now
from hoaban.people import actions as people
from tests import make
from tests.audit.tampering import seal_all
from tests.services import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def auditor(client: Client, unit: str = "11", level: str = "province") -> None:
    client.force_login(make.officer("auditor", unit, level))


def opened_by(role: str, person_id: int) -> str:
    """Let an officer open somebody's record; the officer's name."""
    officer = make.officer(role)
    client = Client()
    client.force_login(officer)
    client.post("/dan-cu/ly-do", {"purpose": "campaign"})
    assert client.get(f"/dan-cu/{person_id}").status_code == 200
    return officer.full_name


def test_a_citizen_reads_who_looked_in_which_role_and_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    aunt = world.family().aunt
    name = opened_by("commune_officer", aunt.pk)
    world.sign_in(client, monkeypatch, aunt)

    page = text_of(client.get("/toi/ai-da-xem"))

    assert name in page
    assert "commune police officer, " in page
    assert "planning of the campaign" in page
    assert "opened your record: the whole record" in page


def test_a_citizen_reads_what_was_changed_and_what_they_did_themselves(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    people.correct(person_id=family.aunt.pk, changes={"marital": "2"}, source="finding:12", by=make.MAKER, at=now())
    world.declared(family)
    me = world.sign_in(client, monkeypatch, family.aunt)

    page = text_of(client.get("/toi/ai-da-xem"))

    assert "check, finding 12" in page
    assert "changed your record: Marital status" in page
    assert '<td data-label="Who">yourself</td><td data-label="What">sent an application that names you' in page
    assert me.name
    assert "Nobody has opened your record." in page


def test_nobody_reads_the_looks_at_somebody_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    name = opened_by("commune_officer", family.aunt.pk)
    world.sign_in(client, monkeypatch, family.nephew)

    assert name not in text_of(client.get("/toi/ai-da-xem"))


def test_the_auditor_finds_entries_by_person_officer_action_and_day(client: Client) -> None:
    family = world.family()
    name = opened_by("clerk", family.aunt.pk)
    auditor(client)
    today = f"{now():%d/%m/%Y}"

    def found(**asked: str) -> str:
        return text_of(client.get("/giam-sat", asked))

    assert name in found(number=family.aunt.number)
    assert name not in found(number=family.nephew.number)
    assert name in found(actor=name, action="people.looked", first_day=today, last_day=today)
    assert "opened a record" in found(actor=name)
    assert "No entry is like that." in found(actor=name, last_day="01/01/2020")
    assert "Nothing was found under 011200000000" in found(number="011200000000")


def test_reading_the_audit_is_written_down_and_the_citizen_reads_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    aunt = world.family().aunt
    auditor(client)

    client.get("/giam-sat", {"number": aunt.number})

    [entry] = audit.touching(aunt.pk).filter(action="oversight.audit_read")
    assert entry.facts == {"number": aunt.number}
    client.logout()
    client.cookies["django_language"] = "en"
    world.sign_in(client, monkeypatch, aunt)
    assert "read who has looked at your record" in text_of(client.get("/toi/ai-da-xem"))


def test_an_auditor_of_a_commune_must_name_somebody_of_it(client: Client) -> None:
    family = world.family()
    auditor(client, make.NAM_KHAN, "commune")
    of_aunt = audit.touching(family.aunt.pk)[0]
    of_nephew = audit.touching(family.nephew.pk)[0]

    assert "Name somebody of your area" in text_of(client.get("/giam-sat"))
    assert of_aunt.ulid in text_of(client.get("/giam-sat", {"number": family.aunt.number}))
    assert of_nephew.ulid not in text_of(client.get("/giam-sat", {"number": family.nephew.number}))
    assert client.get(f"/giam-sat/{of_aunt.ulid}").status_code == 200
    assert client.get(f"/giam-sat/{of_nephew.ulid}").status_code == 404


def test_officers_who_are_no_auditors_read_no_audit(client: Client) -> None:
    client.force_login(make.officer("commune_officer"))

    for address in ("/giam-sat", "/giam-sat/niem-phong", "/giam-sat/nhat-ky.csv", "/giam-sat/ZZ"):
        assert client.get(address).status_code == 403


def test_the_entries_are_taken_away_as_a_file_that_no_spreadsheet_runs(client: Client) -> None:
    aunt = world.family().aunt
    audit_actions.looked([aunt.pk], by=world.officer(), at=now(), purpose="=1+1")
    auditor(client)

    answer = client.get("/giam-sat/nhat-ky.csv", {"number": aunt.number})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["purpose"] == "'=1+1"
    assert rows[0]["person_ids"] == str(aunt.pk)
    [entry] = audit.touching(aunt.pk).filter(action="oversight.audit_exported")
    assert entry.facts["entries"] == len(rows)
    assert client.get("/giam-sat/nhat-ky.csv", {"first_day": "yesterday"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_file_taken_away_is_proved_by_the_entry_of_its_export(client: Client, tmp_path: Path) -> None:
    aunt = world.family().aunt
    auditor(client)
    taken, forged = tmp_path / "taken.csv", tmp_path / "forged.csv"
    taken.write_bytes(client.get("/giam-sat/nhat-ky.csv", {"number": aunt.number}).content)
    forged.write_bytes(taken.read_bytes().replace(b"job", b"hob", 1))

    with pytest.raises(NotSealed):
        CliRunner().invoke(commands.app, ["verify-export", str(taken)], catch_exceptions=False)
    seal_all()
    held = CliRunner().invoke(commands.app, ["verify-export", str(taken), "--anchor", str(audit.anchor())])

    assert "leads to the anchor" in held.output, held.output
    with pytest.raises(NotAnExport):
        CliRunner().invoke(commands.app, ["verify-export", str(forged)], catch_exceptions=False)


@pytest.mark.parametrize(("address", "queries"), [("/toi/ai-da-xem", 15), ("/giam-sat", 13)])
def test_pages_ask_the_database_little(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, queries: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    aunt = world.family().aunt
    for _officer in range(3):
        opened_by("clerk", aunt.pk)
    if address == "/giam-sat":
        auditor(client)
    else:
        world.sign_in(client, monkeypatch, aunt)

    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


def test_entries_are_many_and_come_in_pages(client: Client) -> None:
    aunt = world.family().aunt
    for n in range(60):
        audit_actions.looked([aunt.pk], by=world.officer(), at=now(), purpose=f"why {n}")
    auditor(client)

    first = text_of(client.get("/giam-sat", {"action": "people.looked"}))
    second = text_of(client.get("/giam-sat", {"action": "people.looked", "page": "2"}))

    assert "why 59" in first
    assert "why 0<" not in first
    assert "why 0<" in second
    assert "action=people.looked&amp;page=2" in first
    assert Entry.objects.filter(action="oversight.audit_read").count() == 2
