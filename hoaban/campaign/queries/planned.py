"""Plans: as a problem for the planner, as replayed, as a page, as a day sheet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hoaban.base.clock import VIETNAM, day_of, today
from hoaban.base.errors import NotFound
from hoaban.campaign.engine import simulator
from hoaban.campaign.engine.simulator import Judgement
from hoaban.campaign.models import Plan, Shift, Stop, Team
from hoaban.campaign.queries.left import Queue, queue_of
from hoaban.campaign.rules import PlanState, planning
from hoaban.campaign.rules.planning import DAY, Problem, Session, SessionKind, Tour
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.visits import queries as visits

if TYPE_CHECKING:
    from hoaban.people.models import Person
    from hoaban.places.models import Unit, Village
    from hoaban.web.actor import Actor


def teams(commune_codes: Collection[str] | None = None) -> QuerySet[Team]:
    """The teams with their base in these communes, or all, by code."""
    found = Team.objects.order_by("code")
    return found if commune_codes is None else found.filter(commune_code__in=list(commune_codes))


def plan(plan_id: int, actor: Actor | None = None) -> Plan:
    """A plan, if one of its communes lies in the actor's area. Raises NotFound."""
    found = plans(actor).filter(pk=plan_id).first()
    if found is None:
        raise NotFound(what=plan_id)
    return found


def plans(actor: Actor | None = None) -> QuerySet[Plan]:
    """Plans that touch the actor's area, latest week first."""
    found = Plan.objects.order_by("-first_day", "-pk")
    if actor is not None and actor.communes is not None:
        found = found.filter(commune_codes__overlap=sorted(actor.communes))
    return found


def team_taken(one: Plan) -> Plan | None:
    """Another fixed plan that needs one of the teams in the same days."""
    week = dt.timedelta(days=planning.DAYS)
    return (
        Plan.objects.filter(
            state=PlanState.FIXED, team_codes__overlap=one.team_codes,
            first_day__gt=one.first_day - week, first_day__lt=one.first_day + week,
        ).exclude(pk=one.pk).first()
    )  # fmt: skip


# --- the problem --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    """The places of a plan: where each is and what it's called. The seat of a commune goes by its code."""

    spots: dict[str, Unit | Village]

    def name(self, place: str) -> str:
        """What people call the place."""
        found = self.spots.get(place)
        return getattr(found, "full_name", "") or getattr(found, "name", "") or place

    def minutes(self, start: str, end: str) -> int:
        """Minutes on the road between two places. Raises NotFound for a place that is nowhere."""
        if start == end:
            return 0
        return places.travel_minutes(*(places.point_of(self._spot(place)) for place in (start, end)))

    def _spot(self, place: str) -> Unit | Village:
        if place not in self.spots:
            raise NotFound(what=place)
        return self.spots[place]


def names_of(commune_codes: Collection[str]) -> Names:
    """The seats and villages of these communes."""
    spots: dict[str, Unit | Village] = {}
    for unit in places.ever().filter(key__in=list(commune_codes)):
        spots[unit.key] = unit
        spots.update({village.code: village for village in places.villages_in(unit.key)})
    return Names(spots)


@dataclass(frozen=True)
class Meant:
    """A session before it has a day: of which village, at which speed."""

    session: Session
    commune_code: str
    village_code: str
    seconds_each: int


def problem_of(
    queue: Queue, first_day: dt.date, team_bases: dict[str, str], names: Names
) -> tuple[Problem, dict[int, Meant]]:
    """The week to be planned, and what each session is about. People without a village come to the seat."""
    meant: dict[int, Meant] = {}
    for (commune, village, kind), person_ids in sorted(queue.items()):
        place = village if village in names.spots else commune
        seconds = planning.seconds_each(kind, names.minutes(commune, place))
        for part in planning.split(person_ids, seconds):
            key = len(meant) + 1
            minutes = planning.minutes_for(len(part), seconds)
            windows = planning.windows(kind, first_day)
            meant[key] = Meant(Session(key, place, kind, part, minutes, windows), commune, village, seconds)
    sessions = {key: one.session for key, one in meant.items()}
    return _problem(sessions, first_day, team_bases, names), meant


def _problem(sessions: dict[int, Session], first_day: dt.date, team_bases: dict[str, str], names: Names) -> Problem:
    spots = sorted({*team_bases.values(), *(one.place for one in sessions.values())})
    travel = {(a, b): names.minutes(a, b) for a in spots for b in spots if a != b}
    return Problem(sessions, team_bases, travel, planning.hours(first_day), planning.work_days(first_day))


# --- a plan that stands -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """Somebody at a stop, from when to when."""

    person_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime


def shifts_of(one: Plan) -> list[Shift]:
    """The days of the teams with their stops, by team and day."""
    found = Shift.objects.filter(plan=one).select_related("team").order_by("team__code", "day")
    return list(found.prefetch_related("stops"))


def expected_at(one: Plan, shifts: Iterable[Shift], on: dt.date | None = None) -> dict[int, list[Expected]]:
    """Who is expected at each stop: of a draft those who would be promised now, else those who were."""
    stops = sorted((stop for shift in shifts for stop in _stops(shift)), key=lambda stop: (stop.starts_at, stop.pk))
    if one.state == PlanState.DRAFT:
        return _dealt(stops, queue_of(one.commune_codes, one.first_day, on or today()))
    team_of = {stop.pk: shift.team.code for shift in shifts for stop in _stops(shift)}
    promised: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for own in visits.promised_by(str(one.pk)):
        promised[own.team_code, own.village_code].append(Expected(own.person_id, own.starts_at, own.ends_at))
    return {
        stop.pk: [
            who
            for who in promised[team_of[stop.pk], stop.village_code]
            if stop.starts_at <= who.starts_at < stop.ends_at
        ]
        for stop in stops
    }


