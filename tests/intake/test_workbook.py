"""The workbook that a commune fills in, and the command line round it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from typer.testing import CliRunner

from hoaban.base import codes, dc01
from hoaban.base.clock import now
from hoaban.base.dc01.filling import sheet_words
from hoaban.intake import actions, queries, rules
from hoaban.intake.commands import app
from hoaban.people.models import Person
from tests import make
from tests.intake.forms import form, unnumbered, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.HOABAN_FILES = tmp_path / "files"


def test_the_template_has_the_form_in_order_with_lists_checks_help_and_examples() -> None:
    book = openpyxl.load_workbook(io.BytesIO(queries.template()))
    words = sheet_words()
    sheet: Any = book["DC01"]

    assert [cell.value for cell in sheet[1]] == [words.headers[column] for column in dc01.COLUMNS]
    assert sheet.freeze_panes == "A2"
    assert all(cell.comment for cell in sheet[1])
    kinds = [one.type for one in sheet.data_validations.dataValidation]
    assert kinds.count("list") == len(words.lists)
    assert kinds.count("custom") >= 8
    assert [one.value for one in book["lists"]["B"]][:2] == [one.name for one in codes.all_codes("gender")][:2]
    assert book["lists"].sheet_state == "hidden"
    assert len([row for row in book[words.examples_title].iter_rows(values_only=True) if row[3]]) == 4
    assert len(list(book[words.instructions_title].iter_rows())) > len(dc01.COLUMNS)


def test_a_filled_template_is_loaded_by_its_headers(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(queries.template())
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet: Any = book["DC01"]
    for line, example in enumerate(sheet_words().examples, start=2):
        for at, column in enumerate(dc01.COLUMNS, start=1):
            sheet.cell(line, at).value = example[column] or None
    book.save(tmp_path / "filled.xlsx")

    batch: Any = queries.batch(actions.load(path=tmp_path / "filled.xlsx", by=make.MAKER, at=now()).pk)

    assert (batch.rows, batch.returned) == (3, 0)
    assert {row[4] for row in queries.all_findings(batch.pk)} == {"village_unknown"}  # no village is loaded


def test_headers_are_told_apart() -> None:
    labels = queries.labels()

    assert len(set(labels.values())) == len(dc01.COLUMNS) + len(rules.OWN_COLUMNS)


def test_a_load_is_told_as_json(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", form(), unnumbered(gender="?"))
    write_csv(tmp_path / "b.csv", unnumbered(mother_name=""))

    ran = CliRunner().invoke(app, ["load", str(tmp_path), "--json"])

    told = json.loads(ran.stdout)
    assert list(told) == [
        "batches", "rows", "accepted", "questioned", "returned", "findings", "seconds", "rows_per_second", "peak_mb",
    ]  # fmt: skip
    assert (told["batches"], told["rows"], told["returned"]) == (2, 3, 1)
    assert told["findings"]["sex_unreadable"] == 1


def test_findings_are_printed_with_their_words_in_both_languages(tmp_path: Path) -> None:
    actions.load(path=write_csv(tmp_path / "a.csv", form(gender="Nam", officer="=1+1")), by=make.MAKER, at=now())

    ran = CliRunner().invoke(app, ["findings", "--format", "csv"])

    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(ran.stdout))}
    assert list(rows["number_denies_sex"]) == [
        "batch", "form_serial", "row", "field", "code", "severity", "value", "proposal", "message_vi", "message_en",
    ]  # fmt: skip
    found = rows["number_denies_sex"]
    assert (found["row"], found["field"], found["severity"]) == ("2", "gender", "error")
    assert found["proposal"] == codes.name("gender", "2")
    assert found["message_vi"] != found["message_en"]


def test_the_template_is_written_by_the_command(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["template", str(tmp_path / "t.xlsx")], catch_exceptions=False)

    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_pages_hand_out_the_template_list_the_rules_and_say_how_far_a_file_is(client: Client, tmp_path: Path) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(make.officer("commune_officer"))
    batch = actions.load(path=write_csv(tmp_path / "a.csv", form()), by=make.MAKER, at=now())

    catalogue = client.get("/phieu/quy-tac").content.decode()
    progress = client.get(f"/phieu/{batch.pk}/tien-do").json()

    assert all(code in catalogue for code in queries.rule_codes())
    assert progress == {"done": 1, "rows": 1, "ended": True}
    assert client.get("/phieu/mau.xlsx").content[:2] == b"PK"
    assert Person.objects.count() == 1
