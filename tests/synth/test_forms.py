"""The forms: their columns, the errors at their rates, the truth that undoes each."""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from hoaban.base import tables
from hoaban.base.dc01 import COLUMNS, workbook
from hoaban.base.dc01.filling import sheet_words
from hoaban.synth import queries
from hoaban.synth.engine import errors as mechanisms
from hoaban.synth.rules import FORM_OF_LIFE, Kind

BESIDE = (FORM_OF_LIFE, "form_serial")  # listed as wrong without being a wrong text in the row


@pytest.fixture(scope="module")
def forms(province: Path) -> pl.DataFrame:
    return queries.forms(province)


@pytest.fixture(scope="module")
def errors(province: Path) -> pl.DataFrame:
    return queries.errors(province)


def test_the_columns_are_those_of_the_form_in_its_order(province: Path) -> None:
    for path in queries.form_files(province):
        assert path.read_text(encoding="utf-8").split("\n", 1)[0] == ",".join(COLUMNS)


def test_each_commune_has_its_file(province: Path, forms: pl.DataFrame) -> None:
    assert [path.stem for path in queries.form_files(province)] == [
        "DC01_03156", "DC01_03165", "DC01_03167", "DC01_03174",
    ]  # fmt: skip
    assert (forms["form_serial"].str.slice(3, 5) == forms["commune_code"]).all()


def test_every_form_is_marked_synthetic_and_has_an_owner(province: Path, forms: pl.DataFrame) -> None:
    assert forms["form_serial"].str.starts_with("SYN").all()
    assert forms["form_serial"].n_unique() == forms.height
    assert forms["form_serial"].to_list() == queries.owners(province)["form_serial"].to_list()


def test_the_rows_with_their_errors_undone_are_the_truth(
    province: Path, forms: pl.DataFrame, errors: pl.DataFrame
) -> None:
    rows = {row["form_serial"]: row for row in forms.iter_rows(named=True)}
    for serial, _kind, field, written, true in errors.filter(~pl.col("field").is_in(BESIDE)).iter_rows():
        assert rows[serial][field] == written
        assert written != true
        rows[serial][field] = true

    owners = dict(queries.owners(province).iter_rows())
    people = {row["true_id"]: row for row in queries.people(province).iter_rows(named=True)}
    for serial, row in rows.items():
        person = people[owners[serial]]
        assert row["full_name"] == person["full_name"].upper()
        assert row["dob"] == "/".join(reversed(person["born"].split("-")))
        assert row["mother_name"] == person["mother_name"].upper()
        for field in ("dob_precision", "id12", "id9", "birth_reg_place", "perm_address", "cur_address"):
            assert row[field] == person[field], (serial, field)
        assert row["commune_code"] == person["commune_code"]


def test_no_field_is_spoilt_twice(errors: pl.DataFrame) -> None:
    assert errors.select("form_serial", "field").is_duplicated().sum() == 0


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.MISSED])
def test_each_kind_of_error_occurs_at_its_rate(kind: Kind, forms: pl.DataFrame, errors: pl.DataFrame) -> None:
    rate = mechanisms.rates()[kind]
    found = errors.filter(pl.col("kind") == kind.value)["form_serial"].n_unique()

    assert found > 0
    assert abs(found - forms.height * rate) < 4.5 * math.sqrt(forms.height * rate) + 5


def test_the_missed_have_no_form(province: Path) -> None:
    missed, owners = queries.missed(province), queries.owners(province)

    assert not set(missed["true_id"]) & set(owners["true_id"])
    rate = mechanisms.rates()[Kind.MISSED]
    assert abs(missed.height - 20_000 * rate) < 4.5 * math.sqrt(20_000 * rate)


def test_a_second_form_comes_from_another_commune(province: Path, errors: pl.DataFrame) -> None:
    second = errors.filter((pl.col("kind") == Kind.SECOND_FORM.value) & (pl.col("field") == "form_serial"))
    owners = dict(queries.owners(province).iter_rows())

    assert second.height
    for serial, first in second.select("written", "true").iter_rows():
        assert owners[serial] == owners[first]
        assert serial[3:8] != first[3:8]


def test_the_dead_have_died_before_their_form_was_filled(province: Path, errors: pl.DataFrame) -> None:
    owners = dict(queries.owners(province).iter_rows())
    people = {row["true_id"]: row for row in queries.people(province).iter_rows(named=True)}
    dead = errors.filter(pl.col("kind") == Kind.DEAD.value)["form_serial"].to_list()

    assert {owners[serial] for serial in dead} == {i for i, row in people.items() if row["life"] == "dead"}
    for serial in dead:
        person = people[owners[serial]]
        assert person["born"][:4] <= person["died_on"][:4] <= "2022"


def test_a_shared_old_number_belongs_to_somebody_else(province: Path, errors: pl.DataFrame) -> None:
    holders = set(queries.people(province)["id9"].to_list())

    for written, true in errors.filter(pl.col("kind") == "E06").select("written", "true").iter_rows():
        assert written in holders
        assert written != true


def test_a_wrong_gender_contradicts_the_number(forms: pl.DataFrame, errors: pl.DataFrame) -> None:
    wrong = errors.filter(pl.col("kind") == Kind.WRONG_GENDER.value).join(forms, on="form_serial")

    assert wrong.height
    assert (wrong["id12"] != "").all()


def test_workbooks_are_the_template_filled_in_and_say_the_same_as_csv(hamlet: Path) -> None:
    empty = BytesIO()
    workbook.write(empty, sheet_words())
    template: Any = openpyxl.load_workbook(empty)

    for path in sorted(hamlet.glob("forms/*.csv")):
        book: Any = openpyxl.load_workbook(path.with_suffix(".xlsx"))
        written = tables.read(path.with_suffix(".xlsx"))
        assert book.sheetnames == template.sheetnames
        assert [cell.value for cell in book["DC01"][1]] == [cell.value for cell in template["DC01"][1]]
        assert _checks(book) == _checks(template)
        assert written.rename(dict(zip(written.columns, COLUMNS, strict=True))).equals(tables.read(path))


def _checks(book: Any) -> list[tuple[str, str, str]]:
    return [(one.type, str(one.sqref), one.formula1) for one in book["DC01"].data_validations.dataValidation]
