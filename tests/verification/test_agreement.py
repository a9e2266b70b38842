"""The checkers' own error, agreement between levels, flows and signs of life, against published figures."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.verification.engine import agreement, care, estimate, rates, signs_of_life
from hoaban.verification.engine.agreement import Band
from hoaban.verification.engine.care import Care, Share
from hoaban.verification.engine.estimate import Stratum


def _sure(value: float) -> Share:
    return Share(value, value, value)


# --- the checkers' own error ------------------------------------------------------------------------


def test_the_true_rate_is_the_published_one() -> None:
    found = care.true_rate([Stratum(10**9, 100, 10)], Care(_sure(0.9), _sure(0.98)))

    assert round(found.rate, 4) == 0.0909


def test_perfect_checkers_change_nothing() -> None:
    strata = [Stratum(5039, 200, 4), Stratum(400, 40, 3)]

    assert care.true_rate(strata) == estimate.stratified(strata)


@given(st.integers(0, 30), st.floats(0.3, 0.99), st.floats(0.99, 1))
def test_not_knowing_the_checkers_widens_the_bounds(wrong: int, finds: float, spares: float) -> None:
    strata = [Stratum(5039, 200, wrong)]
    known = Care(_sure(finds), _sure(spares))
    unknown = Care(Share(finds, finds - 0.2, min(finds + 0.01, 1)), Share(spares, spares - 0.01, 1.0))

    sharp, wide = care.true_rate(strata, known), care.true_rate(strata, unknown)

    assert wide.low <= sharp.low + 1e-12
    assert wide.high >= sharp.high - 1e-12
    assert 0 <= wide.low <= wide.rate <= wide.high <= 1


def test_a_full_check_by_people_who_miss_some_leaves_a_known_rest() -> None:
    seen = Care(_sure(0.8), _sure(1.0))

    left = care.left([Stratum(5000, 5000, 80)], seen, corrected=80)

    assert left.rate == pytest.approx(20 / 5000)
    assert 0.001 < left.low < left.rate < left.high < 0.007


def test_forms_made_wrong_by_a_correction_are_left_too() -> None:
    strata = [Stratum(5000, 200, 4)]

    clean, spoilt = care.left(strata, corrected=4), care.left(strata, corrected=4, spoilt=3)

    assert spoilt.rate == pytest.approx(clean.rate + 3 / 5000)


def test_checkers_who_guess_measure_nothing() -> None:
    with pytest.raises(ValueError, match="guessing"):
        care.true_rate([Stratum(500, 50, 2)], Care(_sure(0.5), _sure(0.5)))


def test_planted_forms_measure_checkers_and_what_two_miss_together() -> None:
    seen = care.measured(planted=200, found=160, right=1000, raised=1)
    alone = care.miss_correlation(both=64, first=16, second=16, neither=4)
    alike = care.miss_correlation(both=80, first=0, second=0, neither=20)

    assert (seen.finds.value, seen.spares.value) == (0.8, 0.999)
    assert alone.value == pytest.approx(0)
    assert alike.value == pytest.approx(1)
    assert care.among_missed(seen, Share(0.2, 0.1, 0.35)).finds.value == pytest.approx(0.64)


def test_a_blind_recheck_shows_how_well_the_level_below_saw_real_errors() -> None:
    found = care.share(200, 20_000)
    missed = care.true_rate([Stratum(20_000, 2000, 10)])

    seen = care.shown_by_recheck(found, missed).finds

    assert seen.value == pytest.approx(200 / (200 + 100))
    assert 0.4 < seen.low < seen.value < seen.high < 0.85


# --- many places at once ----------------------------------------------------------------------------

COUNTS = pl.DataFrame(
    {
        "village": ["b", "a", "a", "c", "b"],
        "stratum": ["old", "rest", "old", "rest", "rest"],
        "population": [30, 300, 40, 200, 100],
        "n": [0, 30, 8, 0, 20],
        "wrong": [0, 1, 2, 0, 1],
        "corrected": [0, 1, 2, 0, 1],
    }
)


def test_each_place_has_its_rate_and_one_without_checks_has_none() -> None:
    found = rates.rates(COUNTS, ["village"])

    left = care.left([Stratum(300, 30, 1), Stratum(40, 8, 2)], corrected=3)
    assert found["village"].to_list() == ["a", "b", "c"]
    assert found.row(0, named=True) | {"rate": left.rate, "low": left.low, "high": left.high} == found.row(
        0, named=True
    )
    assert found["rate"].to_list()[1:] == [pytest.approx(1 / 20 - 1 / 130), None]


def test_strata_nobody_checked_are_joined_to_their_like_elsewhere() -> None:
    whole = rates.rates(COUNTS, [])

    strata = [Stratum(70, 8, 2), Stratum(300, 30, 1), Stratum(300, 20, 1)]
    merged = [Stratum(500, 30, 1), Stratum(100, 20, 1), Stratum(70, 8, 2)]
    assert whole["rate"].item() == pytest.approx(care.left(merged, corrected=4).rate)
    assert whole["rate"].item() != pytest.approx(care.left(strata, corrected=4).rate)
    assert whole["population"].item() == 670


# --- agreement --------------------------------------------------------------------------------------


def test_agreement_is_the_published_one() -> None:
    found = agreement.agreement([[4900, 60], [40, 5000]])

    assert (found.forms, found.gross.value, found.rate) == (10_000, 0.01, 0.99)
    assert [round(100 * one.net, 1) for one in found.categories] == [0.2, -0.2]
    assert [round(one.index or 0, 2) for one in found.categories] == [2.00, 2.00]
    assert {one.index_band for one in found.categories} == {Band.LOW}
    assert round(found.index or 0, 2) == 2.00


@pytest.mark.parametrize(
    ("value", "of_net", "of_index"),
    [
        (0.005, Band.LOW, Band.LOW),
        (0.03, Band.MODERATE, Band.LOW),
        (30, Band.HIGH, Band.MODERATE),
        (60, Band.HIGH, Band.HIGH),
    ],
)
def test_bands_are_those_of_the_workshop(value: float, of_net: Band, of_index: Band) -> None:
    assert agreement.band(value, agreement.NET_LIMITS) is of_net
    assert agreement.band(value, agreement.INDEX_LIMITS) is of_index


def test_readings_are_counted_into_their_table() -> None:
    values, table = agreement.readings(pl.Series(["m", "f", None, "f"]), pl.Series(["m", "m", "f", "f"]))

    assert values == ["", "f", "m"]
    assert table == [[0, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_where_all_say_the_same_there_is_no_index() -> None:
    found = agreement.agreement([[10, 0], [0, 0]])

    assert (found.index, found.gross.value) == (None, 0)


def test_two_blind_checks_say_how_much_each_found() -> None:
    found = agreement.caught(both=40, first_only=10, second_only=20)

    assert found.first is not None
    assert found.second is not None
    assert (round(found.first.value, 3), found.second.value) == (0.667, 0.8)
    assert found.missed == pytest.approx(51 * 61 / 41 - 1 - 70)
    assert agreement.caught(both=0, first_only=0, second_only=0).first is None


def test_each_level_says_what_it_found() -> None:
    checks = pl.DataFrame({"level": [2, 1, 1, 1, 2], "wrong": [False, True, False, True, True]})

    found = agreement.found_by_level(checks)

    assert found["level"].to_list() == [1, 2]
    assert found["checked"].to_list() == [3, 2]
    assert found["share"].to_list() == pytest.approx([2 / 3, 1 / 3])
    assert (found["low"] < found["rate"]).all()


def test_what_flows_into_a_level_flows_out_of_it() -> None:
    findings = pl.DataFrame(
        {"origin": ["keyed", "keyed", "form"], "level": [1, 2, 1], "ending": ["corrected", "declined", "corrected"]}
    )

    edges = agreement.flow(findings, left=3.2)

    into, out = (dict(edges.group_by(side).agg(pl.col("count").sum()).iter_rows()) for side in ("target", "source"))
    assert into["1"] == out["1"] == 2
    assert into["left"] == 3.2


# --- signs of life ----------------------------------------------------------------------------------


def test_one_quiet_year_puts_nobody_out_and_one_sign_brings_nobody_in() -> None:
    quiet, seen_once = signs_of_life.index([[0, 0], [1, 0]], start=[1, 0])

    assert quiet.tolist() == pytest.approx([1, 0.8, 0.64])
    assert signs_of_life.lives_here(quiet).tolist() == [True, True, False]
    assert seen_once.tolist() == pytest.approx([0, 0.2, 0.16])


def test_an_index_never_leaves_its_scale() -> None:
    found = signs_of_life.index([[5, 5, 5], [0, 0, 0]])

    assert found.max() <= 1
    assert found.min() >= 0


def test_each_person_gets_an_index_from_signs_counted_once_a_year() -> None:
    signs = pl.DataFrame(
        {"person_id": [1, 1, 2], "year": [2025, 2025, 2019], "sign": ["enrolled", "enrolled", "enrolled"]}
    )

    found = signs_of_life.indexed(signs, people=[2, 1, 3], years=[2023, 2024, 2025], start=0.7)

    assert found["person_id"].to_list() == [2, 1, 3]
    assert found["index"].to_list() == pytest.approx([0.3584, 0.5584, 0.3584])
    assert found["last_year"].to_list() == [None, 2025, None]


def test_every_number_of_the_index_says_where_it_is_from() -> None:
    listed = [*signs_of_life.parameters().values(), *signs_of_life.weights().values()]

    assert all(one.source and one.certainty in {"sure", "assumed", "unsure"} for one in listed)
    with pytest.raises(ValueError, match="unheard_of"):
        signs_of_life.indexed(pl.DataFrame({"person_id": [1], "year": [2025], "sign": ["unheard_of"]}), [1], [2025])
