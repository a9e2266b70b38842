"""From the enrolled to one person for certain, and everything that two pairs of eyes stop on the way."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotAllowed, NotFound
from hoaban.cards import queries as cards
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.models import Enrolment
from hoaban.matching import actions, queries, rules
from hoaban.matching.models import Case, Print, Review
from hoaban.matching.rules import Standing, State, Verdict
from hoaban.people import queries as people
from hoaban.web.actor import Actor, acting_as
from tests import make
from tests.cards import world as card_world
from tests.matching import world

pytestmark = pytest.mark.usefixtures("db")

SAME, DIFFERENT, UNSURE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE


def looked(one: Enrolment) -> Standing:
    return world.looked_at(one.pk)


def test_whoever_is_alone_is_cleared_and_their_card_asked_for() -> None:
    make.person("Giàng A Chu", sex="M")
    one = world.enrolled(world.woman())

    make.run_due_jobs()

    [entry] = audit.about(f"enrolment.Enrolment:{one.pk}").filter(action="matching.cleared")
    assert entry.facts == {"enrolment": one.pk, "person": one.person_id}
    assert entry.person_ids == [one.person_id]
    assert enrolments.enrolment(one.pk).state == "cleared"
    [application] = cards.of_person(one.person_id or 0)
    assert application.enrolment_id == one.pk
    assert application.simulated


def test_whoever_has_no_number_is_given_one_before_their_card_is_asked_for() -> None:
    woman = world.woman(number="", birth_reg_place="Nam Khan, Dien Bien")
    world.enrolled(woman)

    make.run_due_jobs()

    assert people.person(woman.pk).number.startswith("011162")
    assert cards.of_person(woman.pk).exists()


def test_who_is_enrolled_again_while_a_card_is_made_gets_no_second() -> None:
    woman = world.woman()
    for _time in range(2):
        world.enrolled(woman)
        make.run_due_jobs()

    assert cards.of_person(woman.pk).count() == 1


def test_a_number_that_can_not_be_given_keeps_nobody_from_asking() -> None:
    woman = world.woman(number="", birth_reg_place="")
    world.enrolled(woman)

    make.run_due_jobs()

    assert people.person(woman.pk).number == ""
    assert cards.of_person(woman.pk).exists()


def test_looking_twice_clears_and_asks_once() -> None:
    one = world.enrolled(world.woman())

    assert looked(one) is Standing.CLEARED
    assert looked(one) is Standing.CLEARED
    make.run_due_jobs()

    assert audit.about(f"enrolment.Enrolment:{one.pk}").filter(action="matching.cleared").count() == 1
    assert cards.of_person(one.person_id or 0).count() == 1


def test_a_near_duplicate_becomes_a_case_with_what_speaks_for_it() -> None:
    case = world.suspected()

    assert enrolments.enrolment(case.enrolment_id).state == "received"
    assert case.bits >= 12
    assert {row["field"]: row["level"] for row in case.evidence}["name"] == "same_without_marks"
    assert case.simulated
    assert queries.count_open() == 1
    [entry] = audit.about(case.subject)
    assert (entry.action, entry.person_ids) == ("matching.case_opened", [case.person_id, case.other_id])


def test_looking_again_opens_no_second_case() -> None:
    case = world.suspected()

    assert looked(enrolments.enrolment(case.enrolment_id)) is Standing.WAITS

    assert Case.objects.count() == 1


def test_a_pair_is_one_case_whichever_of_the_two_is_enrolled() -> None:
    case = world.suspected()

    assert looked(world.enrolled(people.person(case.other_id))) is Standing.WAITS

    assert Case.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            enrolment=case.enrolment, person_id=case.other_id, other_id=case.person_id, commune_code="1",
            other_commune_code="1", bits=1, evidence=[], opened_at=now(),
        )  # fmt: skip


def test_a_twin_and_a_namesake_are_no_case() -> None:
    world.her_again()
    make.person("Lò Thi Hoa", born="1962-05-14", mother_name="Quàng Thi Inh")
    make.person("Lò Thi Mai", born="1988-01-30", mother_name="Vì Thi Un", number9="040999999")

    assert looked(world.enrolled(world.woman())) is Standing.WAITS

    assert Case.objects.count() == 1


def test_a_double_with_another_name_in_another_commune_is_found_by_the_old_number() -> None:
    make.person("Vàng Thi Su", born="1970", number9="040123456", commune_code=make.NAM_TIN)
    woman = world.woman(number9="040123456")

    assert [one.full_name for one in people.alike(woman.pk)] == ["Vàng Thi Su"]


def test_the_very_same_prints_under_another_name_are_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "fingers", lambda enrolment_id: {1: "AAAA", 2: "BBBB"})
    first = world.enrolled(make.person("Giàng A Chu", sex="M", born="1990"))
    looked(first)

    assert looked(world.enrolled(world.woman())) is Standing.WAITS

    [case] = Case.objects.all()
    assert (case.other_id, case.same_prints) == (first.person_id, 2)
    assert case.bits < 12


def test_the_same_person_enrolled_again_is_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "fingers", lambda enrolment_id: {1: "AAAA"})
    woman = world.woman()
    looked(world.enrolled(woman))

    assert looked(world.enrolled(woman)) is Standing.CLEARED


def test_two_who_say_different_clear_the_enrolled_and_the_pair_is_not_asked_about_again() -> None:
    case = world.judged(world.suspected(), DIFFERENT, DIFFERENT)

    assert case.state == State.DIFFERENT
    assert enrolments.enrolment(case.enrolment_id).state == "cleared"
    assert looked(world.enrolled(people.person(case.other_id))) is Standing.CLEARED
    assert queries.count_open() == 0


def test_one_verdict_decides_nothing() -> None:
    case = world.judged(world.suspected(), DIFFERENT)

    assert case.state == State.OPEN
    assert enrolments.enrolment(case.enrolment_id).state == "received"


def test_two_who_say_same_hold_the_enrolment_with_its_reason() -> None:
    case = world.judged(world.suspected(), SAME, SAME)

    assert case.state == State.SAME
    assert enrolments.enrolment(case.enrolment_id).state == "held"
    held = audit.about(f"enrolment.Enrolment:{case.enrolment_id}").filter(action="enrolment.held").first()
    assert held is not None
    assert held.facts["reason"]
    assert not audit.about(f"enrolment.Enrolment:{case.enrolment_id}").filter(action="matching.cleared")


def test_an_officer_lets_the_held_pass_under_one_record_and_nobody_under_the_other() -> None:
    case = world.judged(world.suspected(), SAME, SAME)

    enrolment.release(enrolment_id=case.enrolment_id, reason="this is the right record", by=make.MAKER, at=now())
    make.run_due_jobs()
    other = world.enrolled(people.person(case.other_id))
    assert looked(other) is Standing.HELD
    enrolment.release(enrolment_id=other.pk, reason="an error", by=make.MAKER, at=now())

    assert enrolments.enrolment(case.enrolment_id).state == "cleared"
    assert looked(other) is Standing.HELD


def test_where_two_disagree_a_third_decides() -> None:
    case = world.judged(world.suspected(), SAME, DIFFERENT)
    assert case.state == State.OPEN

    assert world.judged(case, DIFFERENT).state == State.DIFFERENT


def test_the_same_reviewer_twice_is_refused() -> None:
    case, officer = world.suspected(), world.adjudicator()
    actions.review(case_id=case.pk, verdict=DIFFERENT, reason="asked both", by=officer, at=now())

    for verdict in Verdict:
        with pytest.raises(rules.AlreadyReviewed):
            actions.review(case_id=case.pk, verdict=verdict, reason="asked again", by=officer, at=now())

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(case=case, officer_id=officer.id, officer_name="", verdict=SAME, reason="x", at=now())
    assert queries.reviews_of(case).count() == 1


def test_the_same_verdict_sent_twice_counts_once() -> None:
    case, officer = world.suspected(), world.adjudicator()

    for _time in range(2):
        actions.review(case_id=case.pk, verdict=DIFFERENT, reason=" asked both ", by=officer, at=now())

    assert queries.reviews_of(case).count() == 1
    assert queries.count_open() == 1


def test_a_decided_pair_takes_no_more_verdicts() -> None:
    case = world.judged(world.suspected(), DIFFERENT, DIFFERENT)

    with pytest.raises(rules.AlreadyDecided):
        world.judged(case, SAME)


def test_who_enrolled_her_does_not_judge() -> None:
    case = world.suspected()
    operator = Actor(
        world.adjudicator().kind, case.enrolment.operator_id, "Operator", frozenset({rules.REVIEW}), communes=None
    )

    with pytest.raises(rules.OwnEnrolment):
        actions.review(case_id=case.pk, verdict=SAME, reason="I know her", by=operator, at=now())


def test_only_adjudicators_judge() -> None:
    case = world.suspected()

    with pytest.raises(NotAllowed):
        actions.review(case_id=case.pk, verdict=SAME, reason="x", by=card_world.actor("card_officer"), at=now())


def test_a_pair_across_communes_is_seen_by_who_covers_both() -> None:
    world.her_again(commune_code=make.NAM_TIN, number9="040123456")
    looked(world.enrolled(world.woman(number9="040123456")))
    case = Case.objects.get()
    covers_both = Actor(
        world.adjudicator().kind, "officer:9", "Both", frozenset({rules.REVIEW}),
        communes=frozenset({make.NAM_KHAN, make.NAM_TIN}),
    )  # fmt: skip

    for officer in (world.adjudicator(), world.adjudicator(make.NAM_TIN)):
        with acting_as(officer):
            assert not Case.objects.exists()
    with acting_as(covers_both):
        assert list(queries.waiting_for(covers_both)) == [case]
        actions.review(case_id=case.pk, verdict=SAME, reason="asked both", by=covers_both, at=now())


def test_an_adjudicator_of_another_commune_sees_neither_case_nor_verdict_nor_print() -> None:
    case = world.judged(world.suspected(), SAME)

    with acting_as(world.adjudicator(make.NAM_TIN)) as elsewhere:
        assert not Case.objects.exists()
        assert not Review.objects.exists()
        with pytest.raises(NotFound):
            actions.review(case_id=case.pk, verdict=SAME, reason="x", by=elsewhere, at=now())
    with acting_as(world.adjudicator()):
        assert Review.objects.exists()
        assert not Print.objects.exists()


def test_a_reviewer_decides_though_they_see_one_commune_alone() -> None:
    case = world.suspected()

    for officer in (world.adjudicator(), world.adjudicator()):
        with acting_as(officer):
            actions.review(case_id=case.pk, verdict=DIFFERENT, reason="asked both", by=officer, at=now())

    assert enrolments.enrolment(case.enrolment_id).state == "cleared"


def test_who_was_enrolled_before_this_room_stood_is_looked_at() -> None:
    one = world.enrolled(world.woman())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert queries.not_looked_at() == [one.pk]

    from hoaban.matching.jobs import look_for_left_over

    look_for_left_over()
    make.run_due_jobs()

    assert queries.not_looked_at() == []
    assert enrolments.enrolment(one.pk).state == "cleared"
