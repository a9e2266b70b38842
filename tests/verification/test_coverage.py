"""How many people there are, against published estimates; and the warning when two lists aren't independent."""

from __future__ import annotations

import pytest

from hoaban.verification.engine import coverage, dependence, overcount
from hoaban.verification.engine.care import Share
from hoaban.verification.engine.coverage import Frame, Links, Lists
from hoaban.verification.engine.dependence import MetElsewhere
from hoaban.verification.engine.overcount import Ghost, LookedFor

LOWLAND, MOUNTAIN, BORDER = Lists(4000, 1000, 985), Lists(3000, 900, 855), Lists(1000, 400, 352)
PROVINCE = [LOWLAND, MOUNTAIN, BORDER]


def _sure(value: float) -> Share:
    return Share(value, value, value)


# --- published estimates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ((948, 421, 167), 2383),
        ((109, 177, 57), 337),
        ((421, 332, 88), 1578),
        ((500, 149, 7), 9393),
        ((1000, 243, 21), 11101),
    ],
)
def test_chapman_gives_the_published_numbers(counts: tuple[int, int, int], value: int) -> None:
    """Krebs 1989, Ricker 1975, Pine 2013, Seber 2002 (twice)."""
    assert round(coverage.chapman(Lists(*counts)).value) == value


def test_petersen_gives_the_published_number() -> None:
    assert round(coverage.petersen(Lists(948, 421, 167)).value) == 2390


def test_standard_errors_and_bounds_are_the_published_ones() -> None:
    pine, few, seber = (coverage.chapman(Lists(*one)) for one in [(421, 332, 88), (500, 149, 7), (1000, 243, 21)])

    assert (round(pine.low), round(pine.high)) == (1330, 1826)
    assert (round(few.se), round(few.high)) == (3022, 15316)
    assert round(seber.se) == 2184


def test_a_well_covered_commune() -> None:
    found = coverage.petersen(Lists(5000, 4800, 4600))

    assert (round(found.value, 2), round(found.se, 2)) == (5217.39, 4.44)


def test_stratified_and_pooled_estimates_are_those_of_the_notes() -> None:
    found = coverage.people_in(PROVINCE)
    pooled = coverage.chapman(Lists(8000, 2300, 2192))

    assert (round(found.value, 2), round(found.se, 2)) == (8354.74, 29.79)
    assert round(pooled.value, 1) == 8394.0
    assert round(100 * coverage.covered(PROVINCE).share.value, 2) == 95.75
    assert round(100 * coverage.covered([BORDER]).share.value, 1) == 88.0


# --- bounds -----------------------------------------------------------------------------------------


def test_bounds_never_go_below_who_was_seen_and_reach_up_where_nobody_was_missed() -> None:
    nobody_missed = coverage.people_in([Lists(449, 60, 60)])

    assert nobody_missed.low == 449
    assert nobody_missed.value == pytest.approx(449)
    assert nobody_missed.high > 449


def test_large_numbers_are_taken_in_steps_without_moving_the_bounds() -> None:
    thin = Lists(60_000, 900, 600)

    found, normal = coverage.people_in([thin]), coverage.chapman(thin)

    assert found.low == pytest.approx(normal.low, rel=0.02)
    assert found.high == pytest.approx(normal.high, rel=0.02)


# --- errors of linking ------------------------------------------------------------------------------


@pytest.mark.parametrize(("missed", "estimate"), [(0.01, 4101.9), (0.05, 4274.6)])
def test_missed_links_push_the_estimate_up_and_are_taken_out(missed: float, estimate: float) -> None:
    linked = Lists(4000, 1000, 985 * (1 - missed))

    corrected = coverage.linked_truly(linked, Links(missed=_sure(missed)))

    assert round(coverage.petersen(linked).value, 1) == estimate
    assert round(coverage.petersen(corrected).value, 1) == 4060.9


def test_wrong_links_hide_people_and_are_taken_out() -> None:
    linked = Lists(4000, 1000, 985 * 0.98 + 15 * 0.1)

    assert coverage.linked_truly(linked, Links(_sure(0.02), _sure(0.1))).both == pytest.approx(985)


