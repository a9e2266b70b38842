"""Stratified draws: anyone can repeat them, they look harder where errors gather, and they stay without bias."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hoaban.verification.engine import sampling

LOT = {f"DC01-{place:04d}": "questioned" if place < 40 else "old" if place < 110 else "rest" for place in range(500)}


def test_the_base_is_the_plain_draw_and_the_rest_is_drawn_by_the_same_turns() -> None:
    drawn = sampling.draw_stratified(LOT, base=50, more=30, seed=7)

    assert [one.serial for one in drawn if one.decides] == sampling.draw(LOT, 50, 7)
    for name in set(LOT.values()):
        mine = [one.serial for one in drawn if one.stratum == name]
        of_it = [serial for serial, stratum in LOT.items() if stratum == name]
        assert mine == sampling.draw(of_it, len(mine), 7)


def test_weights_add_up_to_the_lot() -> None:
    drawn = sampling.draw_stratified(LOT, base=50, more=30, seed=11)

    weights: Counter[str] = Counter()
    for one in drawn:
        weights[one.stratum] += one.weight  # type: ignore[assignment]
    assert {name: round(weight) for name, weight in weights.items()} == Counter(LOT.values())
    assert len(drawn) >= 80
    assert [one.place for one in drawn] == list(range(1, len(drawn) + 1))


def test_weighted_estimates_are_without_bias_though_errors_gather() -> None:
    wrong = {serial for place, serial in enumerate(LOT) if place % (4 if place < 40 else 25) == 0}
    found = []
    for seed in range(400):
        drawn = sampling.draw_stratified(LOT, base=40, more=30, seed=seed)
        found.append(sum(one.weight for one in drawn if one.serial in wrong))

    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - len(wrong)) < 4 * error


def test_questioned_rows_are_looked_at_more_than_their_share() -> None:
    drawn = sampling.draw_stratified(LOT, base=0, more=60, seed=3)

    counted = Counter(one.stratum for one in drawn)
    assert counted["questioned"] / 40 > 3 * counted["rest"] / 390


def test_a_stratified_draw_finds_a_fifth_more_errors_than_a_plain_one_of_its_size() -> None:
    wrong = {serial for place, serial in enumerate(LOT) if place % (5 if place < 40 else 33) == 0}
    plain = shaped = 0

    for seed in range(300):
        plain += len(wrong.intersection(sampling.draw(LOT, 80, seed)))
        shaped += sum(one.serial in wrong for one in sampling.draw_stratified(LOT, base=50, more=30, seed=seed))

    assert shaped >= 1.2 * plain


SIZES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 300), min_size=1)


@given(SIZES, st.integers(0, 900), st.dictionaries(st.sampled_from("abcdef"), st.floats(0.5, 5)), st.integers(0, 4))
def test_an_allocation_is_whole_and_within_each_stratum(
    sizes: dict[str, int], size: int, importance: dict[str, float], least: int
) -> None:
    given_ = sampling.allocate(sizes, size, importance, least)

    needed = sum(min(least, count) for count in sizes.values())
    assert sum(given_.values()) == max(min(size, sum(sizes.values())), needed)
    assert all(min(least, sizes[name]) <= count <= sizes[name] for name, count in given_.items())


def test_the_most_important_mark_names_the_stratum() -> None:
    assert sampling.stratum_of(["old", "questioned", "unheard of"]) == "questioned"
    assert sampling.stratum_of(["border", "old"]) == "border"
    assert sampling.stratum_of([]) == "rest"
