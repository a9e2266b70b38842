"""Four eyes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotAllowed
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


def test_the_second_officer_holds_the_permission_in_that_area() -> None:
    approval = actions.propose(
        kind="test.change", subject="test.Thing:1", commune_code=make.NAM_KHAN, payload={},
        permission="services.decide", by=make.actor("commune_officer"), at=now(), reason="the paper says so",
    )  # fmt: skip
    kit_operator, elsewhere = make.actor("kit_operator"), make.actor("clerk", make.NAM_TIN)
    for one in (kit_operator, elsewhere):
        assert not queries.waiting_for(one)
        with pytest.raises(NotAllowed):
            actions.approve(approval=approval, by=one, at=now())
    clerk = make.actor("clerk")
    assert list(queries.waiting_for(clerk)) == [approval]

    actions.approve(approval=approval, by=clerk, at=now(), reason="seen the paper", person_ids=[7])

    decided = audit.about("test.Thing:1")[0]
    assert decided.action == "test.change.approved"
    assert (decided.facts["why"], decided.facts["reason"]) == ("the paper says so", "seen the paper")
    assert (decided.person_ids, decided.commune_code) == ([7], make.NAM_KHAN)
    assert not queries.waiting_for(clerk)


def test_a_proposal_that_nobody_decides_expires_and_says_so() -> None:
    officer = make.actor("commune_officer")
    approval = _proposed(officer)
    late = approval.due_at + dt.timedelta(minutes=1)

    with pytest.raises(rules.ProposalExpired):
        actions.approve(approval=approval, by=make.actor("commune_officer"), at=late)
    assert (actions.expire(by=make.MAKER, at=late), actions.expire(by=make.MAKER, at=late)) == (1, 0)

    [told] = queries.proposed_by(officer, approval.proposed_at)
    assert told.expired
    assert audit.about("test.Thing:1")[0].action == "test.change.expired"
    with pytest.raises(rules.ProposalExpired):
        actions.decline(approval=approval, by=make.actor("commune_officer"), at=late, reason="late")
    assert _proposed(officer).pk != approval.pk


def test_a_kind_may_want_the_first_officers_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rules._kinds, "test.change", rules.FourEyes("test.change", "a change", "", reason_first=True))

    with pytest.raises(rules.ProposalUnexplained):
        _proposed(make.actor("commune_officer"))


def test_one_page_shows_what_waits_for_the_second_officer(client: Client) -> None:
    first, second = make.officer("card_officer", name="First Officer"), make.officer("card_officer")
    actions.propose(
        kind="cards.release", subject="cards.Application:1", commune_code=make.NAM_KHAN, payload={"code": "ABC234"},
        by=queries.actor_of(first), at=now(), reason="all is there",
    )  # fmt: skip
    client.cookies["django_language"] = "en"

    client.force_login(second)
    theirs = client.get("/nguoi-thu-hai").content.decode()
    client.force_login(first)
    mine = client.get("/nguoi-thu-hai").content.decode()

    assert "Release of a card" in theirs
    assert "/the/ban/don/ABC234" in theirs
    assert "First Officer" in theirs
    assert "all is there" in theirs
    assert "Nothing waits for you." in mine
    assert "waits until" in mine


def test_a_role_in_one_commune_gives_no_right_in_another() -> None:
    officer = make.officer("commune_officer", make.NAM_KHAN)
    make.assign(officer, "kit_operator", make.NAM_TIN, "commune")
    actor = queries.actor_of(officer)

    assert actor.communes == frozenset({make.NAM_KHAN, make.NAM_TIN})
    assert actor.may("services.decide", make.NAM_KHAN)
    assert not actor.may("services.decide", make.NAM_TIN)
    assert not actor.may("cards.hand_over", "03316")
    assert actor.may("cards.hand_over", make.NAM_TIN)


def test_a_small_role_in_the_province_makes_no_other_role_larger() -> None:
    officer = make.officer("commune_officer", make.NAM_KHAN)
    make.assign(officer, "kit_operator")
    actor = queries.actor_of(officer)

    assert actor.communes is None
    assert not actor.may("services.decide", make.NAM_TIN)
    assert actor.within("services.decide").communes == frozenset({make.NAM_KHAN})


def test_a_page_shows_the_area_of_the_role_that_opens_it(client: Client) -> None:
    officer = make.officer("commune_officer", make.NAM_KHAN)
    make.assign(officer, "kit_operator", make.NAM_TIN, "commune")
    client.force_login(officer)

    shown: Any = client.get("/dich-vu-cong/quay")

    actor = shown.wsgi_request.actor
    assert actor.communes == {make.NAM_KHAN}


def test_officers_are_made_and_given_roles_by_the_program_alone() -> None:
    by, officer = make.actor("administrator"), make.officer("clerk")

    with pytest.raises(NotAllowed):
        actions.assign(officer=officer, role="auditor", unit_code="11", unit_level="province", by=by, at=now())
    with pytest.raises(NotAllowed):
        actions.enlist(username=officer.username, full_name="x", password="a-long-password", by=by, at=now())