def test_not_knowing_the_errors_of_linking_widens_the_bounds_for_all_strata_at_once() -> None:
    known = coverage.people_in(PROVINCE, Links(_sure(0.02)))
    unknown = coverage.people_in(PROVINCE, Links(Share(0.02, 0.01, 0.04)))

    assert unknown.value == known.value
    assert unknown.se > 1.5 * known.se
    assert unknown.low < known.low < known.high < unknown.high


# --- who is in and shouldn't be ---------------------------------------------------------------------


def test_wrong_entries_lower_the_number_of_people_and_not_the_share_covered() -> None:
    ghosts = Share(0.03, 0.02, 0.045)

    plain, cleaned = coverage.covered(PROVINCE), coverage.covered(PROVINCE, wrongly=ghosts)

    assert cleaned.people.value == pytest.approx(plain.people.value * 0.97, rel=0.001)
    assert cleaned.share.value == pytest.approx(plain.share.value, rel=0.001)
    assert cleaned.wrongly == pytest.approx(240)
    assert cleaned.people.high - cleaned.people.low > plain.people.high - plain.people.low


def test_over_coverage_is_told_by_kind() -> None:
    strata = [
        LookedFor(4000, 200, {Ghost.DEAD: 2, Ghost.MOVED: 6}),
        LookedFor(1000, 100, {Ghost.MOVED: 5, Ghost.DOUBLED: 1}),
    ]

    kinds, whole = overcount.overcounted(strata), overcount.wrongly_in(strata)

    assert kinds[Ghost.MOVED].value == pytest.approx(0.8 * 0.03 + 0.2 * 0.05)
    assert kinds[Ghost.NEVER_LIVED].value == 0
    assert whole.value == pytest.approx(sum(one.value for one in kinds.values()))
    assert whole.low < whole.value < whole.high


def test_the_form_of_the_united_states_census() -> None:
    found = overcount.census_form(
        entries=10_000, unusable=100, looked_for=1000, correct=950, listed=800, matched=760
    )  # fmt: skip

    assert found.value == pytest.approx(9900 * 0.95 / 0.95)
    assert found.low < found.value < found.high


def test_sampled_villages_speak_for_those_not_sampled() -> None:
    villages = [Lists(440, 400, 384, "valley"), Lists(460, 410, 398, "valley"), Lists(300, 280, 250, "ridge"),
                Lists(310, 290, 255, "ridge")]  # fmt: skip
    frame = {"valley": Frame(60, 27_000), "ridge": Frame(20, 6_100)}

    found = coverage.covered_by_sample(villages, frame)

    people = 27_000 / (782 / 810) + 6_100 / (505 / 570)
    assert found.people.value == pytest.approx(people)
    assert found.share.value == pytest.approx(33_100 / people)
    assert found.missing == pytest.approx(people - 33_100)
    with pytest.raises(ValueError, match="two sampled"):
        coverage.covered_by_sample(villages[:3], frame)


# --- independence -----------------------------------------------------------------------------------


def test_a_third_source_raises_the_warning_and_says_what_it_costs() -> None:
    met = [MetElsewhere(900, 60, 40, 20), MetElsewhere(800, 70, 50, 25)]

    found = dependence.by_third_source(met, [Lists(2400, 2350, 2250), Lists(2200, 2100, 1980)])

    assert found.warns
    assert found.odds == pytest.approx((900 * 20 / 1020 + 800 * 25 / 945) / (60 * 40 / 1020 + 70 * 50 / 945))
    assert found.missed_more is not None
    assert found.missed_more > 0


def test_independent_lists_raise_no_warning() -> None:
    found = dependence.by_third_source([MetElsewhere(855, 95, 45, 5)])

    assert found.odds == pytest.approx(1)
    assert not found.warns


@pytest.mark.parametrize("met", [[], [MetElsewhere(0, 0, 0, 0)], [MetElsewhere(50, 0, 0, 0)]])
def test_too_few_met_elsewhere_say_nothing_and_say_so(met: list[MetElsewhere]) -> None:
    found = dependence.by_third_source(met)

    assert found.odds is None
    assert found.tells_nothing
    assert not found.warns


def test_where_both_lists_are_uneven_pooling_is_warned_of() -> None:
    uneven = dependence.across_strata(PROVINCE)
    even = dependence.across_strata([Lists(1000, 900, 855), Lists(2000, 1800, 1710)])

    assert uneven.warns
    assert round(uneven.pooled - uneven.summed) == 39
    assert not even.warns
    assert even.bias == pytest.approx(0, abs=1e-3)
