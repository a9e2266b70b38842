"""From two officers' word that two records are one person to their join, and what follows a join made elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from hoaban.base.clock import now
from hoaban.cards import queries as cards
from hoaban.enrolment import queries as enrolments
from hoaban.matching import actions, queries
from hoaban.matching.models import Case, Print
from hoaban.matching.rules import Joining, State, Verdict
from hoaban.people import actions as people
from hoaban.people import queries as register
from hoaban.people import rules as people_rules
from hoaban.people.models import Person
from hoaban.people.rules import Deed
from hoaban.web.actor import acting_as
from tests import make
from tests.cards import world as card_world
from tests.matching import world

pytestmark = pytest.mark.usefixtures("db")
SAME = Verdict.SAME
WHO: dict[str, Any] = {"source": "decision:7", "by": make.MAKER}


def found_same() -> Case:
    return queries.case(world.judged(world.suspected(), SAME, SAME).pk, None)


def decided(case: Case, *, yes: bool = True) -> Case:
    officer = card_world.actor("commune_officer")
    assert case.proposal is not None
    with acting_as(officer):
        if yes:
            people.approve(approval_id=case.proposal.pk, by=officer, at=now())
        else:
            people.decline(approval_id=case.proposal.pk, reason="they are sisters", by=officer, at=now())
    make.run_due_jobs()
    return queries.case(case.pk, None)


def ends(case: Case) -> tuple[Person, Person]:
    return register.person(case.person_id), register.person(case.other_id)


def test_two_reviewers_who_agree_propose_the_join_of_the_record_without_a_number_to_the_other() -> None:
    case = found_same()
    person, other = ends(case)

    assert case.proposal is not None
    assert case.proposal.kind == people_rules.kind_of(Deed.JOIN)
    assert case.proposal.payload["person"] == person.pk
    assert case.proposal.payload["facts"]["goes_id"] == other.pk
    assert queries.joining_of(case) is Joining.WAITS
    assert register.waits_on(person.pk) == [case.proposal]
    assert actions.propose_join(case_id=case.pk, by=make.MAKER, at=now()).proposal == case.proposal


def test_the_held_goes_on_once_the_records_are_joined() -> None:
    case = found_same()
    person, other = ends(case)
    assert enrolments.enrolment(case.enrolment_id).state == "held"

    case = decided(case)

    assert queries.joining_of(case) is Joining.JOINED
    assert register.person(other.pk).joined_to == person
    assert enrolments.enrolment(case.enrolment_id).state == "cleared"
    assert cards.of_person(person.pk).count() == 1


def test_a_declined_join_is_told_and_both_records_stay() -> None:
    case = decided(found_same(), yes=False)

    assert queries.joining_of(case) is Joining.DECLINED
    assert case.proposal is not None
    assert case.proposal.reason == "they are sisters"
    assert ends(case)[1].joined_to is None
    assert enrolments.enrolment(case.enrolment_id).state == "held"


def test_a_parting_says_that_they_are_two_and_whoever_was_enrolled_again_is_theirs_again() -> None:
    case = decided(found_same())
    person, other = ends(case)
    late = world.enrolled(other)
    assert late.person == person, "a list made before the join still names the record that went"

    [join] = register.joins_of(person.pk)
    people.part(join_id=join.pk, at=now(), **WHO)
    make.run_due_jobs()

    case = queries.case(case.pk, None)
    assert case.state == State.DIFFERENT
    assert queries.joining_of(case) is Joining.PARTED
    assert enrolments.enrolment(case.enrolment_id).person == person


def test_enrolments_prints_and_pairs_follow_a_join_and_come_back() -> None:
    woman, again, third = world.woman(), world.her_again(), world.her_again(village_code="")
    one = world.enrolled(again)
    world.looked_at(one.pk)
    pairs = {case.pk: {case.person_id, case.other_id} for case in queries.cases_of(again.pk)}
    assert {frozenset(pair) for pair in pairs.values()} == {
        frozenset({woman.pk, again.pk}), frozenset({again.pk, third.pk})
    }  # fmt: skip

    done = people.join(stays_id=woman.pk, goes_id=again.pk, at=now(), **WHO)
    make.run_due_jobs()

    assert enrolments.enrolment(one.pk).person == woman
    assert set(Print.objects.values_list("person", flat=True)) == {woman.pk}
    [decided_pair] = queries.cases_of(again.pk)
    assert (decided_pair.state, decided_pair.proposal) == (State.SAME, None)
    assert {case.other_of(woman.pk) for case in queries.cases_of(woman.pk)} == {again.pk, third.pk}

    people.part(join_id=done.pk, at=now(), **WHO)
    make.run_due_jobs()

    assert enrolments.enrolment(one.pk).person == again
    assert set(Print.objects.values_list("person", flat=True)) == {again.pk}
    assert {case.pk: {case.person_id, case.other_id} for case in queries.cases_of(again.pk)} == pairs


def test_a_join_that_could_not_be_proposed_is_proposed_later() -> None:
    case = world.suspected()
    third = make.person("Lo Mai")
    facts = {"goes_id": third.pk, "evidence": ""}
    first = card_world.actor("commune_officer")
    waits = people.propose(
        deed=Deed.JOIN, person_id=case.person_id, facts=facts, source="decision:7", by=first, at=now()
    )

    case = queries.case(world.judged(case, SAME, SAME).pk, None)
    assert case.proposal is None
    assert queries.joining_of(case) is Joining.TO_PROPOSE

    people.decline(approval_id=waits.pk, reason="no", by=card_world.actor("commune_officer"), at=now())
    assert queries.to_propose() == [case.pk]
    actions.propose_join(case_id=case.pk, by=make.MAKER, at=now())
    assert queries.to_propose() == []
