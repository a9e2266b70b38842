"""Plans, their curves and the switching rules, against the tables of the standard and published figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hoaban.verification import rules
from hoaban.verification.engine import acceptance, sampling, switching
from hoaban.verification.engine.acceptance import Kind, Plan
from hoaban.verification.engine.switching import LotSeen, Severity, Switching

AQLS = ("0.65", "1.0", "1.5", "2.5", "4.0")
NORMAL = {  # register of the notes: n/Ac, arrows followed
    120: "20/0 13/0 32/1 20/1 20/2", 200: "20/0 50/1 32/1 32/2 32/3", 449: "80/1 50/1 50/2 50/3 50/5",
    1000: "80/1 80/2 80/3 80/5 80/7", 2000: "125/2 125/3 125/5 125/7 125/10", 5039: "200/3 200/5 200/7 200/10 200/14",
    14444: "315/5 315/7 315/10 315/14 315/21", 100_000: "500/7 500/10 500/14 500/21 315/21",
    400_000: "800/10 800/14 800/21 500/21 315/21",
}  # fmt: skip
TIGHTENED = {
    449: "125/1 80/1 50/1 50/2 50/3", 1000: "125/1 80/1 80/2 80/3 80/5", 2000: "125/1 125/2 125/3 125/5 125/8",
    5039: "200/2 200/3 200/5 200/8 200/12", 14444: "315/3 315/5 315/8 315/12 315/18",
}  # fmt: skip
REDUCED = {  # cells of table 2-C as published
    (1000, "1.0"): (32, 1), (2000, "1.0"): (50, 2), (5039, "1.0"): (80, 3), (14444, "1.0"): (125, 5),
    (100_000, "1.0"): (200, 6), (400_000, "1.0"): (315, 8), (900_000, "1.0"): (500, 10), (200, "2.5"): (13, 1),
    (449, "2.5"): (20, 2), (100_000, "2.5"): (200, 10), (14444, "6.5"): (80, 10), (60, "1.0"): (5, 0),
}  # fmt: skip


@pytest.mark.parametrize(("severity", "table"), [("normal", NORMAL), ("tightened", TIGHTENED)])
def test_every_cell_of_the_tables_is_as_printed(severity: str, table: dict[int, str]) -> None:
    for lot, cells in table.items():
        plans = [acceptance.iso_plan(lot, aql, severity=severity) for aql in AQLS]
        assert " ".join(f"{plan.n}/{plan.limit}" for plan in plans) == cells


def test_reduced_plans_are_those_of_the_standard() -> None:
    found = {key: acceptance.iso_plan(*key, severity="reduced") for key in REDUCED}

    assert {key: (plan.n, plan.limit) for key, plan in found.items()} == REDUCED


@given(st.integers(1, 600_000), st.sampled_from(["I", "II", "III"]), st.sampled_from(AQLS))
def test_a_stricter_plan_looks_at_no_fewer_forms_or_allows_no_more(lot: int, level: str, aql: str) -> None:
    normal = acceptance.iso_plan(lot, aql, level)
    tightened = acceptance.iso_plan(lot, aql, level, "tightened")
    reduced = acceptance.iso_plan(lot, aql, level, "reduced")

    assert normal.n <= lot
    assert tightened.limit / tightened.n <= normal.limit / normal.n
    assert reduced.n <= normal.n
    assert (normal.kind, normal.terms["aql"]) == (Kind.ISO, aql)


def test_every_plan_of_the_data_keeps_a_form_of_the_lot_at_most() -> None:
    tables = json.loads(Path(acceptance.TABLES).read_text(encoding="utf-8"))

    cells = [cell for letter in tables["plans"].values() for kind in letter.values() for cell in kind.values()]

    assert len(cells) == 16 * 3 * len(acceptance.aqls())
    assert all(limit < n for n, limit in cells)


# --- operating curves -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "limit", "p95", "p10"),
    [(200, 5, 1.314, 4.588), (315, 7, 1.270, 3.709), (125, 7, 3.224, 9.237), (80, 2, 1.030, 6.516)],
)
def test_points_of_the_curve_are_the_published_ones(n: int, limit: int, p95: float, p10: float) -> None:
    plan = Plan(n, limit)

    assert round(100 * acceptance.share_accepted(plan, 0.95), 3) == p95
    assert round(100 * acceptance.share_accepted(plan, 0.10), 3) == p10


@pytest.mark.parametrize(("share", "accepted"), [(0.01, 98.4), (0.02, 78.7), (0.05, 6.2)])
def test_chances_in_a_lot_without_end(share: float, accepted: float) -> None:
    assert round(100 * acceptance.chance_at(Plan(200, 5), share), 1) == accepted


@pytest.mark.parametrize(
    ("lot", "share", "accepted"),
    [(14444, 0.01, 98.6), (14444, 0.03, 26.8), (14444, 0.05, 1.0), (449, 0.01, 93.7), (449, 0.05, 27.0)],
)
def test_chances_in_lots_of_the_province(lot: int, share: float, accepted: float) -> None:
    plan = acceptance.iso_plan(lot, "1.0")

    assert 100 * acceptance.chance_at(plan, share, lot) == pytest.approx(accepted, abs=0.6)


def test_a_village_of_449_cannot_prove_one_per_cent_and_is_told_what_would() -> None:
    power = acceptance.power(acceptance.iso_plan(449, "1.0"), 449, aim=0.01)

    assert power.screens_only
    assert power.proved_10 > 0.07
    assert power.needed is not None
    assert acceptance.power(Plan(power.needed, 0), 449, aim=0.01).proves_aim
    assert not acceptance.power(Plan(power.needed - 1, 0), 449, aim=0.01).proves_aim
    assert acceptance.power(acceptance.full_check(449, 4), 449, aim=0.01).proves_aim


@pytest.mark.parametrize("lot", [449, 5039])
def test_measured_acceptance_follows_the_curve(lot: int) -> None:
    plan, times = acceptance.iso_plan(lot, "1.0"), 20_000
    rng = np.random.default_rng(8)

    for share in (0.005, 0.01, 0.02, 0.03, 0.05):
        wrong = round(lot * share)
        accepted = (rng.hypergeometric(wrong, lot - wrong, plan.n, times) <= plan.limit).mean()
        chance = acceptance.chance(plan, lot, wrong)
        assert abs(accepted - chance) < 4 * (chance * (1 - chance) / times) ** 0.5 + 1e-4


def test_real_draws_accept_as_often_as_the_curve_says() -> None:
    serials = [f"DC01-{place}" for place in range(150)]
    plan, wrong, seeds = Plan(32, 1), set(serials[:6]), 1500

    accepted = sum(len(wrong.intersection(sampling.draw(serials, plan.n, seed))) <= plan.limit for seed in range(seeds))

    chance = acceptance.chance(plan, len(serials), len(wrong))
    assert accepted / seeds == pytest.approx(chance, abs=4 * (chance * (1 - chance) / seeds) ** 0.5)


# --- other plans ------------------------------------------------------------------------------------


def test_the_smallest_plan_keeps_both_risks_and_no_smaller_one_does() -> None:
    plan = acceptance.smallest_plan(0.01, 0.05, 0.10, 0.05)

    assert (plan.n, plan.limit, plan.kind) == (153, 3, Kind.TWO_RISKS)
    assert round(100 * (1 - acceptance.chance_at(plan, 0.01)), 1) == 6.9
    assert round(100 * acceptance.chance_at(plan, 0.05), 1) == 4.9


def test_in_a_small_lot_fewer_forms_do() -> None:
    lot = 449
    plan = acceptance.smallest_plan(0.01, 0.05, 0.10, 0.05, lot=lot)

    good, bad = [stats.hypergeom.cdf(np.arange(6)[:, None], lot, wrong, np.arange(1, plan.n + 1)) for wrong in (4, 23)]
    keeps = (good >= 0.90) & (bad <= 0.05)

    assert plan.n < 153
    assert keeps[plan.limit, plan.n - 1]
    assert not keeps[:, : plan.n - 1].any()


@pytest.mark.parametrize(
    ("n", "limit", "wrong", "accepted"),
    [
        (50, 7, 0.10, 87.8), (50, 7, 0.25, 4.5), (50, 4, 0.05, 89.6), (60, 3, 0.05, 64.7), (60, 3, 0.10, 13.7),
        (60, 8, 0.10, 85.8), (60, 19, 0.20, 98.9), (19, 6, 0.20, 93.2), (19, 6, 0.50, 8.4),
    ],
)  # fmt: skip
def test_plans_of_health_campaigns_accept_as_published(n: int, limit: int, wrong: float, accepted: float) -> None:
    assert round(100 * acceptance.chance_at(Plan(n, limit), wrong), 1) == accepted


def test_a_quick_plan_keeps_its_risks_and_clusters_blunt_it() -> None:
    plan = acceptance.lqas_plan(0.90, 0.75)

    even, uneven = (acceptance.chance_clustered(plan, 0.25, 5, spread) for spread in (0.0, 0.1))

    assert acceptance.chance_at(plan, 0.10) >= 0.95
    assert even <= 0.20
    assert uneven > even


def test_where_no_plan_keeps_the_risks_none_is_made_up() -> None:
    with pytest.raises(rules.NoPlan):
        acceptance.smallest_plan(0.0100, 0.0101, 0.05, 0.05)


# --- switching --------------------------------------------------------------------------------------

GOOD, JUST, BAD = LotSeen(True, 5, True), LotSeen(True, 5, False), LotSeen(False, 5, False)
SMALL = LotSeen(True, 1, False)


@pytest.mark.parametrize(
    ("lots", "severity"),
    [
        ([BAD], Severity.NORMAL),
        ([BAD, BAD], Severity.TIGHTENED),
        ([BAD, GOOD, GOOD, GOOD, BAD], Severity.TIGHTENED),
        ([BAD, GOOD, GOOD, GOOD, GOOD, BAD], Severity.NORMAL),
        ([BAD, BAD] + [JUST] * 4, Severity.TIGHTENED),
        ([BAD, BAD] + [JUST] * 5, Severity.NORMAL),
        ([BAD, BAD] + [BAD, GOOD] * 4 + [BAD], Severity.DISCONTINUED),
        ([GOOD] * 9, Severity.NORMAL),
        ([GOOD] * 10, Severity.REDUCED),
        ([SMALL] * 14, Severity.NORMAL),
        ([SMALL] * 15, Severity.REDUCED),
        ([GOOD] * 9 + [JUST] + [GOOD] * 9, Severity.NORMAL),
        ([GOOD] * 12, Severity.REDUCED),
        ([GOOD] * 12 + [BAD], Severity.NORMAL),
    ],
)
def test_the_next_lot_is_looked_at_as_strictly_as_the_standard_says(lots: list[LotSeen], severity: Severity) -> None:
    assert switching.after_all(lots).severity is severity


def test_reduced_inspection_waits_for_the_responsible_officer() -> None:
    assert switching.after_all([GOOD] * 40, may_reduce=False).severity is Severity.NORMAL


def test_discontinued_stays_so_until_it_is_resumed_tightened() -> None:
    stopped = switching.after_all([BAD] * 7)

    assert stopped.severity is Severity.DISCONTINUED
    assert switching.after_all([GOOD] * 20, stopped) == stopped
    assert switching.resumed(stopped) == Switching(Severity.TIGHTENED)


@given(st.lists(st.sampled_from([GOOD, JUST, BAD, SMALL]), max_size=60))
def test_good_lots_lead_back_from_anywhere(lots: list[LotSeen]) -> None:
    anywhere = switching.after_all(lots)

    after = switching.after_all([GOOD] * 25, switching.resumed(anywhere))

    assert after.severity is Severity.REDUCED
    assert len(anywhere.recent) <= switching.WINDOW
    assert anywhere.score < switching.SCORE_FOR_REDUCED


def test_the_score_asks_the_stricter_limit_of_the_tables() -> None:
    plan = acceptance.iso_plan(5039, "1.0")  # 200/5; at 0.65 the limit is 3

    assert switching.seen(plan, 3, 5039, "1.0") == LotSeen(True, 5, True)
    assert switching.seen(plan, 4, 5039, "1.0") == LotSeen(True, 5, False)
    assert switching.seen(plan, 6, 5039, "1.0") == LotSeen(False, 5, False)
