"""Simulated communes: what is printed holds the truth as often as it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hoaban.verification.engine import acceptance, care, coverage, dependence, estimate, overcount
from hoaban.verification.engine.care import PERFECT, Care
from hoaban.verification.engine.coverage import NEVER, NO_ERRORS, Frame, Links, Lists
from hoaban.verification.engine.dependence import MetElsewhere
from hoaban.verification.engine.estimate import Stratum
from hoaban.verification.engine.overcount import Ghost, LookedFor
from hoaban.verification.rules import Interval

Design = list[tuple[int, int, float]]  # forms, forms checked, error rate by stratum
COMMUNE: Design = [(5039, 200, 0.01)]
STRATA: Design = [(3780, 150, 0.005), (400, 40, 0.06), (400, 30, 0.02), (250, 20, 0.03), (209, 20, 0.01)]
DESIGNS: dict[str, Design] = {
    "villages": [(449, 50, 0.015)],
    "communes": COMMUNE,
    "communes after the reform": [(14_444, 315, 0.01)],
    "communes by strata": STRATA,
    "questioned rows drawn hard": [
        (3780, 120, 0.006),
        (400, 90, 0.04),
        (400, 20, 0.016),
        (250, 20, 0.02),
        (209, 10, 0.01),
    ],
    "errors in one stratum": [(4000, 200, 0.001), (400, 100, 0.05), (300, 150, 0.03)],
    "communes by village": [(449, 50, 0.01)] * 11,
    "tiny strata": [(2000, 20, 0.01), (30, 2, 0.05), (40, 2, 0.05), (50, 2, 0.05)],
    "the province": [(5039, 200, 0.004)] * 40,
}
AS_SAID = (0.93, 0.97)
NOISE = 0.012  # of 1,000 communes or more: two standard errors


def _holds(interval: Interval, truth: float) -> bool:
    return interval.low - 1e-12 <= truth <= interval.high + 1e-12


def _checked(design: Design, rng: np.random.Generator, seen: Care = PERFECT) -> tuple[list[Stratum], float, int]:
    """A commune of its own error rates, checked by people who see so well: what they saw, the truth, found truly."""
    strata, wrong_in_all, caught = [], 0, 0
    worse = np.exp(rng.normal(0, 0.6))
    for forms, n, rate in design:
        wrong = rng.binomial(forms, min(rate * worse * np.exp(rng.normal(0, 0.4)), 0.5))
        met = rng.hypergeometric(wrong, forms - wrong, n)
        found, raised = rng.binomial(met, seen.finds.value), rng.binomial(n - met, 1 - seen.spares.value)
        strata.append(Stratum(forms, n, int(found + raised)))
        wrong_in_all, caught = wrong_in_all + wrong, caught + int(found)
    return strata, wrong_in_all / sum(forms for forms, _, _ in design), caught


def test_pooled_over_communes_of_all_kinds_bounds_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20)
    held = []

    for design in DESIGNS.values():
        for _ in range(400):
            strata, truth, _found = _checked(design, rng)
            held.append(_holds(estimate.stratified(strata), truth))

    assert len(held) >= 1000
    assert AS_SAID[0] <= np.mean(held) <= AS_SAID[1]


@pytest.mark.parametrize("name", DESIGNS)
def test_no_kind_of_commune_is_worse_served_than_it_is_told(name: str) -> None:
    rng = np.random.default_rng(21)

    held = [
        _holds(estimate.stratified(strata), truth)
        for strata, truth, _ in (_checked(DESIGNS[name], rng) for _ in range(1500))
    ]

    assert AS_SAID[0] - NOISE <= np.mean(held) <= AS_SAID[1] + NOISE


def test_exact_bounds_hold_at_least_as_often_as_they_say() -> None:
    rng = np.random.default_rng(22)
    held = []

    for _ in range(400):
        (one,), truth, _found = _checked(DESIGNS["villages"], rng)
        held.append(_holds(estimate.exact(one.wrong, one.n, one.population), truth))

    assert np.mean(held) >= 0.95


@pytest.mark.parametrize(
    ("design", "correlation"), [(COMMUNE, 0.0), (STRATA, 0.0), (STRATA, 0.2), ([(5039, 5039, 0.01)], 0.0)]
)
def test_what_is_left_is_told_truly_though_checkers_miss_and_raise(design: Design, correlation: float) -> None:
    """Checkers are measured on planted forms, anew for each commune; hard errors are hard for two of them."""
    rng = np.random.default_rng(23)
    finds, planted, held = 0.8, 400, []
    truly = Care(care.Share(finds * (1 - correlation), 0, 1), care.Share(0.9995, 0, 1))

    for _ in range(1000):
        strata, truth, found = _checked(design, rng, truly)
        known = _measured(rng, finds, correlation, planted)
        population = sum(one.population for one in strata)
        left = care.left(strata, known, corrected=found)
        held.append(_holds(left, truth - found / population))

    assert AS_SAID[0] - NOISE <= np.mean(held) <= AS_SAID[1] + NOISE


def _measured(rng: np.random.Generator, finds: float, correlation: float, planted: int) -> Care:
    found = int(rng.binomial(planted, finds))
    raised = int(rng.binomial(planted * 20, 0.0005))
    seen = care.measured(planted=planted, found=found, right=planted * 20, raised=raised)
    if not correlation:
        return seen
    missed = 1 - finds
    neither = missed**2 + correlation * missed * finds
    shares = [1 - 2 * missed + neither, missed - neither, missed - neither, neither]
    both, first, second, none = (int(count) for count in rng.multinomial(planted, shares))
    return care.among_missed(seen, care.miss_correlation(both=both, first=first, second=second, neither=none))


def test_believing_checkers_to_see_everything_would_be_wrong() -> None:
    rng = np.random.default_rng(24)
    truly = Care(care.Share(0.6, 0, 1), care.CERTAIN)
    held = []

    for _ in range(300):
        strata, truth, _found = _checked(DESIGNS["the province"], rng, truly)
        held.append(_holds(estimate.stratified(strata), truth))

    assert np.mean(held) < 0.4


def test_accepted_and_returned_lots_together_are_told_truly() -> None:
    """Level one checks all, level two a sample by the plan; a lot over its limit is done anew and drawn tightened."""
    rng = np.random.default_rng(25)
    held, returned = [], 0

    for _ in range(1500):
        wrong, severity = int(rng.binomial(5039, 0.012 * np.exp(rng.normal(0, 0.5)))), "normal"
        while True:
            plan = acceptance.iso_plan(5039, "1.0", severity=severity)
            seen = int(rng.hypergeometric(wrong, 5039 - wrong, plan.n))
            if seen <= plan.limit:
                break
            wrong, severity, returned = int(rng.binomial(wrong, 0.3)), "tightened", returned + 1
        left = care.left([Stratum(5039, plan.n, seen)], corrected=seen)
        held.append(_holds(left, (wrong - seen) / 5039))

    assert returned > 50
    assert np.mean(held) >= AS_SAID[0]  # 98 %: samples that look much worse than their lot return it


# --- coverage ---------------------------------------------------------------------------------------

Place = tuple[int, float, float]  # people, chance of being in the register, of being listed
LISTS = {
    "communes": ([(5000, 0.95, 0.9)], 0.0, 0.0, AS_SAID),
    "thin listings": ([(5000, 0.99, 0.2)], 0.0, 0.0, AS_SAID),
    "three strata": ([(4000, 0.97, 0.9), (3000, 0.95, 0.85), (1000, 0.85, 0.7)], 0.0, 0.0, AS_SAID),
    "eleven villages": ([(449, 0.96, 0.9)] * 11, 0.0, 0.0, AS_SAID),
    "thirty hamlets": ([(60, 0.95, 0.9)] * 30, 0.0, 0.0, AS_SAID),
    "errors of linking": ([(4000, 0.97, 0.9), (1000, 0.85, 0.7)], 0.03, 0.01, AS_SAID),
    "a village": ([(449, 0.95, 0.9)], 0.0, 0.0, (0.95, 1.0)),  # two or three people are missing: bounds are whole
    "a hamlet": ([(60, 0.9, 0.6)], 0.0, 0.0, (0.95, 1.0)),
}


def _listed(places: list[Place], rng: np.random.Generator, missed: float, false: float) -> list[Lists]:
    found = []
    for people, registers, lists in places:
        shares = [registers * lists, registers * (1 - lists), (1 - registers) * lists, (1 - registers) * (1 - lists)]
        both, one, other, _none = rng.multinomial(people, shares)
        linked = rng.binomial(both, 1 - missed) + rng.binomial(other, false)
        found.append(Lists(int(both + one), int(both + other), int(linked)))
    return found


def _reviewed(rng: np.random.Generator, missed: float, false: float) -> Links:
    """Errors of linking as clerks measure them on pairs."""
    if not missed:
        return NO_ERRORS
    return Links(care.share(int(rng.binomial(2000, missed)), 2000), care.share(int(rng.binomial(400, false)), 400))


@pytest.mark.parametrize("name", LISTS)
def test_bounds_of_the_people_hold_the_truth_as_often_as_they_say(name: str) -> None:
    places, missed, false, said = LISTS[name]
    rng = np.random.default_rng(30)
    people, held = sum(place[0] for place in places), []

    for _ in range(1000):
        strata = _listed(places, rng, missed, false)
        found = coverage.covered(strata, links=_reviewed(rng, missed, false))
        held.append(found.people.low <= people <= found.people.high)

    assert said[0] - NOISE <= np.mean(held) <= said[1] + NOISE


def test_many_small_strata_do_not_add_up_a_bias() -> None:
    rng = np.random.default_rng(33)

    found = [coverage.people_in(_listed([(449, 0.96, 0.9)] * 400, rng, 0, 0)) for _ in range(30)]

    assert np.mean([one.low <= 449 * 400 <= one.high for one in found]) >= 0.8
    assert np.mean([(one.low + one.high) / 2 for one in found]) == pytest.approx(449 * 400, abs=20)


def test_errors_of_linking_that_are_not_corrected_would_be_wrong() -> None:
    places, missed, false, _said = LISTS["errors of linking"]
    rng = np.random.default_rng(31)

    found = [coverage.people_in(_listed(places, rng, missed, false)) for _ in range(200)]

    assert np.mean([one.low <= 5000 <= one.high for one in found]) < 0.2


@pytest.mark.parametrize(("sampled", "of", "ghosts"), [(15, 150, 0.0), (5, 30, 0.0), (15, 150, 0.03)])
def test_a_listing_of_sampled_villages_holds_the_truth_as_often_as_it_says(
    sampled: int, of: int, ghosts: float
) -> None:
    rng = np.random.default_rng(32)
    held: list[bool] = []

    for _ in range(1200):
        villages, frame, people, right = _valleys(rng, sampled, of, ghosts)
        entries = sum(one.register for one in frame.values())
        wrongly = NEVER
        if ghosts:
            met = int(rng.hypergeometric(int(entries) - right, right, 1000))
            wrongly = overcount.wrongly_in([LookedFor(int(entries), 1000, {Ghost.MOVED: met})])
        found = coverage.covered_by_sample(villages, frame, wrongly)
        held += [found.share.low <= right / people <= found.share.high]
        held += [found.people.low <= people <= found.people.high]

    assert AS_SAID[0] - NOISE <= np.mean(held) <= AS_SAID[1] + NOISE


def _valleys(
    rng: np.random.Generator, sampled: int, of: int, ghosts: float
) -> tuple[list[Lists], dict[str, Frame], int, int]:
    """Villages of two strata, each with its own chances of being registered and listed; some are sampled."""
    villages, frame, people, right = [], {}, 0, 0
    for name, share in (("valley", 0.97), ("ridge", 0.92)):
        size = rng.poisson(449, of) + 20
        held = rng.binomial(size, rng.beta(share * 40, (1 - share) * 40, of))
        entries = held + rng.binomial(held, ghosts)
        met = rng.beta(36, 4, of)
        for place in rng.choice(of, sampled, replace=False):
            both = rng.binomial(held[place], met[place])
            listing = both + rng.binomial(size[place] - held[place], met[place])
            villages.append(Lists(int(entries[place]), int(listing), int(both), name))
        frame[name] = Frame(of, float(entries.sum()))
        people, right = people + int(size.sum()), right + int(held.sum())
    return villages, frame, people, right


# --- independence -----------------------------------------------------------------------------------


def _dependent(rng: np.random.Generator, odds: float) -> tuple[list[MetElsewhere], list[Lists], int]:
    """Three strata of 2,000 whose lists depend on each other by that odds ratio; a third source meets four in ten."""
    met, strata = [], []
    for a, b in ((0.95, 0.9), (0.93, 0.87), (0.91, 0.84)):
        s = 1 + (a + b) * (odds - 1)
        both = a * b if odds == 1 else (s - (s * s - 4 * odds * (odds - 1) * a * b) ** 0.5) / (2 * (odds - 1))
        cells = rng.multinomial(2000, [both, a - both, b - both, 1 - a - b + both])
        met.append(MetElsewhere(*(int(count) for count in rng.binomial(cells, 0.4))))
        strata.append(Lists(int(cells[0] + cells[1]), int(cells[0] + cells[2]), int(cells[0])))
    return met, strata, 6000


@pytest.mark.parametrize(
    ("odds", "enough"), [(1.0, lambda warned: warned <= 0.03), (3.0, lambda warned: warned >= 0.95)]
)
def test_planted_dependence_raises_the_warning_and_independence_does_not(
    odds: float, enough: Callable[[float], bool]
) -> None:
    rng = np.random.default_rng(40)

    found = [dependence.by_third_source(*_dependent(rng, odds)[:2]) for _ in range(500)]

    assert enough(float(np.mean([one.warns for one in found])))


def test_the_third_source_takes_the_bias_of_dependence_out() -> None:
    rng = np.random.default_rng(41)
    plain, mended = [], []

    for _ in range(400):
        met, strata, people = _dependent(rng, 3.0)
        found = coverage.people_in(strata).value
        plain.append(found - people)
        mended.append(found + (dependence.by_third_source(met, strata).missed_more or 0) - people)

    assert np.mean(plain) < -40
    assert abs(np.mean(mended)) < 8
