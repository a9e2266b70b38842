"""Counting people by place and age."""

from __future__ import annotations

import datetime as dt

import pytest

from hoaban.people import queries
from tests import make


@pytest.mark.django_db
def test_the_living_are_counted_by_commune_and_by_age() -> None:
    make.person(born="1958")
    make.person(born="2012")  # fourteen on some day of 2026 that nobody knows
    make.person(born="2012-11-25")
    make.person(born="1990", nationality="LA")
    make.person(born="1980", commune_code=make.NAM_TIN)
    day = dt.date(2026, 11, 25)

    everybody = queries.living()

    assert queries.count_by_commune(everybody) == {make.NAM_KHAN: 4, make.NAM_TIN: 1}
    of_age = queries.citizens_aged(queries.living({make.NAM_KHAN}), 14, day)
    assert queries.count_by_commune(of_age) == {make.NAM_KHAN: 2}
    assert queries.count_by_village(of_age) == {"": 2}
