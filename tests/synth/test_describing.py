"""Describing a written province, and ordering other error rates."""

from __future__ import annotations

import contextlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from hoaban.synth import actions, queries, rules
from hoaban.synth.commands import app
from hoaban.synth.engine import describing, villages
from hoaban.synth.rules import Kind
from tests.synth.conftest import DEMO


def test_each_table_counts_everybody_and_lies_near_the_facts(province: Path) -> None:
    told = queries.describe(province)

    assert sum(line.count for line in told.ages) == told.people == 20_000
    assert sum(line.count for line in told.groups) == 20_000
    assert sum(line.count for line in told.errors_on_a_form) == told.forms
    assert describing.farthest(told.ages) < 1
    assert describing.farthest(told.groups) < 3
    assert describing.farthest(told.errors) < 0.5
    assert describing.farthest(line for line in told.households if line.of == "M\u00f4ng") < 3


def test_households_count_by_the_group_of_their_head() -> None:
    people = pl.DataFrame(
        {"household_id": ["H1", "H1", "H2"], "relation": ["02", "01", "01"], "ethnicity": ["03", "08", "08"]}
    )

    sizes = {(line.label, line.count) for line in describing.households(people) if line.count}

    assert sizes == {("2", 1), ("1", 1)}


def test_the_command_prints_each_kind(province: Path) -> None:
    printed = CliRunner().invoke(app, ["describe", str(province)])

    assert printed.exit_code == 0
    assert all(kind.value in printed.output for kind in Kind)


def test_other_rates_can_be_ordered(tmp_path: Path) -> None:
    table = tmp_path / "rates.csv"
    table.write_text('code,rate_pct\nE08,"12,5"\nE01,0\n', encoding="utf-8")
    rates = queries.rates(table)
    actions.write(folder=tmp_path / "out", people=3000, seed=4, communes=DEMO, images=0, rates=rates)

    told = {line.of: line for line in queries.describe(tmp_path / "out").errors}

    assert rates == {"E08": 0.125, "E01": 0.0}
    assert told["E01"].count == 0
    assert told["E08"].fact == 12.5
    assert abs(told["E08"].share - 12.5) < 2
    assert told["E10"].fact == 0.7  # those not named keep theirs


@given(st.lists(st.fixed_dictionaries({"code": st.text(max_size=4), "rate_pct": st.text(max_size=6)}), max_size=5))
def test_whatever_the_table_says_it_is_read_or_refused(rows: list[dict[str, str]]) -> None:
    rates: dict[str, float] | None = None
    with contextlib.suppress(rules.BadRates):
        rates = rules.read_rates(rows, "rates.csv")

    assert rates is None or (rates and all(code in list(Kind) and 0 <= rate <= 0.3 for code, rate in rates.items()))


def test_every_fault_of_the_rates_is_named() -> None:
    rows = [{"code": "E99", "rate_pct": "1"}, {"code": "E01", "rate_pct": "much"}, {"code": "E02", "rate_pct": "31"}]

    with pytest.raises(rules.BadRates) as refused:
        rules.read_rates(rows, "rates.csv")

    assert refused.value.facts["faults"] == "2: E99; 3: much; 4: 31"


def test_the_whole_province_has_its_villages() -> None:
    assert sum(villages.counts().values()) == 1447
    assert min(villages.counts().values()) >= 2
