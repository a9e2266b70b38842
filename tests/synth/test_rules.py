"""What may be ordered."""

from __future__ import annotations

import pytest

from hoaban.synth import rules
from hoaban.synth.engine import errors, facts
from hoaban.synth.rules import Kind

KNOWN = ("03156", "03165", "03174")


def test_communes_come_in_the_order_of_their_codes() -> None:
    assert rules.check_order(100, ("03174", "03156"), KNOWN) == ("03156", "03174")


def test_no_commune_asked_means_all() -> None:
    assert rules.check_order(100, (), KNOWN) == KNOWN


def test_a_commune_of_nowhere_is_refused_by_name() -> None:
    with pytest.raises(rules.UnknownCommune) as no:
        rules.check_order(100, ("03174", "99999"), KNOWN)

    assert no.value.facts == {"codes": "99999"}


def test_a_province_of_nobody_is_refused() -> None:
    with pytest.raises(rules.TooFewPeople) as no:
        rules.check_order(10, (), KNOWN)

    assert no.value.facts["fewest"] == 3 * rules.FEWEST_IN_COMMUNE


def test_every_kind_of_the_facts_is_known_and_has_a_rate() -> None:
    assert set(errors.rates()) == {kind.value for kind in Kind}


def test_every_assumption_lies_in_its_range_and_says_its_source() -> None:
    for row in facts.table("assumptions").iter_rows(named=True):
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row["name"]
        assert row["source"], row["name"]
        assert row["certainty"], row["name"]
