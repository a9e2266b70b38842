"""How alike: the story's cases by name, and what must hold for any names."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hoaban.linkage import queries
from hoaban.linkage.engine.compare import born_level, name_level, weights
from hoaban.linkage.rules import Level, Record

MAI = Record("1", "", "040123456", "L\u00f2 Th\u1ecb Mai", "1962-05-14", "F", "Qu\u00e0ng Th\u1ecb Inh", "03174-01")


def test_a_second_form_with_a_wrong_tone_and_a_year_only_is_suspected() -> None:
    again = replace(MAI, key="2", number9="", name="L\u00f2 Th\u1ecb M\u00e1i", born="1962")

    assert queries.likeness(MAI, again).is_suspect


def test_a_twin_is_not_a_double() -> None:
    twin = replace(MAI, key="2", number9="", name="L\u00f2 Th\u1ecb Hoa")

    assert not queries.likeness(MAI, twin).is_suspect


def test_a_namesake_next_door_is_not_suspected() -> None:
    namesake = replace(MAI, key="2", number9="040999999", born="1988-01-30", mother="V\u00ec Th\u1ecb \u00dan")

    assert not queries.likeness(MAI, namesake).is_suspect


def test_an_adult_name_in_the_middle_keeps_the_person() -> None:
    assert name_level("Gi\u00e0ng A P\u00e1o", "Gi\u00e0ng Nh\u00eca P\u00e1o") is Level.OTHER_MIDDLE


def test_dates_agree_as_far_as_they_are_known() -> None:
    assert born_level("1962", "1962-05-14") is Level.AGREES
    assert born_level("1962-01-01", "1962-05-14") is Level.AGREES
    assert born_level("1962-05-07", "1962-07-05") is Level.SWAPPED
    assert born_level("1962-05-07", "1963-05-07") is Level.OTHER


def test_the_better_a_field_agrees_the_more_it_says() -> None:
    assert weights()["name", Level.SAME] > weights()["name", Level.WITHOUT_MARKS] > weights()["name", Level.NEAR]
    assert weights()["name", Level.OTHER] < 0 < weights()["born", Level.AGREES] < weights()["born", Level.SAME]
    assert weights()["mother", Level.UNKNOWN] == 0


names = st.text("abcdeghi \u00e0\u00e1\u1ea1\u0111", min_size=1, max_size=20)


@given(names, names)
def test_likeness_is_the_same_both_ways(a: str, b: str) -> None:
    one, two = replace(MAI, name=a), replace(MAI, key="2", name=b)

    assert queries.likeness(one, two) == queries.likeness(two, one)
