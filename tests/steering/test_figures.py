"""A figure and the names behind it are the same question."""

from __future__ import annotations

import pytest

from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.steering import queries, rules
from hoaban.web.actor import acting_as
from tests import make
from tests.steering import world

pytestmark = pytest.mark.usefixtures("db")

EXPECTED = {
    "counted": {"only counted", "child", "checked", "enrolled", "carded", "with account", "served"},
    "checked": {"checked"},
    "enrolled": {"enrolled", "carded", "with account"},
    "carded": {"carded"},
    "accounts": {"with account"},
    "served": {"served"},
    "left": {"only counted", "checked", "served"},
}


def test_every_figure_counts_the_names_behind_it_and_only_those() -> None:
    people = world.people()
    at = now()

    board = queries.board(make.MAKER, at)
    line = queries.commune(make.MAKER, make.NAM_KHAN, at)

    assert set(EXPECTED) == {one.code for one in rules.INDICATORS}
    [here] = [one for one in board.lines if one.code == make.NAM_KHAN]
    assert here == line
    for one in rules.INDICATORS:
        found = queries.names(one, queries.living(make.MAKER, make.NAM_KHAN, None, at), "1", at)
        assert {person.pk for person in found} == {people[name].pk for name in EXPECTED[one.code]}, one.code
        assert line.counts[one.code].people == found.paginator.count == len(EXPECTED[one.code])
        everywhere = queries.names(one, queries.living(make.MAKER, "", None, at), "1", at)
        assert board.total.counts[one.code].people == everywhere.paginator.count
    assert line.counts["carded"].of == 6  # the child is not of age
    assert line.counts["counted"].of == 2090  # as published for 2022


def test_the_villages_of_a_commune_add_up_to_it() -> None:
    world.people()
    at = now()

    line = queries.commune(make.MAKER, make.NAM_KHAN, at)
    villages = queries.villages(make.NAM_KHAN, at)

    for one in rules.INDICATORS:
        assert sum(village.counts[one.code].people for village in villages) == line.counts[one.code].people


def test_an_officer_sees_the_figures_and_names_of_their_area_alone() -> None:
    world.people()
    at, officer = now(), make.actor("commune_officer", make.NAM_TIN)

    with acting_as(officer):
        board = queries.board(officer, at)

        assert [one.code for one in board.lines] == [make.NAM_TIN]
        assert board.total.counts["counted"].people == 1
        with pytest.raises(NotFound):
            queries.commune(officer, make.NAM_KHAN, at)
        with pytest.raises(NotFound):
            queries.living(officer, make.NAM_KHAN, None, at)


def test_an_unknown_indicator_or_commune_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.measure("rich")
    with pytest.raises(NotFound):
        queries.commune(make.MAKER, "99999", now())
