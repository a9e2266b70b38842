"""How figures add up, and what the official report says of them."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from hoaban.steering import rules
from hoaban.steering.rules import Before, Board, Count, Line, Province

AT = dt.datetime(2026, 3, 7, 16, 50, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 7)
PROVINCE = Province("Dien Bien", "Tinh Dien Bien")
COUNTS = st.builds(Count, st.integers(0, 10_000), st.none() | st.integers(0, 20_000))
LINES = st.lists(
    st.builds(
        Line,
        code=st.integers(10_000, 99_999).map(str),
        name=st.just("Nam Khan"),
        counts=st.fixed_dictionaries({one.code: COUNTS for one in rules.INDICATORS}),
    ),
    max_size=5,
)


def line(code: str, *, counted: int = 100, left: int = 10, carded: int = 90) -> Line:
    people = {"counted": counted, "left": left, "carded": carded}
    return Line(code, f"Commune {code}", {one.code: Count(people.get(one.code, 0), 100) for one in rules.INDICATORS})


@given(LINES)
def test_the_sum_is_that_of_the_communes_where_somebody_is_counted(lines: list[Line]) -> None:
    board = rules.board(AT, lines, "All")

    for one in rules.INDICATORS:
        assert board.total.counts[one.code].people == sum(found.counts[one.code].people for found in board.lines)
    assert len(board.lines) + len(board.untouched) == len(lines)
    assert [found.left for found in board.lines] == sorted((found.left for found in board.lines), reverse=True)


@given(LINES)
def test_the_fewest_communes_that_hold_half_of_who_is_left_do_hold_it(lines: list[Line]) -> None:
    board = rules.board(AT, lines, "All")
    few = rules.holding_half(board)

    assert sum(found.left for found in board.lines[:few]) * 2 >= board.total.left
    if few > 1:
        assert sum(found.left for found in board.lines[: few - 1]) * 2 < board.total.left


def test_a_share_is_of_somebody_or_there_is_none() -> None:
    assert Count(3, 4).share == 0.75
    assert Count(0, 0).share is None
    assert rules.summed([line("1"), Line("2", "", {one.code: Count(1, None) for one in rules.INDICATORS})], "").counts[
        "left"
    ] == Count(11, None)


def board(*lines: Line) -> Board:
    return rules.board(AT, lines, "All")


def test_the_report_says_each_figure_its_share_and_its_change() -> None:
    before = Before(dt.date(2026, 2, 28), line("", counted=60, left=25, carded=90))

    report = rules.compose(DAY, board(line("1")), before, PROVINCE, simulated=False)

    told = dict(zip([one.code for one in rules.INDICATORS], report.results, strict=True))
    assert "100" in told["counted"]
    assert "100,0%" in told["counted"]
    assert told["counted"].endswith("28/02/2026 (1).")
    assert "40" in told["counted"]
    assert "15" in told["left"]
    assert len(report.heads) == len(report.rows[0]) == len(report.rows[-1])
    assert len(report.notes) == len(rules.INDICATORS) + 1
    assert report.practice == ""


def test_days_below_ten_and_the_first_months_are_written_with_a_nought() -> None:
    early = rules.compose(dt.date(2026, 2, 7), board(line("1")), None, PROVINCE, simulated=True)
    late = rules.compose(dt.date(2026, 3, 17), board(line("1")), None, PROVINCE, simulated=True)

    assert " 07 " in early.place_and_day
    assert " 02 " in early.place_and_day
    assert " 3 " in late.place_and_day
    assert early.practice


def test_a_report_names_who_to_help_first_and_nobody_where_nobody_is_left() -> None:
    some = rules.compose(DAY, board(line("1", left=50), line("2", left=20)), None, PROVINCE, simulated=False)
    none = rules.compose(DAY, board(line("1", left=0)), None, PROVINCE, simulated=False)

    assert "Commune 1 (50)" in some.help_first
    assert "Commune 2" not in some.help_first
    assert "Commune" not in none.help_first
