"""When a lot is accepted or returned, and which of its rows go back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.verification import rules
from hoaban.verification.engine import clusters, planning
from hoaban.verification.rules import By, Inspection, Paper, PlanKind, PlanSpec, Tally


def tally(drawn: int, right: int, wrong: int, pending: int, limit: int | None) -> Tally:
    """A lot of 500 of which every drawn form decides."""
    return Tally(500, drawn, right, wrong, pending, limit, counted=wrong, unsure=pending)


# --- accepted or returned -------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.none() | st.integers(0, 20))
def test_a_lot_is_never_both_acceptable_and_returnable(
    right: int, wrong: int, pending: int, left: int, limit: int | None
) -> None:
    told = tally(right + wrong + pending + left, right, wrong, pending, limit)

    assert not (told.may_accept and told.may_return)
    assert told.left == left


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 20), st.integers(0, 30))
def test_no_answer_still_to_come_overturns_a_decision(
    right: int, wrong: int, pending: int, limit: int, turn_out_wrong: int
) -> None:
    before = tally(right + wrong + pending, right, wrong, pending, limit)
    bad = min(turn_out_wrong, pending)
    after = tally(before.drawn, right + pending - bad, wrong + bad, 0, limit)

    if before.may_accept:
        rules.check_acceptance(after)
    if before.may_return:
        rules.check_return(after)


def test_a_lot_over_its_limit_is_refused_and_one_within_is_not_returned() -> None:
    with pytest.raises(rules.OverLimit):
        rules.check_acceptance(tally(50, 48, 2, 0, 1))
    with pytest.raises(rules.TooEarly):
        rules.check_acceptance(tally(50, 40, 1, 0, 1))
    with pytest.raises(rules.WithinLimit):
        rules.check_return(tally(50, 49, 1, 0, 1))


def test_forms_drawn_besides_do_not_decide() -> None:
    besides = Tally(500, 75, right=70, wrong=5, pending=0, limit=1, counted=1, unsure=0)

    rules.check_acceptance(besides)
    with pytest.raises(rules.WithinLimit):
        rules.check_override(besides)


# --- what goes back -------------------------------------------------------------------------------------


def papers(*groups: tuple[str, str, str, int, int, int]) -> list[Paper]:
    """Forms: writer, day, village, how many rows, of which drawn, of which wrong."""
    made: list[Paper] = []
    for writer, day, village, rows, drawn, wrong in groups:
        for place in range(rows):
            verdict = place < wrong if place < drawn else None
            made.append(Paper(len(made), f"F{len(made):04d}", writer, day, village, verdict))
    return made


def test_exactly_the_rows_of_the_writer_go_back_in_whose_hand_errors_cluster() -> None:
    lot = papers(("One", "1", "A", 60, 12, 8), ("Two", "1", "B", 60, 12, 0), ("Three", "2", "A", 60, 12, 1))

    back = clusters.goes_back(lot, limit=1)

    assert back.by is By.WRITER
    assert {one.writer for one in back.papers} == {"One"}
    assert len(back.papers) == 60
    assert [one.value for one in back.groups if one.back] == ["One"]


def test_a_bad_day_goes_back_whoever_wrote_on_it() -> None:
    lot = papers(*((f"W{n % 6}", str(n // 6), "A", 20, 6, 4 if n // 6 == 2 else 0) for n in range(24)))

    back = clusters.goes_back(lot, limit=1)

    assert back.by is By.DAY
    assert {one.day for one in back.papers} == {"2"}
    assert len(back.papers) == 120


def test_errors_that_fall_anywhere_send_the_whole_lot_back() -> None:
    lot = papers(*((f"W{n}", str(n % 3), f"V{n % 2}", 20, 5, 1) for n in range(6)))

    back = clusters.goes_back(lot, limit=1)

    assert back.by is None
    assert len(back.papers) == len(lot)
    assert not any(one.back for one in back.groups)


def test_a_cluster_is_not_enough_when_the_rest_is_over_the_limit_too() -> None:
    lot = papers(("One", "", "", 50, 20, 12), *((f"W{n}", "", "", 50, 20, 2) for n in range(6)))

    assert clusters.goes_back(lot, limit=1).by is None
    assert clusters.goes_back(lot, limit=12).by is By.WRITER


def test_what_is_not_known_is_no_group() -> None:
    lot = papers(("", "", "", 50, 20, 12), ("Two", "", "", 50, 20, 0))

    assert [one.value for one in clusters.groups(lot, By.WRITER)] == ["Two"]
    assert clusters.goes_back(lot, limit=1).by is None


# --- from a chosen plan to a lot's ----------------------------------------------------------------------


def test_plans_of_a_lot() -> None:
    iso = PlanSpec(PlanKind.ISO, aql="1.0")
    risks = PlanSpec(PlanKind.RISKS, good=0.01, bad=0.05, alpha=0.10, beta=0.05)

    found = {severity: planning.plan_for(iso, 5039, severity) for severity in Inspection}
    assert (found[Inspection.NORMAL].n, found[Inspection.NORMAL].limit) == (200, 5)
    assert (found[Inspection.TIGHTENED].n, found[Inspection.TIGHTENED].limit) == (200, 3)
    assert found[Inspection.REDUCED].n < 200
    assert found[Inspection.DISCONTINUED].n == 5039
    assert planning.plan_for(PlanSpec(PlanKind.FULL), 300).n == 300
    assert planning.plan_for(risks, 5039).n < 200
    assert planning.plan_for(risks, 7).n == 7
    assert planning.plan_for(PlanSpec(PlanKind.LQAS, good=0.05, bad=0.20, n=50), 449).n == 50
    assert planning.plan_for(PlanSpec(PlanKind.LQAS, good=0.05, bad=0.20, n=50), 20).n == 20


@given(st.integers(1, 60), st.integers(0, 40), st.integers(0, 10**9))
def test_weights_add_up_to_the_lot(base: int, more: int, seed: int) -> None:
    frame = {
        "rest": [f"R{n}" for n in range(80)], "old": [f"O{n}" for n in range(15)], "questioned": ["Q1", "Q2", "Q3"]
    }  # fmt: skip

    drawn = planning.draw_lot(frame, base, more, seed, {"old": 1.5, "questioned": 4})

    assert sum(one.weight for one in drawn) == pytest.approx(98)
    assert [one.place for one in drawn if one.decides] == list(range(1, base + 1))


def test_the_seed_of_a_lot_is_worked_out_from_that_of_its_round() -> None:
    seeds = {rules.lot_seed(7, commune, village) for commune in ("03174", "03156") for village in ("", "0317401")}

    assert len(seeds) == 4
    assert rules.lot_seed(7, "03174", "") == rules.lot_seed(7, "03174", "")
