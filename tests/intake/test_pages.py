"""What officers see of the forms received, what they send and what they get back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hoaban.audit import queries as audit
from hoaban.base import workbooks
from hoaban.base.clock import now
from hoaban.base.dc01.filling import sheet_words
from hoaban.intake import actions, pages, queries, rules
from hoaban.intake.models import Batch
from hoaban.officers.models import Officer
from hoaban.people.models import Person
from hoaban.web.actor import Kind
from tests import make
from tests.intake.forms import unnumbered, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client: Client, settings: Any, tmp_path: Path) -> None:
    client.cookies["django_language"] = "en"
    settings.HOABAN_FILES = tmp_path / "files"


def signed_in(client: Client, role: str = "commune_officer", unit: str = make.NAM_KHAN) -> Officer:
    officer = make.officer(role, unit)
    client.force_login(officer)
    return officer


def loaded(tmp_path: Path) -> Batch:
    forms = [
        unnumbered(), unnumbered(father_name=""), unnumbered(full_name="LÒ PAO DIA", dob="never", officer="=1+1"),
    ]  # fmt: skip
    return actions.load(path=write_csv(tmp_path / "f.csv", *forms), by=make.MAKER, at=now())


def test_a_sent_file_is_kept_at_once_and_loaded_by_a_job(client: Client, tmp_path: Path) -> None:
    officer = signed_in(client)
    content = write_csv(tmp_path / "f.csv", unnumbered(), unnumbered(commune_code="03156")).read_bytes()

    answer = client.post("/phieu/gui", {"file": SimpleUploadedFile("Nam Khan.csv", content)}, follow=True)
    assert "being read" in answer.content.decode()
    make.run_due_jobs()

    batch: Any = queries.batches().get()
    assert (batch.name, batch.by_name, batch.accepted + batch.questioned, batch.returned) == (
        "Nam Khan.csv", officer.full_name, 1, 1,
    )  # fmt: skip
    person = Person.objects.get()
    assert person.changes.get().by_name == officer.full_name
    [entered] = audit.touching(person.pk)
    assert (entered.actor_kind, entered.actor_id) == (Kind.OFFICER, f"officer:{officer.pk}")
    again = client.post("/phieu/gui", {"file": SimpleUploadedFile("copy.csv", content)}, follow=True)
    assert "received before" in again.content.decode()


def test_a_file_that_is_no_table_is_not_taken(client: Client) -> None:
    signed_in(client)

    page = client.post("/phieu/gui", {"file": SimpleUploadedFile("x.pdf", b"%PDF")}).content.decode()

    assert "Choose a file that ends in .csv or .xlsx." in page
    assert not Batch.objects.exists()


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_half_kept(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    signed_in(client)
    (tmp_path / "full").write_text("no folder")
    settings.HOABAN_FILES = tmp_path / "full"

    sent = client.post("/phieu/gui", {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})

    assert "disk is full or closed" in sent.content.decode()
    assert not Batch.objects.exists()


def test_a_workbook_that_would_fill_the_memory_is_refused(client: Client, tmp_path: Path) -> None:
    signed_in(client)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["XFD1048576"] = "full_name", "x"
    book.save(tmp_path / "wide.xlsx")
    client.post("/phieu/gui", {"file": SimpleUploadedFile("wide.xlsx", (tmp_path / "wide.xlsx").read_bytes())})
    with pytest.raises(workbooks.TableTooLarge):
        make.run_due_jobs()

    assert "too many cells" in client.get(f"/phieu/{Batch.objects.get().pk}").content.decode()


def test_a_file_is_loaded_in_the_name_of_the_officer_who_sent_it(client: Client, tmp_path: Path) -> None:
    officer = signed_in(client)
    content = write_csv(tmp_path / "f.csv", unnumbered()).read_bytes()

    client.post("/phieu/gui", {"file": SimpleUploadedFile("f.csv", content)})
    make.run_due_jobs()

    [entry] = audit.about(f"intake.Batch:{Batch.objects.get().pk}").filter(action="intake.loaded")
    assert (entry.actor_kind, entry.actor_id) == ("officer", f"officer:{officer.pk}")


def test_a_file_without_the_columns_says_so_on_its_page(client: Client) -> None:
    signed_in(client)
    client.post("/phieu/gui", {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})
    with pytest.raises(rules.ColumnsMissing):
        make.run_due_jobs()

    page = client.get(f"/phieu/{Batch.objects.get().pk}").content.decode()

    assert "lacks these columns" in page


def test_counts_and_findings_open_to_their_rows(client: Client, tmp_path: Path) -> None:
    batch = loaded(tmp_path)
    signed_in(client)

    page = client.get(f"/phieu/{batch.pk}").content.decode()
    assert f"/phieu/{batch.pk}/dong?loi=born_unreadable" in page
    assert f"/phieu/{batch.pk}/dong?ket-qua=questioned" in page
    rows = client.get(f"/phieu/{batch.pk}/dong", {"loi": "born_unreadable"}).content.decode()

    assert "LÒ PAO DIA" in rows
    assert "LÒ PAO MAY" not in rows
    assert "“never” isn&#x27;t a date of birth" in rows
    assert client.get(f"/phieu/{batch.pk}/dong", {"ket-qua": "nonsense", "loi": "nonsense"}).status_code == 200


def test_every_row_behind_a_count_can_be_reached(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = loaded(tmp_path)
    signed_in(client)
    monkeypatch.setattr(pages, "SHOWN", 1)
    address = f"/phieu/{batch.pk}/dong?ket-qua=questioned"
    count = queries.rows_of(batch.pk, state=rules.RowState.QUESTIONED).count()

    first = client.get(address)
    last = client.get(f"{address}&page={count}")

    assert count > 1
    assert f"{count} rows" in first.content.decode()
    assert 'href="?ket-qua=questioned&amp;page=2"' in first.content.decode()
    assert [one.row.line for one in last.context["rows"]] != [one.row.line for one in first.context["rows"]]


def test_rows_with_names_are_written_down_as_looked_at(client: Client, tmp_path: Path) -> None:
    batch = loaded(tmp_path)
    officer = signed_in(client)

    client.get(f"/phieu/{batch.pk}/dong", {"ket-qua": "questioned"})

    [look] = audit.who_looked(Person.objects.order_by("id")[1].pk)
    assert look.actor_name == officer.full_name


def test_the_returned_workbook_says_every_fault_and_can_be_mended(client: Client, tmp_path: Path) -> None:
    batch = loaded(tmp_path)
    signed_in(client)

    sent = client.get(f"/phieu/{batch.pk}/tra-lai.xlsx")
    book = openpyxl.load_workbook(BytesIO(sent.content))
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    column = {name: heads.index(sheet_words().headers[name]) + 1 for name in ("dob", "officer")}
    dob, officer = sheet.cell(2, column["dob"]), sheet.cell(2, column["officer"])
    assert sheet.max_row == 2
    assert "never" in str(sheet.cell(2, 1).value)
    assert dob.comment is not None
    assert dob.fill.fgColor.rgb == "FFF8D7DA"
    assert (officer.value, officer.data_type) == ("=1+1", "s")
    dob.value = "1958"
    book.save(tmp_path / "mended.xlsx")
    mended = actions.load(path=tmp_path / "mended.xlsx", by=make.MAKER, at=now())

    assert queries.to_mend(batch.pk) == []
    assert queries.to_mend(mended.pk) == []
    assert Person.objects.filter(full_name="Lò Pao Dia", born="1958").exists()


def test_a_file_of_another_commune_is_not_there(client: Client, tmp_path: Path) -> None:
    batch = loaded(tmp_path)
    signed_in(client, unit=make.NAM_TIN)

    assert batch.name not in client.get("/phieu").content.decode()
    for address in ("", "/dong", "/tra-lai.xlsx"):
        assert client.get(f"/phieu/{batch.pk}{address}").status_code == 404


def test_who_may_read_forms_but_not_send_them_sees_no_button(client: Client) -> None:
    signed_in(client, "checker")

    assert "/phieu/gui" not in client.get("/phieu").content.decode()
    assert client.get("/phieu/gui").status_code == 403


@pytest.mark.parametrize(("address", "queries_"), [("/phieu", 6), ("/phieu/{}", 8), ("/phieu/{}/dong", 10)])
def test_pages_ask_the_database_little(
    client: Client, tmp_path: Path, address: str, queries_: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = loaded(tmp_path)
    signed_in(client)

    with django_assert_num_queries(queries_):
        assert client.get(address.format(batch.pk)).status_code == 200
