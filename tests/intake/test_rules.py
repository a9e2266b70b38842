"""The rules of the desk: each finds its fault, and a faultless form has none."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.intake import rules
from hoaban.intake.engine import desk, reading
from tests.intake.forms import form

VILLAGES = pl.DataFrame({"commune_code": ["03174"], "name_fold": ["nam khan 1"], "code": ["0317401"]})
UNKNOWN = {"_number_known": False, "_old_number_known": False, "_serial_known": False, "_headed": False}
OURS = {"_commune_known": True, "_commune_covered": True, "_synthetic_allowed": True}


def judge(*forms: dict[str, str], **known: bool) -> list[tuple[int, str, str]]:
    """Findings of these forms as (line, code, field)."""
    rows = reading.with_read_columns(reading.with_identity(pl.DataFrame(list(forms))), VILLAGES)
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in (UNKNOWN | OURS | known).items())
    return [(line, code, field) for line, code, field, _severity, _value in desk.findings(rows).sort("line").rows()]


FAULTS: list[tuple[str, dict[str, str], dict[str, bool]]] = [
    ("serial_unreadable", {"form_serial": "../x"}, {}),
    ("serial_twice", {}, {"_serial_known": True}),
    ("synthetic_refused", {}, {"_synthetic_allowed": False}),
    ("commune_unknown", {"commune_code": "99999", "village": ""}, {"_commune_known": False}),
    ("commune_of_others", {}, {"_commune_covered": False}),
    ("name_unreadable", {"full_name": ""}, {}),
    ("name_unreadable", {"full_name": "MAY 2"}, {}),
    ("born_unreadable", {"dob": "31/02/1958"}, {}),
    ("born_unreadable", {"dob": ""}, {}),
    ("born_impossible", {"dob": "07/03/2058", "id12": "", "marital": "1", "spouse_name": ""}, {}),
    ("born_impossible", {"dob": "1801", "id12": ""}, {}),
    ("sex_unreadable", {"gender": "", "id12": ""}, {}),
    ("filled_on_unreadable", {"filled_on": "someday"}, {}),
    ("number_unreadable", {"id12": "0111580001"}, {}),
    ("number_denies_sex", {"id12": "011058000123"}, {}),
    ("number_denies_birth_year", {"id12": "011159000123"}, {}),
    ("number_twice", {}, {"_number_known": True}),
    ("old_number_unreadable", {"id9": "12"}, {}),
    ("old_number_twice", {}, {"_old_number_known": True}),
    ("head_names_another", {"rel_to_head": "Chu ho"}, {}),
    ("second_head", {"rel_to_head": "01", "head_name": "LÒ PAO MAY"}, {"_headed": True}),
    ("relation_denies_sex", {"rel_to_head": "03"}, {}),
    ("relation_unknown", {"rel_to_head": "friend"}, {}),
    ("married_under_age", {"dob": "07/03/2010", "id12": "011310000123"}, {}),
    ("born_on_new_year", {"dob": "01/01/1958"}, {}),
    ("ethnicity_unknown", {"ethnicity": "Martian"}, {}),
    ("ethnicity_by_another_name", {"ethnicity": "Thái \u0111en"}, {}),
    ("religion_unknown", {"religion": "x"}, {}),
    ("marital_unknown", {"marital": "x"}, {}),
    ("blood_unknown", {"blood": "x"}, {}),
    ("birth_registration_missing", {"birth_reg_place": ""}, {}),
    ("permanent_address_missing", {"perm_address": ""}, {}),
    ("ethnicity_missing", {"ethnicity": ""}, {}),
    ("father_missing", {"father_name": ""}, {}),
    ("mother_missing", {"mother_name": ""}, {}),
    ("spouse_missing", {"spouse_name": ""}, {}),
    ("village_unknown", {"village": "Old Village"}, {}),
]


@pytest.mark.parametrize(("code", "written", "known"), FAULTS)
def test_a_fault_is_found_and_nothing_else(code: str, written: dict[str, str], known: dict[str, bool]) -> None:
    found = judge(form(**written), **known)

    assert found == [(2, code, desk.BY_CODE[code].field)]


def test_every_rule_has_an_example_that_fails_it() -> None:
    assert {code for code, _written, _known in FAULTS} == set(desk.BY_CODE)


@pytest.mark.parametrize(
    "written",
    [{}, {"dob": "1958", "dob_precision": "year"}, {"dob": "03/1958"}, {"dob": "01/01/1958", "dob_precision": "year"}],
)
def test_a_faultless_form_has_no_finding(written: dict[str, str]) -> None:
    assert judge(form(**written)) == []


def test_every_fault_of_a_row_is_said_at_once() -> None:
    found = judge(form(full_name="", dob="never", gender="?", father_name="", ethnicity="Martian", id12="1"))

    assert {code for _line, code, _field in found} == {
        "name_unreadable", "born_unreadable", "sex_unreadable", "father_missing", "ethnicity_unknown",
        "number_unreadable",
    }  # fmt: skip


def test_the_second_of_two_alike_is_at_fault() -> None:
    first, second = form(), form(full_name="LÒ PAO MAI")

    assert judge(first, second) == [(3, "number_twice", "id12"), (3, "old_number_twice", "id9")]


def test_a_household_with_two_heads_keeps_the_first() -> None:
    head = {"rel_to_head": "01", "id12": "", "id9": ""}
    forms = [form(full_name=name, head_name=name, **head) for name in ("LÒ PAO MAY", "LÒ PAO MAI")]

    assert judge(*forms) == [(3, "second_head", "rel_to_head")]


def test_an_error_returns_a_question_questions_and_nothing_accepts() -> None:
    found = pl.DataFrame({"line": [2, 2, 3], "severity": ["question", "error", "question"]})

    assert desk.states(pl.Series([2, 3, 4]), found).to_list() == [
        rules.RowState.RETURNED, rules.RowState.QUESTIONED, rules.RowState.ACCEPTED,
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(sorted(rules.COLUMNS)), st.text(max_size=12)), max_size=8))
def test_whatever_is_written_is_judged_and_an_accepted_row_can_be_entered(written: list[tuple[str, str]]) -> None:
    rows = reading.with_read_columns(reading.with_identity(pl.DataFrame([form(**dict(written))])), VILLAGES)
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in (UNKNOWN | OURS).items())
    found = desk.findings(rows)
    [state] = desk.states(rows["line"], found)
    person = reading.new_people(rows).row(0, named=True)

    if state != rules.RowState.RETURNED:
        assert person["full_name"]
        assert person["sex"] in ("M", "F")
        assert len(person["born"]) in (4, 7, 10)
        assert person["number"] == "" or person["number"][4:6] == person["born"][2:4]


@given(st.dates(dt.date(1930, 1, 2), dt.date(2004, 12, 31)))
def test_hash_and_reading_do_not_depend_on_the_order_of_columns(born: dt.date) -> None:
    one = form(dob=f"{born:%d/%m/%Y}", id12="")
    turned = dict(reversed(one.items()))

    hashes = [reading.with_identity(pl.DataFrame([row]))["row_hash"][0] for row in (one, turned)]

    assert hashes[0] == hashes[1]


def test_a_file_without_the_columns_of_the_form_is_refused_by_name() -> None:
    with pytest.raises(rules.ColumnsMissing) as no:
        rules.check_columns(["full_name"], "x.csv")

    assert "dob" in str(no.value)
