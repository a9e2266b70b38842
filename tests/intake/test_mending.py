"""Returned rows come back mended: in the workbook, by what was proposed, or on the page; each settles one row."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.dc01.filling import sheet_words
from hoaban.intake import actions, queries
from hoaban.intake.models import Batch, FormRow
from hoaban.people.models import Person
from tests import make
from tests.intake.forms import form, unnumbered, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client: Client, settings: Any, tmp_path: Path) -> None:
    client.cookies["django_language"] = "en"
    settings.HOABAN_FILES = tmp_path / "files"


def load(tmp_path: Path, *forms: dict[str, str], name: str = "f.csv") -> Batch:
    return actions.load(path=write_csv(tmp_path / name, *forms), by=make.MAKER, at=now())


def sheet_of(batch: Batch) -> tuple[openpyxl.Workbook, Any, dict[str, int]]:
    """The returned workbook, its sheet, and the places of its columns."""
    book = openpyxl.load_workbook(BytesIO(queries.returned_workbook(batch.pk)))
    sheet: Any = book["DC01"]
    headers = {str(cell.value): cell.column for cell in sheet[1]}
    labels = {**sheet_words().headers, **queries.own_words().headers}
    return book, sheet, {name: headers[label] for name, label in labels.items()}


def test_what_is_proposed_is_taken_where_the_officer_says_yes(tmp_path: Path) -> None:
    wrong_box = form(gender="Nam", rel_to_head="26", spouse_name="", marital="1")
    as_it_is = form(gender="Nam", rel_to_head="26", spouse_name="", marital="1", id12="011158000777", id9="",
                    full_name="LÒ PAO BA")  # fmt: skip
    first = load(tmp_path, wrong_box, as_it_is)
    book, sheet, at = sheet_of(first)
    assert sheet.cell(2, at["_proposals"]).value
    sheet.cell(2, at["_accept"]).value = queries.own_words().yes
    sheet.cell(3, at["_accept"]).value = queries.own_words().no
    book.save(tmp_path / "mended.xlsx")

    mended: Any = queries.batch(actions.load(path=tmp_path / "mended.xlsx", by=make.MAKER, at=now()).pk)

    assert Person.objects.get(number="011158000123").sex == "F"
    assert [row.row.serial for row in queries.to_mend(first.pk)] == [as_it_is["form_serial"]]
    assert (mended.accepted + mended.questioned, mended.returned, mended.repeated) == (1, 0, 1)


def test_a_row_whose_serial_was_mended_settles_the_returned_one(tmp_path: Path) -> None:
    first = load(tmp_path, unnumbered(form_serial="no serial!"))
    book, sheet, at = sheet_of(first)
    sheet.cell(2, at["form_serial"]).value = "SYN-GOOD"
    book.save(tmp_path / "mended.xlsx")

    actions.load(path=tmp_path / "mended.xlsx", by=make.MAKER, at=now())
    sheet.cell(2, at["form_serial"]).value = "SYN-BETTER"
    book.save(tmp_path / "again.xlsx")
    again: Any = queries.batch(actions.load(path=tmp_path / "again.xlsx", by=make.MAKER, at=now()).pk)

    assert queries.to_mend(first.pk) == []
    assert (again.accepted, again.questioned, again.returned) == (0, 0, 1)
    assert Person.objects.count() == 1


def test_a_row_is_mended_on_the_page_and_the_next_one_opens(client: Client, tmp_path: Path) -> None:
    one, two = unnumbered(dob="7-3-58x"), unnumbered(gender="?")
    batch = load(tmp_path, one, two)
    officer = make.officer("commune_officer")
    client.force_login(officer)
    page = client.get(f"/phieu/{batch.pk}/sua/2").content.decode()
    assert page.index('name="dob"') < page.index('name="full_name"')

    still_bad = client.post(f"/phieu/{batch.pk}/sua/2", one | {"dob": "never"})
    answer = client.post(f"/phieu/{batch.pk}/sua/2", one | {"dob": "07/03/1958"})

    assert "date of birth" in still_bad.content.decode()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/phieu/{batch.pk}/sua/3")
    person = Person.objects.get()
    assert (person.born, person.changes.get().by_name) == ("1958-03-07", officer.full_name)
    assert [row.state for row in FormRow.objects.order_by("line")] == ["returned", "returned", "questioned"]
    assert FormRow.objects.get(state="questioned").mends == FormRow.objects.get(line=2)
    assert [entry.action for entry in audit.touching(person.pk)] == ["people.established"]
    assert client.get(f"/phieu/{batch.pk}/sua/2").status_code == 404


def test_how_far_a_birth_is_known_is_shown_in_words_and_kept_as_written(client: Client, tmp_path: Path) -> None:
    batch = load(tmp_path, unnumbered(gender="?"))
    client.cookies["django_language"] = "vi"
    client.force_login(make.officer("commune_officer"))

    page = client.get(f"/phieu/{batch.pk}/sua/2").context["form"]
    shown = {name: str(field.initial or "") for name, field in page.fields.items()}
    client.post(f"/phieu/{batch.pk}/sua/2", shown | {"gender": "Nam"})

    assert shown["dob_precision"] == "ng\u00e0y"
    assert FormRow.objects.get(person__isnull=False).written["dob_precision"] == "day"


def test_what_stands_in_another_commune_is_found_but_not_shown(client: Client, tmp_path: Path) -> None:
    load(tmp_path, form(commune_code="03156", village=""))
    batch = load(tmp_path, form(full_name="LÒ PAO BA", dob="x", id9=""), name="g.csv")
    client.force_login(make.officer("commune_officer"))

    page = client.post(f"/phieu/{batch.pk}/sua/2", form(full_name="LÒ PAO BA") | {"dob": "07/03/1958"})

    assert "under another name" in page.content.decode()
    assert Person.objects.count() == 1


def test_a_row_cant_be_mended_into_another_commune(client: Client, tmp_path: Path) -> None:
    bad = unnumbered(gender="?")
    batch = load(tmp_path, bad)
    client.force_login(make.officer("commune_officer"))

    page = client.post(f"/phieu/{batch.pk}/sua/2", bad | {"gender": "Nu", "commune_code": "03156", "village": ""})

    assert "in your area" in page.content.decode().replace("&#x27;", "'")
    assert not Person.objects.exists()


def test_somebody_elses_rows_cant_be_mended(client: Client, tmp_path: Path) -> None:
    batch = load(tmp_path, unnumbered(gender="?"))
    client.force_login(make.officer("commune_officer", make.NAM_TIN))

    assert client.get(f"/phieu/{batch.pk}/sua/2").status_code == 404
    assert client.post(f"/phieu/{batch.pk}/sua/2", {"gender": "Nu"}).status_code == 404
