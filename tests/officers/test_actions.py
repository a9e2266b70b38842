"""Four eyes."""

from __future__ import annotations

import pytest

from hoaban.base.clock import now
from hoaban.officers import actions, queries, rules
from hoaban.officers.models import Approval
from hoaban.web.actor import Actor
from tests import make

pytestmark = pytest.mark.django_db


def _proposed(by: Actor) -> Approval:
    return actions.propose(
        kind="test.change", subject="test.Thing:1", commune_code=make.NAM_KHAN, payload={}, by=by, at=now()
    )


def test_nobody_approves_what_they_proposed() -> None:
    officer = make.actor("commune_officer")
    approval = _proposed(officer)

    with pytest.raises(rules.SameOfficer):
        actions.approve(approval=approval, by=officer, at=now())
    assert not queries.waiting("test.change", officer)


def test_a_second_officer_decides_once() -> None:
    approval = _proposed(make.actor("commune_officer"))
    second = make.actor("commune_officer")
    assert list(queries.waiting("test.change", second)) == [approval]

    actions.approve(approval=approval, by=second, at=now())

    with pytest.raises(rules.AlreadyDecided):
        actions.decline(approval=approval, by=make.actor("commune_officer"), at=now(), reason="late")


def test_an_officer_of_another_commune_is_not_asked() -> None:
    _proposed(make.actor("commune_officer"))

    assert not queries.waiting("test.change", make.actor("commune_officer", make.NAM_TIN))


def test_proposing_twice_is_proposing_once() -> None:
    officer = make.actor("commune_officer")

    assert _proposed(officer) == _proposed(officer)
