"""Code lists: written words find their code, codes their name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base import codes, names

LISTS = ["blood_group", "ethnic_groups", "gender", "marital_status", "relationship_to_head", "religions"]
ROWS = [(code_list, row) for code_list in LISTS for row in codes.all_codes(code_list)]


@given(st.sampled_from(ROWS), st.sampled_from([str, str.upper, str.lower, names.fold]))
def test_a_name_leads_to_its_code_however_it_is_written(row: tuple[str, codes.Code], write: object) -> None:
    code_list, one = row

    assert codes.code(code_list, write(one.name)) == one.code  # type: ignore[operator]
    assert codes.code(code_list, one.code) == one.code
    assert codes.name(code_list, one.code) == one.name


@pytest.mark.parametrize("written", ["H'Mong", "Meo", "MEO"])
def test_a_spelling_seen_on_paper_is_read(written: str) -> None:
    assert codes.name("ethnic_groups", codes.code("ethnic_groups", written)) == "Mông"


def test_blood_groups_differ_by_their_sign() -> None:
    assert codes.code("blood_group", "A+") != codes.code("blood_group", "A-")


def test_an_unknown_word_has_no_code() -> None:
    assert codes.code("religions", "x") == ""
    assert codes.name("religions", "x") == "x"
