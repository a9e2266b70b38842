"""Deciding a lot, and the statistics behind it, tried against brute force and published figures."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from hoaban.verification import rules
from hoaban.verification.engine import acceptance, estimate, sampling
from hoaban.verification.engine.estimate import Stratum
from hoaban.verification.rules import Outcome, Verdict

SERIALS = [f"DC-{number:05d}" for number in range(400)]


# --- drawing ----------------------------------------------------------------------------------------


def test_anyone_can_draw_the_sample_again_with_sha256() -> None:
    drawn = sampling.draw(SERIALS, 10, seed=7)

    by_hand = sorted((hashlib.sha256(f"7:{one}".encode()).hexdigest(), one) for one in SERIALS)
    assert drawn == [serial for _turn, serial in by_hand[:10]]


@given(st.permutations(SERIALS[:40]), st.integers(0, 10**9), st.integers(0, 60))
def test_the_order_in_which_forms_lie_changes_no_draw(pile: list[str], seed: int, size: int) -> None:
    assert sampling.draw(pile, size, seed) == sampling.draw(sorted(pile), size, seed)


def test_every_form_has_the_same_chance() -> None:
    times = dict.fromkeys(SERIALS[:50], 0)
    for seed in range(2000):
        for serial in sampling.draw(SERIALS[:50], 10, seed):
            times[serial] += 1

    assert stats.chisquare(list(times.values())).pvalue > 0.001


# --- estimates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "n", "low", "high"), [(8, 200, 0.0204, 0.0769), (0, 200, 0, 0.0188), (2, 315, 0.00174, 0.02285)]
)
def test_wilson_gives_the_known_bounds(wrong: int, n: int, low: float, high: float) -> None:
    assert estimate.wilson(wrong, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_usual_intervals_agree_with_scipy(seen: tuple[int, int]) -> None:
    wrong, n = seen
    known = stats.binomtest(wrong, n)

    for ours, method in [(estimate.wilson, "wilson"), (estimate.clopper_pearson, "exact")]:
        theirs = known.proportion_ci(0.95, method)
        assert ours(wrong, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def _tails(wrong: int, n: int, population: int, bad: int) -> tuple[Fraction, Fraction]:
    ways = [Fraction(comb(bad, k) * comb(population - bad, n - k), comb(population, n)) for k in range(n + 1)]
    return sum(ways[wrong:], Fraction(0)), sum(ways[: wrong + 1], Fraction(0))


@settings(max_examples=60)
@given(
    st.integers(1, 40).flatmap(
        lambda population: st.integers(1, population).flatmap(
            lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(population))
        )
    )
)
def test_exact_bounds_are_those_found_by_counting(case: tuple[int, int, int]) -> None:
    wrong, n, population = case
    tail = Fraction(1, 40)
    kept = [bad for bad in range(wrong, population - (n - wrong) + 1) if min(_tails(wrong, n, population, bad)) > tail]

    found = estimate.exact(wrong, n, population)

    assert (round(found.low * population), round(found.high * population)) == (kept[0], kept[-1])


def test_when_all_are_checked_nothing_is_left_to_guess() -> None:
    found = estimate.exact(3, 386, 386)

    assert found.low == found.rate == found.high == 3 / 386


def test_lots_put_together_weigh_by_their_size() -> None:
    found = estimate.stratified([Stratum(900, 90, 0), Stratum(100, 50, 25)])

    assert found.rate == pytest.approx(0.05)
    assert found.low < 0.05 < found.high
    assert (found.n, found.wrong, found.population) == (140, 25, 1000)


STRATA = st.lists(
    st.integers(1, 400).flatmap(
        lambda population: st.integers(1, population).flatmap(
            lambda n: st.builds(Stratum, st.just(population), st.just(n), st.integers(0, n) | st.sampled_from([0, n]))
        )
    ),
    min_size=1,
    max_size=6,
)


@given(STRATA, st.sampled_from([1.0, 0.8, 0.3]))
def test_bounds_exist_for_whatever_was_seen(strata: list[Stratum], seen: float) -> None:
    found = estimate.stratified(strata, seen=seen)

    assert 0 <= found.low <= found.rate <= found.high <= 1
    if seen == 1 and all(one.n == one.population for one in strata):
        assert found.low == found.high


@given(st.integers(0, 60), st.integers(60, 400))
def test_one_lot_has_wilsons_bounds_at_the_size_its_sample_is_worth(wrong: int, n: int) -> None:
    found = estimate.stratified([Stratum(10**9, n, wrong)])

    assert (found.low, found.high) == pytest.approx(estimate.wilson(wrong, n), abs=1e-6)


@pytest.mark.parametrize(
    ("a", "b"), [((200, 2), (40, 5)), ((150, 0), (50, 4)), ((60, 0), (60, 0)), ((30, 30), (80, 3))]
)
def test_bounds_of_two_strata_are_those_found_by_brute_force(a: tuple[int, int], b: tuple[int, int]) -> None:
    """The likeliest pair of rates for each rate of all is looked for on a fine grid."""
    found = estimate.stratified([Stratum(3 * 10**9, *a), Stratum(10**9, *b)])

    for bound in (found.low, found.high):
        other = np.linspace(max(0, (bound - 0.25) / 0.75), min(1, bound / 0.75), 400_001)
        pair = np.array([other, np.clip((bound - 0.75 * other) / 0.25, 0, 1)])
        (n, wrong) = np.array([a, b], dtype=float).T[:, :, None]
        likely = (special.xlogy(wrong, pair) + special.xlogy(n - wrong, 1 - pair)).sum(axis=0)
        rates = pair[:, int(np.argmax(likely))]
        spread = (np.array([0.75, 0.25]) ** 2 * rates * (1 - rates) / n[:, 0]).sum() ** 0.5
        assert abs(bound - found.rate) == pytest.approx(1.959964 * spread, abs=2e-4)


@pytest.mark.parametrize("lots", [[(2000, 0.01)], [(449, 0.02)], [(800, 0.01), (500, 0.05), (300, 0.0), (449, 0.02)]])
def test_intervals_hold_the_truth_as_often_as_they_say(lots: list[tuple[int, float]]) -> None:
    rng = np.random.default_rng(4)
    truth = sum(round(size * rate) for size, rate in lots) / sum(size for size, _ in lots)
    held = 0
    for _ in range(600):
        strata = []
        for size, rate in lots:
            n = max(size // 8, 30)
            strata.append(Stratum(size, n, int(rng.hypergeometric(round(size * rate), size - round(size * rate), n))))
        found = estimate.stratified(strata)
        held += found.low - 1e-12 <= truth <= found.high + 1e-12

    assert held / 600 >= 0.93


def test_what_was_put_right_is_no_longer_left() -> None:
    found = estimate.exact(4, 200, 5000)

    left = estimate.left_after(found, corrected=4)

    assert left.rate == pytest.approx(found.rate - 4 / 5000)
    assert left.low == pytest.approx(max(found.low - 4 / 5000, 0))


# --- acceptance -------------------------------------------------------------------------------------

ISO = [
    (120, {"0.65": (20, 0), "1.0": (13, 0), "1.5": (32, 1), "2.5": (20, 1), "4.0": (20, 2)}),
    (386, {"0.65": (80, 1), "1.0": (50, 1), "1.5": (50, 2), "2.5": (50, 3), "4.0": (50, 5)}),
    (5039, {"0.65": (200, 3), "1.0": (200, 5), "1.5": (200, 7), "2.5": (200, 10), "4.0": (200, 14)}),
    (14444, {"0.65": (315, 5), "1.0": (315, 7), "1.5": (315, 10), "2.5": (315, 14), "4.0": (315, 21)}),
]


@pytest.mark.parametrize(("lot", "plans"), ISO)
def test_plans_are_those_of_the_standard(lot: int, plans: dict[str, tuple[int, int]]) -> None:
    for aql, numbers in plans.items():
        plan = acceptance.iso_plan(lot, aql)
        assert (plan.n, plan.limit) == numbers


def test_a_tightened_plan_and_other_levels_of_inspection() -> None:
    tightened = acceptance.iso_plan(5039, "1.0", severity="tightened")
    reduced = acceptance.iso_plan(5039, "1.0", inspection="I")
    widened = acceptance.iso_plan(5039, "1.0", inspection="III")

    assert (tightened.n, tightened.limit) == (200, 3)
    assert (reduced.letter, widened.letter) == ("J", "M")


def test_a_small_lot_is_looked_at_whole() -> None:
    assert acceptance.iso_plan(6, "1.0").n == 6
    assert acceptance.iso_plan(1, "1.0").n == 1


def test_no_plan_is_made_up_where_the_tables_have_none() -> None:
    with pytest.raises(rules.NoPlan):
        acceptance.iso_plan(5000, "0.05")
    with pytest.raises(rules.NoPlan):
        acceptance.iso_plan(5000, "1.0", inspection="S-4")


@pytest.mark.parametrize(("rate", "chance"), [(0.01, 0.987), (0.03, 0.44), (0.05, 0.059), (0.10, 0.00003)])
def test_chances_of_a_commune_of_5039(rate: float, chance: float) -> None:
    plan = acceptance.iso_plan(5039, "1.0")

    assert acceptance.chance(plan, 5039, round(5039 * rate)) == pytest.approx(chance, abs=0.002)


def test_a_village_cannot_prove_one_per_cent() -> None:
    plan = acceptance.iso_plan(449, "1.0")

    assert acceptance.proves(plan, 449) > 0.05
    assert acceptance.proves(acceptance.Plan(449, 4), 449) == pytest.approx(5 / 449)


def test_what_a_plan_proves_is_the_first_rate_it_would_mostly_refuse() -> None:
    plan = acceptance.iso_plan(1000, "1.0")

    worst = round(acceptance.proves(plan, 1000) * 1000)

    assert acceptance.chance(plan, 1000, worst) <= 0.10 < acceptance.chance(plan, 1000, worst - 1)


def test_the_curve_falls() -> None:
    chances = [point.chance for point in acceptance.curve(acceptance.iso_plan(1000, "1.0"), 1000)]

    assert chances[0] == 1
    assert chances == sorted(chances, reverse=True)


def test_the_smallest_plan_for_two_risks() -> None:
    plan = acceptance.smallest_plan(good=0.01, bad=0.05, producer_risk=0.10, consumer_risk=0.05)

    assert (plan.n, plan.limit) == (153, 3)


# --- deciding ---------------------------------------------------------------------------------------


def test_levels_are_a_list_and_each_draws_from_the_one_below() -> None:
    assert [(one.number, one.draws_from) for one in rules.levels()] == [(1, 0), (2, 1), (3, 2)]
    assert not rules.level(1).blind
    assert rules.level(2).blind
    with pytest.raises(rules.NoSuchLevel):
        rules.level(9)


def test_who_had_the_form_in_hand_does_not_check_it() -> None:
    hands = {"keyed_by_id": "officer:1", "collected_by": "Ca\u0300 A\u0301 Pao", "checked_by": ["officer:2"]}

    assert rules.saw_it_before("officer:1", "X", **hands)  # type: ignore[arg-type]
    assert rules.saw_it_before("officer:2", "X", **hands)  # type: ignore[arg-type]
    assert rules.saw_it_before("officer:3", "CA A PAO", **hands)  # type: ignore[arg-type]
    assert not rules.saw_it_before("officer:3", "X", **hands)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([], Outcome.RIGHT),
        ([Verdict.RECORD], Outcome.RIGHT),
        ([Verdict.RECORD, Verdict.FORM], Outcome.WRONG),
        ([Verdict.ASK], Outcome.PENDING),
        ([Verdict.BLURRED, Verdict.REKEYED], Outcome.WRONG),
    ],
)
def test_how_a_form_comes_out(verdicts: list[Verdict], outcome: Outcome) -> None:
    assert rules.outcome_of(verdicts) == outcome
