"""Four eyes on legal facts: one proposes, another decides, and what was proposed happens or doesn't."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from hoaban.base.clock import now
from hoaban.base.errors import ChangedMeanwhile, NotAllowed
from hoaban.officers import rules as officer_rules
from hoaban.people import actions, queries, rules
from hoaban.people.models import Person
from hoaban.people.rules import Deed
from hoaban.web.actor import acting_as
from tests import make

pytestmark = pytest.mark.django_db
DAY = "2026-03-01"


def proposed(deed: Deed, person: Person, facts: dict[str, Any]) -> int:
    first = make.actor("commune_officer")
    with acting_as(first):
        return actions.propose(deed=deed, person_id=person.pk, facts=facts, source="decision:7", by=first, at=now()).pk


def approve(approval_id: int) -> None:
    second = make.actor("commune_officer")
    with acting_as(second):
        actions.approve(approval_id=approval_id, by=second, at=now())


def test_a_legal_fact_changes_when_a_second_officer_says_so() -> None:
    person = make.person(number="011158000001", birth_reg_place="Dien Bien")
    he = make.person("Lò Pao Sung", sex="M", commune_code=make.NAM_TIN)
    spouse = {"other_id": he.pk, "day": DAY}
    to = {"commune_code": make.NAM_TIN, "village_code": "", "address": "Nam Tin", "day": DAY, "household_id": None}

    for deed, facts in (
        (Deed.CORRECT, {"changes": {"ethnicity": "08"}}),
        (Deed.NUMBER, {}),
        (Deed.MARRY, spouse),
        (Deed.DIVORCE, spouse),
        (Deed.CLOSE, {"life": "missing", "day": DAY, "reason": "by decision"}),
        (Deed.REOPEN, {"reason": "she is back"}),
        (Deed.JOIN, {"goes_id": make.person("Lo May").pk}),
    ):
        before = queries.person(person.pk).version
        waiting = proposed(deed, person, facts)
        assert queries.person(person.pk).version == before
        approve(waiting)
        assert queries.person(person.pk).version > before, deed
    approve(proposed(Deed.PART, person, {"join_id": queries.joins_of(person.pk)[0].pk}))
    approve(proposed(Deed.MOVE, person, to | {"relation_to_head": ""}))

    assert queries.person(person.pk).commune_code == make.NAM_TIN
    assert queries.person(person.pk).number != "011158000001"


def test_a_birth_is_proposed_at_the_mothers_record() -> None:
    mother = make.person(born="1990")
    child = {
        "full_name": "Lo Dia",
        "sex": "M",
        "born": DAY,
        "commune_code": make.NAM_KHAN,
        "birth_reg_place": "Dien Bien",
    }

    approve(
        proposed(Deed.BIRTH, mother, {"child": child, "mother_id": mother.pk, "father_id": None, "household_id": None})
    )

    [born] = queries.children_of(mother.pk)
    assert born.number.startswith("0112")


def test_nobody_decides_their_own_proposal_nor_twice_nor_elsewhere() -> None:
    person = make.person()
    first = make.actor("commune_officer")
    facts = {"life": "missing", "day": DAY, "reason": "by decision"}
    with acting_as(first):
        one = actions.propose(deed=Deed.CLOSE, person_id=person.pk, facts=facts, source="t:1", by=first, at=now())
        with pytest.raises(officer_rules.SameOfficer), transaction.atomic():
            actions.approve(approval_id=one.pk, by=first, at=now())
    stranger = make.actor("commune_officer", make.NAM_TIN)
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.approve(approval_id=one.pk, by=stranger, at=now())

    with pytest.raises(officer_rules.ReasonMissing), transaction.atomic():
        actions.decline(approval_id=one.pk, reason=" ", by=make.actor("commune_officer"), at=now())
    actions.decline(approval_id=one.pk, reason="not dead", by=make.actor("commune_officer"), at=now())

    with pytest.raises(officer_rules.AlreadyDecided):
        approve(one.pk)
    assert queries.person(person.pk).life == "living"


def test_a_refused_change_is_not_decided() -> None:
    person = make.person(born="2015")
    he = make.person("Lò Pao Sung", sex="M", born="1990")
    waiting = proposed(Deed.MARRY, person, {"other_id": he.pk, "day": DAY})

    with pytest.raises(rules.TooYoungToMarry), transaction.atomic():
        approve(waiting)

    assert queries.waiting(make.actor("commune_officer"))[0].pk == waiting


def test_the_second_officer_hears_of_what_changed_since() -> None:
    person = make.person()
    waiting = proposed(Deed.CORRECT, person, {"changes": {"ethnicity": "08"}})
    actions.correct(person_id=person.pk, changes={"ethnicity": "01"}, source="t:1", by=make.MAKER, at=now())

    with pytest.raises(ChangedMeanwhile), transaction.atomic():
        approve(waiting)


def test_who_may_not_change_proposes_nothing() -> None:
    person, chair = make.person(), make.actor("chair", "11", "province")
    with pytest.raises(NotAllowed):
        actions.propose(deed=Deed.NUMBER, person_id=person.pk, facts={}, source="t:1", by=chair, at=now())
    with pytest.raises(rules.NotWaiting):
        rules.deed_of("cards.release")
    assert dt.date.fromisoformat(DAY)