def _dealt(stops: Iterable[Stop], queue: Queue) -> dict[int, list[Expected]]:
    dealt: dict[int, list[Expected]] = {}
    for stop in stops:
        waiting = queue.get((stop.commune_code, stop.village_code, SessionKind(stop.kind)), [])
        chosen, rest = waiting[: stop.people], waiting[stop.people :]
        queue[stop.commune_code, stop.village_code, SessionKind(stop.kind)] = rest
        times = planning.spread(stop.starts_at, stop.seconds_each, len(chosen))
        dealt[stop.pk] = [Expected(who, *when) for who, when in zip(chosen, times, strict=True)]
    return dealt


def judge(one: Plan, shifts: list[Shift], expected: dict[int, list[Expected]], names: Names) -> Judgement:
    """The plan as it stands, replayed anew: with these people, on these roads."""
    sessions = {
        stop.pk: Session(
            stop.pk, stop.place, SessionKind(stop.kind), tuple(who.person_id for who in expected[stop.pk]),
            planning.minutes_for(stop.people, stop.seconds_each),
            planning.windows(SessionKind(stop.kind), one.first_day),
        )
        for shift in shifts for stop in _stops(shift)
    }  # fmt: skip
    bases = {shift.team.code: shift.team.commune_code for shift in shifts}
    tours = [
        Tour(
            shift.team.code, (shift.day - one.first_day).days, shift.leaves_from, minute_of(one, shift.leaves_at),
            tuple(stop.pk for stop in _stops(shift)), shift.sleeps_at,
        )
        for shift in shifts
    ]  # fmt: skip
    return simulator.judge(_problem(sessions, one.first_day, bases, names), tours)


def minute_of(one: Plan, at: dt.datetime) -> int:
    """Minutes from the midnight before the plan's first day."""
    local = at.astimezone(VIETNAM)
    return (day_of(at) - one.first_day).days * DAY + local.hour * 60 + local.minute


def moment_of(first_day: dt.date, minute: int) -> dt.datetime:
    """The moment of a minute of a plan."""
    midnight = dt.datetime.combine(first_day, dt.time(), VIETNAM)
    return midnight + dt.timedelta(minutes=minute)


def _stops(shift: Shift) -> list[Stop]:
    return sorted(shift.stops.all(), key=lambda stop: stop.number)


# --- pages --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedStop:
    """A stop as a line of a page."""

    stop: Stop
    place: str


@dataclass(frozen=True)
class Day:
    """A team's day as a page shows it."""

    shift: Shift
    leaves_from: str
    sleeps_at: str
    stops: list[PlannedStop]

    @property
    def people(self) -> int:
        """For how many people the day is planned."""
        return sum(one.stop.people for one in self.stops)


@dataclass(frozen=True)
class PlanView:
    """A plan with the simulator's judgement of it."""

    plan: Plan
    teams: list[tuple[str, list[Day]]]
    judgement: Judgement
    communes: list[str]
    left_out: list[tuple[str, str, int, str]]


def plan_view(one: Plan) -> PlanView:
    """Everything on the page of a plan."""
    shifts = shifts_of(one)
    names = names_of({*one.commune_codes, *(shift.team.commune_code for shift in shifts)})
    expected = expected_at(one, shifts)
    days = [_day(shift, names) for shift in shifts]
    return PlanView(
        one,
        [(team, list(own)) for team, own in groupby(days, key=lambda day: day.shift.team.code)],
        judge(one, shifts, expected, names),
        [names.name(code) for code in one.commune_codes],
        [
            (
                names.name(row["place"]), str(planning.KIND_WORDS[SessionKind(row["kind"])]), row["people"],
                str(planning.WHY_WORDS[planning.Why(row["why"])]),
            )
            for row in one.left_out
        ],
    )  # fmt: skip


def _day(shift: Shift, names: Names) -> Day:
    stops = [PlannedStop(stop, names.name(stop.place)) for stop in _stops(shift)]
    return Day(shift, names.name(shift.leaves_from), names.name(shift.sleeps_at), stops)


@dataclass(frozen=True)
class SheetLine:
    """Somebody on a day sheet."""

    expected: Expected
    person: Person


@dataclass(frozen=True)
class Sheet:
    """A team's day on paper: the way, and under each stop the names."""

    day: Day
    stops: list[tuple[PlannedStop, list[SheetLine]]]

    @property
    def person_ids(self) -> list[int]:
        """Everybody named on it."""
        return [line.person.pk for _stop, lines in self.stops for line in lines]


def day_sheet(one: Plan, team_code: str, day: dt.date) -> Sheet:
    """The sheet of a team's day. Raises NotFound where the team stays at home."""
    shifts = shifts_of(one)
    shift = next((own for own in shifts if own.team.code == team_code and own.day == day), None)
    if shift is None:
        raise NotFound(what=f"{team_code} {day:%d/%m/%Y}")
    expected = expected_at(one, shifts)
    found = _day(shift, names_of({*one.commune_codes, shift.team.commune_code}))
    ids = [who.person_id for own in found.stops for who in expected[own.stop.pk]]
    persons = {person.pk: person for person in people.many(ids)}
    return Sheet(
        found,
        [
            (own, [SheetLine(who, persons[who.person_id]) for who in expected[own.stop.pk] if who.person_id in persons])
            for own in found.stops
        ],
    )
