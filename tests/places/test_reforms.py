"""A reform of the map is refused for every overlap and gap in it, and otherwise planned whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.places import rules
from hoaban.places.rules import Act, Line, Plan, UnitNow, VillageNow

ON = dt.date(2030, 1, 1)
BEFORE = dt.date(2020, 1, 1)


def unit(code: str, name: str = "", level: str = "commune", parent: str = "01", **more: Any) -> UnitNow:
    stated: dict[str, Any] = {"key": code, "kind": "xa", "valid_from": BEFORE, "valid_to": None}
    return UnitNow(code=code, level=level, name=name or f"Name {code}", parent=parent, **(stated | more))


UNITS = [
    unit("1", "Province", "province", ""),
    unit("01", "First", "district", "1"),
    unit("02", "Second", "district", "1"),
    unit("001", "Alpha"),
    unit("002", "Beta"),
    unit("003", "Gamma", parent="02"),
]
VILLAGES = [VillageNow("001a", "001", "Up"), VillageNow("001b", "001", "Down"), VillageNow("002a", "002", "Up")]


def line(old: str, new: str = "", name: str = "", number: int = 2, **more: Any) -> Line:
    stated: dict[str, Any] = {"level": "commune", "kind": "xa", "parent": "01"}
    return Line(number=number, old=old, new=new, name=name, **(stated | more))


def drawn(*lines: Line, units: list[UnitNow] | None = None) -> tuple[Plan, list[str]]:
    plan, faults = rules.plan(lines, units or UNITS, VILLAGES, ON)
    return plan, [str(fault) for fault in faults]


def test_two_units_merge_into_one_under_the_code_of_either() -> None:
    plan, faults = drawn(line("001", "001", "Alphabeta"), line("002", "001", "Alphabeta", 3))

    assert faults == []
    [made] = plan.begins
    assert (made.key, made.act, made.parent) == ("001-2030", Act.MERGE, "01")
    assert [one.key for one in made.made_of] == ["001", "002"]
    assert plan.ends == ("001", "002")
    assert plan.villages == ()


def test_a_new_code_is_its_own_key() -> None:
    plan, faults = drawn(line("001", "009", "Other"))

    assert faults == []
    assert [(one.key, one.act) for one in plan.begins] == [("009", Act.RENAME)]


def test_a_unit_under_another_parent_was_moved() -> None:
    plan, faults = drawn(line("001", "001", "Alpha", parent="02"))

    assert faults == []
    assert [(one.act, one.parent) for one in plan.begins] == [(Act.MOVE, "02")]


def test_a_unit_is_split_with_its_villages() -> None:
    plan, faults = drawn(
        line("001", "001", "Alpha", part=True, villages=("001a",)),
        line("001", "007", "New", 3, part=True, villages=("001b",)),
    )

    assert faults == []
    assert [(one.key, one.act) for one in plan.begins] == [("001-2030", Act.SPLIT), ("007", Act.SPLIT)]
    assert {(one.code, one.commune) for one in plan.villages} == {("001a", "001-2030"), ("001b", "007")}


def test_a_level_goes_when_everything_below_it_goes_elsewhere() -> None:
    plan, faults = drawn(
        line("001", "001", "Alphabeta", parent="1"), line("002", "001", "Alphabeta", 3, parent="1"),
        line("01", level="district", number=4),
    )  # fmt: skip

    assert faults == []
    assert plan.ends == ("001", "002", "01")
    assert [one.parent for one in plan.begins] == ["1"]


def test_who_hangs_on_a_renamed_unit_needs_no_line() -> None:
    _plan, faults = drawn(line("01", "01", "Anew", level="district", parent="1"))

    assert faults == []


FAULTY = {
    "no lines": ([], "there is no line in it"),
    "unknown level": ([line("001", "001", "X", level="county")], "line 2: there is no level county"),
    "unknown unit": ([line("999", "001", "X")], "no commune had the code 999"),
    "from nowhere": ([line("", "001", "X")], "gap: 001 is made of no unit"),
    "to nowhere": ([line("001")], "gap: 001 Alpha ends and goes nowhere"),
    "whole twice": ([line("001", "007", "X"), line("001", "008", "Y", 3)], "goes whole into more than one"),
    "whole and part": ([line("001", "007", "X"), line("001", "008", "Y", 3, part=True)], "goes whole into more"),
    "one part": ([line("001", "007", "X", part=True)], "gap: only a part of 001 Alpha goes anywhere"),
    "code in use": ([line("001", "002", "X")], "overlap: 002 is the code of Beta, which goes on"),
    "told otherwise": ([line("001", "007", "X"), line("002", "007", "Y", 3)], "is described otherwise than in line 2"),
    "nameless": ([line("001", "007")], "007 needs a name and a kind"),
    "no parent": ([line("001", "007", "X", parent="77")], "gap: there is no unit 77 above 007 X"),
    "parent ends": (
        [line("001", "007", "X"), line("01", level="district", number=3)], "gap: there is no unit 01 above 007 X",
    ),
    "orphans": ([line("02", level="district")], "gap: 02 Second ends and 003 Gamma would have no unit above"),
    "village left": (
        [line("001", "001", "A", part=True, villages=("001a",)), line("001", "007", "B", 3, part=True)],
        "gap: Alpha is split and these villages go nowhere: 001b Down",
    ),
    "village twice": (
        [line("001", "001", "A", part=True, villages=("001a", "001b")),
         line("001", "007", "B", 3, part=True, villages=("001a",))],
        "overlap: the village 001a Up goes into two units",
    ),
    "foreign village": (
        [line("001", "001", "A", part=True, villages=("001a", "001b", "002a")),
         line("001", "007", "B", 3, part=True)],
        "002a is no village of Alpha",
    ),
    "unknown village": ([line("999x", level="village", parent="002")], "there is no village 999x"),
    "village nowhere": ([line("001a", level="village", parent="777")], "gap: there is no commune 777"),
    "name taken": ([line("001a", level="village", parent="002")], "overlap: 002 has a village Up already"),
    "village moved twice": (
        [line("001a", level="village", parent="003"), line("001a", level="village", parent="002", number=3)],
        "overlap: the village 001a Up goes into two units",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTY)
def test_each_overlap_and_gap_is_named(what: str) -> None:
    lines, words = FAULTY[what]

    _plan, faults = drawn(*lines)

    assert any(words in fault for fault in faults), faults


def test_every_fault_is_named_at_once() -> None:
    _plan, faults = drawn(line("999", "001", "X"), line("002", number=3), line("001a", level="village", parent="777"))

    assert len(faults) == 3


def test_an_ended_unit_can_not_end_again() -> None:
    ended = [unit("001", "Alpha", valid_to=dt.date(2029, 12, 31)), *UNITS[:3]]

    _plan, faults = drawn(line("001", "009", "X"), units=ended)

    assert "already ended by another reform" in faults[0]


def test_a_village_moves_alone() -> None:
    plan, faults = drawn(line("001b", level="village", parent="002"))

    assert faults == []
    assert [(one.code, one.commune, one.name) for one in plan.villages] == [("001b", "002", "Down")]
    assert plan.ends == ()


@given(st.permutations(["001", "002", "003"]), st.sampled_from(["001", "002", "003", "009"]))
def test_the_order_of_lines_does_not_matter(order: list[str], new: str) -> None:
    plan, faults = drawn(*(line(old, new, "All", n, parent="1") for n, old in enumerate(order, 2)))

    assert faults == []
    [made] = plan.begins
    assert {one.key for one in made.made_of} == {"001", "002", "003"}
    assert made.key == ("009" if new == "009" else f"{new}-2030")
