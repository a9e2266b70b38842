"""Making teams and plans, promising what a plan says, taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.utils import translation

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.campaign import queries, rules
from hoaban.campaign.engine import planner
from hoaban.campaign.models import Plan, Shift, Stop, Team
from hoaban.campaign.rules import PlanState, planning
from hoaban.places import queries as places
from hoaban.visits import actions as visits
from hoaban.visits import queries as visit_queries
from hoaban.visits.rules import Promise
from hoaban.web.actor import Actor

MOST_TEAMS = 20  # with their base in one commune
MOST_SESSIONS = 250  # about half a minute of seeking


@transaction.atomic
def make_teams(*, commune_code: str, count: int, by: Actor, at: dt.datetime) -> list[Team]:
    """The first so many teams of a commune; those that are missing are made. Raises TooManyTeams, NotFound."""
    by.must(rules.PLAN, commune_code)
    places.unit(commune_code)
    if not 0 < count <= MOST_TEAMS:
        raise rules.TooManyTeams(most=MOST_TEAMS)
    codes = [f"{commune_code}-{number + 1}" for number in range(count)]
    before = set(Team.objects.filter(code__in=codes).values_list("code", flat=True))
    Team.objects.bulk_create(
        [Team(code=code, commune_code=commune_code, made_at=at) for code in codes], ignore_conflicts=True
    )
    new = sorted(set(codes) - before)
    if new:
        audit.record("campaign.teams_made", f"campaign.Team:{new[0]}", by=by, at=at, facts={"teams": new})
    return list(Team.objects.filter(code__in=codes).order_by("code"))


@transaction.atomic
def plan_week(
    *, commune_codes: Collection[str], team_codes: Collection[str], first_day: dt.date, by: Actor, at: dt.datetime
) -> Plan:
    """A draft for a week of these teams in these communes, as the simulator replayed it.

    The same question again makes the same draft anew. Nothing is promised yet. Raises NoTeams,
    TooLate, NobodyLeft, TooBig, TeamTaken.
    """
    communes, codes = sorted(set(commune_codes)), sorted(set(team_codes))
    for code in communes:
        by.must(rules.PLAN, code)
    teams = {team.code: team for team in Team.objects.filter(code__in=codes)}
    if not teams or set(codes) - set(teams):
        raise rules.NoTeams
    rules.check_notice(first_day, day_of(at))
    plan, _is_new = Plan.objects.select_for_update().get_or_create(
        first_day=first_day, commune_codes=communes, team_codes=codes, state=PlanState.DRAFT,
        defaults={"made_at": at, "made_by_name": by.name},
    )  # fmt: skip
    _refuse_taken(plan)
    bases = {team.code: team.commune_code for team in teams.values()}
    names = queries.names_of({*communes, *bases.values()})
    queue = queries.queue_of(communes, first_day, day_of(at))
    problem, meant = queries.problem_of(queue, first_day, bases, names)
    if not meant:
        raise rules.NobodyLeft
    if len(meant) > MOST_SESSIONS:
        raise rules.TooBig(sessions=len(meant), most=MOST_SESSIONS)
    made = planner.plan(problem)
    _write(plan, made, meant, teams)
    plan.made_at, plan.made_by_name = at, by.name
    plan.figures = _figures(made, meant, bases)
    plan.left_out = _left_out(made, meant)
    plan.save()
    audit.record("campaign.planned", plan.subject, by=by, at=at, facts=plan.figures)
    return plan


def _write(plan: Plan, made: planner.Made, meant: dict[int, queries.Meant], teams: dict[str, Team]) -> None:
    Shift.objects.filter(plan=plan).delete()
    for walked in made.judgement.days:
        tour = walked.tour
        shift = Shift.objects.create(
            plan=plan, team=teams[tour.team], day=plan.first_day + dt.timedelta(days=tour.day),
            leaves_from=tour.leaves_from, leaves_at=queries.moment_of(plan.first_day, tour.leaves),
            ends_at=queries.moment_of(plan.first_day, walked.ends), sleeps_at=tour.sleeps_at,
            travel_minutes=walked.travel,
        )  # fmt: skip
        Stop.objects.bulk_create(
            [
                Stop(
                    shift=shift, number=number, commune_code=meant[held.session].commune_code,
                    village_code=meant[held.session].village_code, place=meant[held.session].session.place,
                    kind=meant[held.session].session.kind, people=len(meant[held.session].session.people),
                    seconds_each=meant[held.session].seconds_each, travel_minutes=held.travel,
                    arrives_at=queries.moment_of(plan.first_day, held.arrives),
                    starts_at=queries.moment_of(plan.first_day, held.starts),
                    ends_at=queries.moment_of(plan.first_day, held.ends),
                )
                for number, held in enumerate(walked.held, start=1)
            ]
        )  # fmt: skip


def _figures(made: planner.Made, meant: dict[int, queries.Meant], bases: dict[str, str]) -> dict[str, int]:
    days = made.judgement.days
    return {
        "people_left": sum(len(one.session.people) for one in meant.values()),
        "people_planned": sum(len(meant[held.session].session.people) for day in days for held in day.held),
        "stops": sum(len(day.held) for day in days),
        "team_days": len(days),
        "travel_minutes": sum(day.travel for day in days),
        "longest_day_minutes": max((day.minutes for day in days), default=0),
        "nights_in_villages": sum(day.tour.sleeps_at != bases[day.tour.team] for day in days),
        "faults": len(made.judgement.faults),
    }


def _left_out(made: planner.Made, meant: dict[int, queries.Meant]) -> list[dict[str, str | int]]:
    """The sessions for which there was no room, each with the reason."""
    found = [(meant[one.session].session, one.why) for one in made.left_out]
    return [
        {"place": session.place, "kind": session.kind.value, "people": len(session.people), "why": why.value}
        for session, why in found
    ]


def _refuse_taken(plan: Plan) -> None:
    other = queries.team_taken(plan)
    if other is not None:
        both = sorted(set(other.team_codes) & set(plan.team_codes))
        raise rules.TeamTaken(team=both[0], plan=other.pk)


@transaction.atomic
def fix(*, plan_id: int, by: Actor, at: dt.datetime) -> Plan:
    """Promise what a draft says to everybody in it; a plan fixed before stays as it is.

    The plan is replayed again with the people who are left now. Raises NotFound, WrongState, TooLate,
    TeamTaken, NotSound.
    """
    plan = _locked(plan_id, by)
    if plan.state == PlanState.FIXED:
        return plan
    rules.check_move(str(plan), PlanState(plan.state), PlanState.FIXED)
    rules.check_notice(plan.first_day, day_of(at))
    _refuse_taken(plan)
    shifts = queries.shifts_of(plan)
    names = queries.names_of({*plan.commune_codes, *(shift.team.commune_code for shift in shifts)})
    expected = queries.expected_at(plan, shifts, day_of(at))
    judgement = queries.judge(plan, shifts, expected, names)
    if not judgement.is_sound:
        raise rules.NotSound(faults=" ".join(sorted({fault.words for fault in judgement.faults})))
    promised = visits.promise(plan_ref=str(plan), promises=list(_promises(shifts, expected, names)), by=by, at=at)
    plan.state, plan.fixed_at = PlanState.FIXED, at
    plan.save(update_fields=["state", "fixed_at"])
    audit.record("campaign.fixed", plan.subject, by=by, at=at, facts={"promised": promised})
    return plan


def _promises(
    shifts: Iterable[Shift], expected: dict[int, list[queries.Expected]], names: queries.Names
) -> Iterable[Promise]:
    for shift in shifts:
        for stop in shift.stops.all():
            place = _place(stop, names)
            for who in expected[stop.pk]:
                yield Promise(
                    person_id=who.person_id, commune_code=stop.commune_code, village_code=stop.village_code,
                    team_code=shift.team.code, starts_at=who.starts_at, ends_at=who.ends_at, place=place,
                )  # fmt: skip


def _place(stop: Stop, names: queries.Names) -> str:
    """Where to, as it's stored and read by people of every language of ours."""
    name = names.name(stop.place)
    if stop.kind != planning.SessionKind.HOME:
        return name
    with translation.override(settings.LANGUAGE_CODE):
        return str(_("at your home, %(village)s")) % {"village": name}


@transaction.atomic
def withdraw(*, plan_id: int, why: str, by: Actor, at: dt.datetime) -> Plan:
    """Take a fixed plan back: appointments that haven't begun are called off, who was met stays met.

    Raises NotFound, WrongState, ReasonMissing.
    """
    plan = _locked(plan_id, by)
    if plan.state == PlanState.WITHDRAWN:
        return plan
    rules.check_move(str(plan), PlanState(plan.state), PlanState.WITHDRAWN)
    if not why.strip():
        raise rules.ReasonMissing
    coming = visit_queries.open_after(str(plan), at).values_list("pk", flat=True)
    cancelled = visits.cancel(appointment_ids=coming, why=why, by=by, at=at)
    plan.state, plan.withdrawn_at, plan.why_withdrawn = PlanState.WITHDRAWN, at, why.strip()
    plan.save(update_fields=["state", "withdrawn_at", "why_withdrawn"])
    audit.record("campaign.withdrawn", plan.subject, by=by, at=at, facts={"called_off": cancelled, "why": why.strip()})
    return plan


def _locked(plan_id: int, by: Actor) -> Plan:
    found = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if found is None:
        raise NotFound(what=plan_id)
    for code in found.commune_codes:
        by.must(rules.PLAN, code)
    return found
