"""How names and dates go wrong."""

from __future__ import annotations

import datetime as dt
import unicodedata

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base import names
from hoaban.synth.engine import facts, slips

WORDS = sorted({text.upper() for text in facts.table("given_names")["given"].to_list() if text})
seeds = st.integers(0, 10_000).map(np.random.default_rng)
full_names = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map(" ".join)


@given(name=full_names, rng=seeds)
def test_a_wrong_tone_changes_nothing_but_a_tone(name: str, rng: np.random.Generator) -> None:
    wrong = slips.wrong_tone(name, rng)

    assert wrong != name
    assert names.fold(wrong) == names.fold(name)
    assert unicodedata.is_normalized("NFC", wrong)


@given(name=full_names)
def test_the_middle_is_lost_or_one_is_added(name: str) -> None:
    wrong = slips.middle_lost_or_added(name, "X")

    assert wrong.split()[0] == name.split()[0]
    assert wrong.split()[-1] == name.split()[-1]
    assert len(wrong.split()) == (3 if len(name.split()) == 2 else 2)


@given(name=full_names)
def test_the_given_name_first_keeps_every_word(name: str) -> None:
    assert sorted(slips.given_first(name).split()) == sorted(name.split())


@given(right=st.dates(dt.date(1923, 1, 1), dt.date(2022, 12, 1)), rng=seeds)
def test_a_wrong_date_is_another_day_that_has_been(right: dt.date, rng: np.random.Generator) -> None:
    latest = dt.date(2022, 12, 1)

    wrong = slips.wrong_date(right, latest, rng)

    assert wrong != right
    assert wrong <= latest


def test_a_family_name_is_spelt_as_others_spell_it() -> None:
    row = facts.table("family_names").filter(pl.col("spelling_variants") != "").row(0, named=True)
    variants = {row["family_name"]: row["spelling_variants"].split("|")}

    wrong = slips.variant(f"{row['family_name']} A", variants, np.random.default_rng(1))

    assert wrong.split()[0] in variants[row["family_name"]]
