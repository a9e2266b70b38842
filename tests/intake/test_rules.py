"""The rules of the desk: each finds its fault, and a faultless form has none."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hoaban.base import dc01
from hoaban.intake import rules
from hoaban.intake.engine import desk, oldmap, reading
from tests.intake.desk import judge, judge_example, read
from tests.intake.forms import form

LEAST_RULES = 45


@pytest.mark.parametrize("rule", desk.DESK_RULES, ids=lambda rule: rule.code)
def test_every_rule_has_an_example_that_fails_it_and_one_that_passes(rule: desk.DeskRule) -> None:
    assert rule.code in judge_example(rule.bad)
    assert rule.code not in judge_example(rule.good)


def test_the_catalogue_is_whole() -> None:
    codes = [rule.code for rule in desk.DESK_RULES]

    assert len(codes) == len(set(codes)) >= LEAST_RULES
    assert {rule.group for rule in desk.DESK_RULES} == set(desk.Group)
    for rule in desk.DESK_RULES:
        assert rule.field in dc01.COLUMNS
        assert str(rule.law)
        assert str(rule.message) % {"value": "x", "other": "y"}


@pytest.mark.parametrize(
    "written",
    [{}, {"dob": "1958", "dob_precision": "year"}, {"dob": "03/1958"}, {"dob": "01/01/1958", "dob_precision": "year"}],
)
def test_a_faultless_form_has_no_finding(written: dict[str, str]) -> None:
    assert judge(form(**written)) == []


def test_every_fault_of_a_row_is_said_at_once() -> None:
    found = judge(form(full_name="", dob="never", gender="?", father_name="", ethnicity="Martian", id12="1"))

    assert {code for _line, code, _field in found} == {
        "name_missing", "born_unreadable", "sex_unreadable", "father_missing", "ethnicity_unknown",
        "number_unreadable",
    }  # fmt: skip


def test_of_one_number_on_two_forms_the_second_is_at_fault_of_an_old_one_both_are_asked() -> None:
    first, second = form(), form(full_name="LÒ PAO MAI")

    assert judge(first, second) == [
        (2, "old_number_twice", "id9"), (3, "number_twice", "id12"), (3, "old_number_twice", "id9"),
    ]  # fmt: skip


def test_a_household_with_two_heads_keeps_the_first() -> None:
    head = {"rel_to_head": "01", "id12": "", "id9": ""}
    forms = [form(full_name=name, head_name=name, **head) for name in ("LÒ PAO MAY", "LÒ PAO MAI")]

    assert judge(*forms) == [(3, "second_head", "rel_to_head")]


def test_an_error_returns_a_question_questions_and_nothing_accepts() -> None:
    found = pl.DataFrame({"line": [2, 2, 3], "severity": ["question", "error", "question"]})

    assert desk.states(pl.Series([2, 3, 4]), found).to_list() == [
        rules.RowState.RETURNED, rules.RowState.QUESTIONED, rules.RowState.ACCEPTED,
    ]  # fmt: skip


@hypothesis_settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(dc01.COLUMNS)), st.text(max_size=12)), max_size=8))
def test_whatever_is_written_is_judged_and_an_accepted_row_can_be_entered(written: list[tuple[str, str]]) -> None:
    rows = read(form(**dict(written)))
    found = desk.found_on_paper(rows)
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


def test_an_address_is_told_on_todays_map_and_left_alone_where_the_map_is_silent() -> None:
    known = oldmap.Map(
        "Tinh Dien Bien", {"nam po": "Huyen Nam Po", "muong cha": "Huyen Muong Cha"},
        {"nam khan": frozenset({"nam po"}), "muong muon": frozenset({"muong cha", "nam po"})},
    )  # fmt: skip

    assert known.now("X, Xa Nam Khan, huyen Muong Cha, tinh Lai Chau") == "X, Xa Nam Khan, Huyen Nam Po, Tinh Dien Bien"
    for silent in (
        "Nam Khan, Nam Po, Dien Bien",
        "Muong Muon, Muong Cha, Dien Bien",
        "Elsewhere, X, Lai Chau",
        "",
        "a",
    ):
        assert known.now(silent) == ""
