"""Values from outside are read strictly, and every fault is named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base import records


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    code: int
    why: Colour | None = None


@dataclass(frozen=True)
class Tree:
    name: str
    is_tall: bool
    leaves: tuple[Leaf, ...] = ()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.builds(Tree, name=st.text("abc "), leaves=st.lists(st.builds(Leaf)).map(tuple)))
def test_a_record_comes_back_as_it_went(tree: Tree) -> None:
    assert records.read(Tree, json.loads(json.dumps(records.plain(tree)))) == tree


@given(ANY_JSON)
def test_anything_else_is_refused(values: Any) -> None:
    with pytest.raises(records.BadRecord):
        records.read(Tree, {"name": "a", "is_tall": True, "leaves": [values]})


def test_every_fault_is_named() -> None:
    with pytest.raises(records.BadRecord) as no:
        records.read(Tree, {"is_tall": 1, "leaves": [{"code": True}, {"code": 1, "why": "blue"}]})

    assert no.value.faults == [
        "name: missing",
        "is_tall: not bool",
        "leaves[0].code: not int",
        "leaves[1].why: not Colour",
    ]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_no_database_keeps_is_a_fault(text: str) -> None:
    with pytest.raises(records.BadRecord):
        records.read(Tree, {"name": text, "is_tall": True})
