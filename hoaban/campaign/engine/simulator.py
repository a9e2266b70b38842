"""Replaying a plan minute by minute and judging it. Its times are the ones written down, nobody else's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hoaban.campaign.rules.planning import (
    DAY,
    LONGEST_DAY,
    MOST_DAYS,
    REST_MINUTES,
    SETUP,
    STEP,
    Fault,
    FaultKind,
    Held,
    Problem,
    Session,
    Tour,
    Walked,
    Window,
)


@dataclass(frozen=True)
class Judgement:
    """A plan as replayed, and everything wrong with it; a plan is sound when nothing is."""

    days: tuple[Walked, ...]
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether the plan may be promised to people."""
        return not self.faults


def walk(problem: Problem, tour: Tour) -> Walked:
    """A tour replayed. A session nobody can be met at is held all the same; `judge` tells."""
    at, place = tour.leaves, tour.leaves_from
    held: list[Held] = []
    on_the_road = 0
    for key in tour.sessions:
        session = problem.sessions[key]
        travel = problem.minutes(place, session.place)
        arrives = at + travel
        ready = _round(arrives + (0 if held and place == session.place else SETUP))
        starts = _start(session, ready, tour.day)
        at, place = starts + session.minutes, session.place
        on_the_road += travel
        held.append(Held(key, travel, arrives, starts, at))
    home = problem.minutes(place, tour.sleeps_at)
    return Walked(tour, tuple(held), on_the_road + home, at + home)


def _round(minute: int) -> int:
    """The next minute that can be told to people."""
    return -(-minute // STEP) * STEP


def _start(session: Session, ready: int, day: int) -> int:
    """The first minute at which the whole session fits into a window of that day; `ready` if there is none."""
    for window in session.windows:
        starts = max(ready, window.opens)
        if window.opens // DAY == day and window.holds(starts, starts + session.minutes):
            return starts
    return ready


def judge(problem: Problem, tours: Sequence[Tour]) -> Judgement:
    """Replay a plan and list everything wrong with it."""
    known = [tour for tour in tours if _is_known(problem, tour)]
    faults = [Fault(FaultKind.UNKNOWN, tour.team, tour.day) for tour in tours if tour not in known]
    days = [walk(problem, tour) for tour in sorted(known, key=lambda one: (one.team, one.day))]
    for one in days:
        faults += day_faults(problem, one)
    by_team: dict[str, list[Walked]] = defaultdict(list)
    for one in days:
        by_team[one.tour.team].append(one)
    for team, own in by_team.items():
        faults += team_faults(problem, team, own)
    return Judgement(tuple(days), tuple(faults + _twice(problem, days)))


def _is_known(problem: Problem, tour: Tour) -> bool:
    places = {*problem.bases.values(), *(one.place for one in problem.sessions.values())}
    return (
        tour.team in problem.bases
        and {tour.leaves_from, tour.sleeps_at} <= places
        and all(key in problem.sessions for key in tour.sessions)
    )


def day_faults(problem: Problem, walked: Walked) -> list[Fault]:
    """What is wrong with one day by itself."""
    tour = walked.tour
    start = tour.day * DAY
    own_hours = Window(start + problem.hours.opens, start + problem.hours.closes)
    found: list[Fault] = []
    if walked.minutes > LONGEST_DAY:
        found.append(Fault(FaultKind.LONG_DAY, tour.team, tour.day))
    if tour.day not in problem.work_days or not own_hours.holds(tour.leaves, walked.ends):
        found.append(Fault(FaultKind.OUT_OF_HOURS, tour.team, tour.day))
    for held in walked.held:
        session = problem.sessions[held.session]
        if not any(window.holds(held.starts, held.ends) for window in session.windows):
            found.append(Fault(FaultKind.CLOSED, tour.team, tour.day, session.place))
    last = problem.sessions[tour.sessions[-1]].place if tour.sessions else tour.leaves_from
    if tour.sleeps_at not in (problem.bases[tour.team], last):
        found.append(Fault(FaultKind.WRONG_NIGHT, tour.team, tour.day, tour.sleeps_at))
    return found


def team_faults(problem: Problem, team: str, days: Sequence[Walked]) -> list[Fault]:
    """What is wrong between the days of a team: nights, rest, too many of them, the way home."""
    found: list[Fault] = []
    slept_at, ended = problem.bases[team], -DAY
    for number, one in enumerate(days):
        if number and one.tour.day == days[number - 1].tour.day:
            found.append(Fault(FaultKind.TWO_TOURS, team, one.tour.day))
        if one.tour.leaves_from != slept_at:
            found.append(Fault(FaultKind.WRONG_NIGHT, team, one.tour.day, one.tour.leaves_from))
        if one.tour.leaves - ended < REST_MINUTES:
            found.append(Fault(FaultKind.SHORT_REST, team, one.tour.day))
        slept_at, ended = one.tour.sleeps_at, one.ends
    if len({one.tour.day for one in days}) > MOST_DAYS:
        found.append(Fault(FaultKind.TOO_MANY_DAYS, team, days[-1].tour.day))
    if slept_at != problem.bases[team]:
        found.append(Fault(FaultKind.NOT_HOME, team, days[-1].tour.day, slept_at))
    return found


def _twice(problem: Problem, days: Sequence[Walked]) -> list[Fault]:
    met: Counter[int] = Counter()
    found: list[Fault] = []
    for one in days:
        for held in one.held:
            people = problem.sessions[held.session].people
            met.update(people)
            if any(met[person] > 1 for person in people):
                place = problem.sessions[held.session].place
                found.append(Fault(FaultKind.TWICE, one.tour.team, one.tour.day, place))
    return found
