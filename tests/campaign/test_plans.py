"""A week is planned, promised, taken back; who is left is counted by segment."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoaban.audit import queries as audit
from hoaban.base.clock import now, today
from hoaban.base.errors import NotAllowed, NotFound
from hoaban.campaign import actions, queries, rules
from hoaban.campaign.models import Plan, Stop, Team
from hoaban.campaign.rules import PlanState, Segment
from hoaban.visits import actions as visit_actions
from hoaban.visits import queries as visits
from hoaban.visits.models import Appointment
from hoaban.web.actor import Actor, Kind, acting_as
from tests import make
from tests.campaign import world

pytestmark = pytest.mark.django_db


def replan(plan: Plan) -> Plan:
    return actions.plan_week(
        commune_codes=plan.commune_codes, team_codes=plan.team_codes, first_day=plan.first_day,
        by=make.MAKER, at=now(),
    )  # fmt: skip


def test_everybody_left_is_in_exactly_one_segment(tmp_path: Path) -> None:
    [village] = world.villages(tmp_path, 1)
    world.settle(village, 13, 14, 17, 18, 59, 60, 79, 80)
    world.settle(village, 30, 15, current_address="Ha Noi")

    counted = queries.counts_by_commune()[make.NAM_KHAN]

    assert counted == {
        Segment.PUPIL: 2, Segment.FARMER: 2, Segment.FIXED: 2, Segment.HOME: 1, Segment.AWAY: 2,
    }  # fmt: skip
    assert queries.count_by_commune() == {make.NAM_KHAN: 9}
    for segment, count in counted.items():
        assert queries.without_card(make.NAM_KHAN, segment).count() == count


def test_somebody_of_another_commune_here_is_not_away(tmp_path: Path) -> None:
    [village] = world.villages(tmp_path, 1)
    world.settle(village, 30, current_address="Ban Pa Thom, Dien Bien")
    world.settle(village, 30, current_address="at her daughter's")

    assert queries.counts_by_commune()[make.NAM_KHAN][Segment.AWAY] == 0


def test_a_week_is_planned_for_all_and_holds(tmp_path: Path) -> None:
    plan = world.planned(tmp_path)

    assert world.sound(plan)
    assert plan.figures["people_left"] == 4 * 23
    assert plan.figures["people_planned"] == 4 * 23
    assert plan.figures["faults"] == 0
    assert not Appointment.objects.exists()


def test_pupils_are_met_at_the_weekend(tmp_path: Path) -> None:
    plan = world.planned(tmp_path)

    days = {stop.shift.day.weekday() for stop in Stop.objects.filter(shift__plan=plan, kind="weekend")}

    assert days <= {5, 6}


def test_the_same_question_twice_makes_one_draft_with_the_same_days(tmp_path: Path) -> None:
    plan = world.planned(tmp_path)
    before = list(Stop.objects.order_by("starts_at", "place").values_list("place", "starts_at", "people"))

    again = replan(plan)

    assert again.pk == plan.pk
    assert list(Stop.objects.order_by("starts_at", "place").values_list("place", "starts_at", "people")) == before


def test_a_fixed_plan_promises_everybody_a_time_at_their_stop(tmp_path: Path) -> None:
    plan = world.fixed(tmp_path)

    assert visits.counts(str(plan), today()).open == 4 * 23
    [person, *_rest] = queries.without_card(make.NAM_KHAN, Segment.PUPIL)
    coming = visits.coming_to(person.pk)
    assert coming is not None
    assert coming.village_code == person.village_code
    stop = Stop.objects.get(
        shift__plan=plan, village_code=person.village_code, kind="weekend", starts_at__lte=coming.starts_at,
        ends_at__gt=coming.starts_at,
    )  # fmt: skip
    assert stop.shift.team.code == coming.team_code
    assert [entry.action for entry in audit.about(plan.subject)] == ["campaign.fixed", "campaign.planned"]


def test_old_people_are_met_at_home(tmp_path: Path) -> None:
    world.fixed(tmp_path)

    [person, *_rest] = queries.without_card(make.NAM_KHAN, Segment.HOME)
    coming = visits.coming_to(person.pk)

    assert coming is not None
    assert coming.place.endswith("Huoi Dap") or "," in coming.place


def test_fixing_twice_does_the_same_as_once(tmp_path: Path) -> None:
    plan = world.fixed(tmp_path)

    actions.fix(plan_id=plan.pk, by=make.MAKER, at=now())

    assert Appointment.objects.count() == 4 * 23
    assert audit.about(f"visits.Plan:{plan}").count() == 1


def test_a_withdrawn_plan_takes_back_what_has_not_happened(tmp_path: Path) -> None:
    plan = world.fixed(tmp_path)
    [met, *others] = queries.without_card(make.NAM_KHAN)
    visit_actions.mark_met(person_id=met.pk, by=make.MAKER, at=now())
    with pytest.raises(rules.ReasonMissing):
        actions.withdraw(plan_id=plan.pk, why=" ", by=make.MAKER, at=now())

    for _twice in range(2):
        actions.withdraw(plan_id=plan.pk, why="landslip", by=make.MAKER, at=now())

    assert visits.counts(str(plan), today()) == visits.Counts(promised=92, met=1, called_off=91)
    assert visits.coming_to(others[0].pk) is None
    assert queries.plan(plan.pk).state == PlanState.WITHDRAWN
    with pytest.raises(rules.WrongState):
        actions.fix(plan_id=plan.pk, by=make.MAKER, at=now())


def test_after_withdrawing_the_people_are_planned_anew(tmp_path: Path) -> None:
    plan = world.fixed(tmp_path)
    with pytest.raises(rules.TeamTaken):
        replan(plan)
    actions.withdraw(plan_id=plan.pk, why="landslip", by=make.MAKER, at=now())

    again = actions.fix(plan_id=replan(plan).pk, by=make.MAKER, at=now())

    assert visits.counts(str(again), today()).open == 92


def test_who_has_an_appointment_is_not_planned_again(tmp_path: Path) -> None:
    plan = world.fixed(tmp_path)
    other = actions.make_teams(commune_code=make.NAM_TIN, count=1, by=make.MAKER, at=now())

    with pytest.raises(rules.NobodyLeft):
        actions.plan_week(
            commune_codes=[make.NAM_KHAN], team_codes=[other[0].code], first_day=plan.first_day,
            by=make.MAKER, at=now(),
        )  # fmt: skip


def test_a_plan_that_was_spoilt_is_not_promised(tmp_path: Path) -> None:
    plan = world.planned(tmp_path)
    stop = Stop.objects.filter(shift__plan=plan).first()
    assert stop is not None
    Stop.objects.filter(pk=stop.pk).update(people=1000)

    with pytest.raises(rules.NotSound):
        actions.fix(plan_id=plan.pk, by=make.MAKER, at=now())

    assert not Appointment.objects.exists()
    assert queries.plan(plan.pk).state == PlanState.DRAFT


def test_a_village_too_far_is_left_out_with_the_reason(tmp_path: Path) -> None:
    world.populated(tmp_path)
    [far] = world.villages(tmp_path, 1, apart_km=800.0)
    teams = actions.make_teams(commune_code=make.NAM_KHAN, count=1, by=make.MAKER, at=now())

    plan = actions.plan_week(
        commune_codes=[make.NAM_KHAN], team_codes=[teams[0].code], first_day=world.next_monday(),
        by=make.MAKER, at=now(),
    )  # fmt: skip

    assert {(row["place"], row["why"]) for row in plan.left_out if row["place"] == far} == {(far, "too_far")}
    assert world.sound(plan)


def test_people_hear_of_a_plan_in_time(tmp_path: Path) -> None:
    world.populated(tmp_path)
    teams = actions.make_teams(commune_code=make.NAM_KHAN, count=1, by=make.MAKER, at=now())

    with pytest.raises(rules.TooLate):
        actions.plan_week(
            commune_codes=[make.NAM_KHAN], team_codes=[teams[0].code], first_day=today(), by=make.MAKER, at=now()
        )


def test_teams_are_made_once() -> None:
    for _twice in range(2):
        actions.make_teams(commune_code=make.NAM_KHAN, count=3, by=make.MAKER, at=now())

    assert [team.code for team in queries.teams()] == ["03174-1", "03174-2", "03174-3"]
    assert audit.about("campaign.Team:03174-1").count() == 1
    with pytest.raises(rules.TooManyTeams):
        actions.make_teams(commune_code=make.NAM_KHAN, count=100, by=make.MAKER, at=now())
    with pytest.raises(rules.NoTeams):
        actions.plan_week(
            commune_codes=[make.NAM_KHAN], team_codes=["nobody"], first_day=world.next_monday(),
            by=make.MAKER, at=now(),
        )  # fmt: skip
    assert Team.objects.count() == 3


def test_only_who_may_plan_plans_and_only_in_their_area() -> None:
    province = make.actor("province_officer")
    commune = make.actor("commune_officer")

    assert actions.make_teams(commune_code=make.NAM_KHAN, count=1, by=province, at=now())
    with pytest.raises(NotAllowed):
        actions.make_teams(commune_code=make.NAM_KHAN, count=1, by=commune, at=now())
    with pytest.raises(NotAllowed):
        actions.make_teams(commune_code=make.NAM_TIN, count=1, by=province, at=now())


def test_the_wall_shows_a_plan_to_its_communes(tmp_path: Path) -> None:
    plan = world.planned(tmp_path)

    def stops_seen(commune: str) -> int:
        officer = Actor(Kind.OFFICER, "x", "x", communes=frozenset({commune}))
        with acting_as(officer):
            if not Plan.objects.filter(pk=plan.pk).exists():
                with pytest.raises(NotFound):
                    queries.plan(plan.pk, officer)
            return Stop.objects.count()

    assert stops_seen(make.NAM_KHAN) == plan.figures["stops"]
    assert stops_seen(make.NAM_TIN) == 0
