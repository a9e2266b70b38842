"""Making days of an order: each session goes to the first day on which the simulator lets it stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hoaban.campaign.engine import simulator
from hoaban.campaign.rules.planning import (
    DAY,
    NEAR_MINUTES,
    REST_MINUTES,
    SETUP,
    LeftOut,
    Problem,
    Tour,
    Walked,
    Why,
)


@dataclass
class _Week:
    """A team's tours so far, each as replayed."""

    problem: Problem
    team: str
    walked: list[Walked]

    @property
    def base(self) -> str:
        return self.problem.bases[self.team]

    def place(self) -> str:
        return self.walked[-1].tour.sleeps_at if self.walked else self.base

    def add(self, key: int) -> bool:
        """Hold the session as early as can be; whether it found a day."""
        if self.walked and self._extend(key):
            return True
        last = self.walked[-1].tour.day if self.walked else -1
        days = [day for day in self.problem.work_days if day > last]
        return any(self._set_out(day, key) for day in days)

    def _set_out(self, day: int, key: int) -> bool:
        """Begin a new day with the session, from home where the team slept there or had days to spare."""
        before = list(self.walked)
        if self.walked and (self._is_near() or day > self.walked[-1].tour.day + 1) and self._go_home():
            if self._begin(day, key):
                return True
            self.walked = before
        return self._begin(day, key)

    def squeeze_in(self, key: int) -> bool:
        """Hold the session between others of a day, where that moves no night."""
        for number, walked in enumerate(self.walked):
            tour = walked.tour
            for position in range(len(tour.sessions)):
                sessions = (*tour.sessions[:position], key, *tour.sessions[position:])
                tried = simulator.walk(self.problem, self._leaving_late(replace(tour, sessions=sessions)))
                week = [*self.walked[:number], tried, *self.walked[number + 1 :]]
                if not simulator.day_faults(self.problem, tried) and not self._is_tired(week):
                    self.walked = week
                    return True
        return False

    def _is_tired(self, week: list[Walked]) -> bool:
        return any(later.tour.leaves - sooner.ends < REST_MINUTES for sooner, later in pairwise(week))

    def _extend(self, key: int) -> bool:
        tour = self.walked[-1].tour
        place = self.problem.sessions[key].place
        return self._keep(replace(tour, sessions=(*tour.sessions, key), sleeps_at=place), self.walked[:-1])

    def _begin(self, day: int, key: int) -> bool:
        place = self.problem.sessions[key].place
        tour = Tour(self.team, day, self.place(), self._earliest(day), (key,), place)
        return self._keep(tour, self.walked)

    def _keep(self, tour: Tour, before: list[Walked]) -> bool:
        """Keep a tour that nothing is wrong with, even if the team had to come home from it."""
        walked = simulator.walk(self.problem, self._leaving_late(tour))
        if simulator.day_faults(self.problem, walked):
            return False
        is_last = tour.day == self.problem.work_days[-1]
        if is_last and simulator.day_faults(self.problem, self._homeward(walked)):
            return False
        self.walked = [*before, walked]
        return True

    def _leaving_late(self, tour: Tour) -> Tour:
        """The same tour without waiting at the first door."""
        if not tour.sessions:
            return tour
        first = simulator.walk(self.problem, tour).held[0]
        waits = first.starts - first.arrives - SETUP
        return replace(tour, leaves=tour.leaves + max(0, waits))

    def _earliest(self, day: int) -> int:
        opens = day * DAY + self.problem.hours.opens
        return max(opens, self.walked[-1].ends + REST_MINUTES) if self.walked else opens

    def _homeward(self, walked: Walked) -> Walked:
        return simulator.walk(self.problem, replace(walked.tour, sleeps_at=self.base))

    def _is_near(self) -> bool:
        return self.problem.minutes(self.place(), self.base) <= NEAR_MINUTES

    def _go_home(self) -> bool:
        """Spend the last night at the base after all; whether the day is long enough."""
        home = self._homeward(self.walked[-1])
        if simulator.day_faults(self.problem, home):
            return False
        self.walked[-1] = home
        return True

    def come_home(self) -> list[int]:
        """Bring the team back to its base; the sessions for which there is no time then."""
        dropped: list[int] = []
        while self.walked and self.place() != self.base:
            last = self.walked[-1]
            if self._go_home():
                return dropped
            for day in (one for one in self.problem.work_days if one > last.tour.day):
                back = Tour(self.team, day, self.place(), self._earliest(day), (), self.base)
                walked = simulator.walk(self.problem, back)
                if not simulator.day_faults(self.problem, walked):
                    self.walked.append(walked)
                    return dropped
            dropped.append(last.tour.sessions[-1])
            self._drop_last()
        return dropped

    def _drop_last(self) -> None:
        tour = self.walked.pop().tour
        rest = tour.sessions[:-1]
        if rest:
            tour = replace(tour, sessions=rest, sleeps_at=self.problem.sessions[rest[-1]].place)
            self.walked.append(simulator.walk(self.problem, tour))


def lay_out(problem: Problem, orders: Mapping[str, Sequence[int]]) -> tuple[list[Tour], list[LeftOut]]:
    """Tours of all teams by an order, and the sessions that found no day, each with the reason.

    What one team has no time for is offered to the others.
    """
    weeks = [_Week(problem, team, []) for team in sorted(problem.bases)]
    waiting: list[int] = []
    for week in weeks:
        waiting += [key for key in orders.get(week.team, ()) if not week.add(key)]
    placed = {key for keys in orders.values() for key in keys}
    waiting += sorted(set(problem.sessions) - placed)
    waiting = [key for key in waiting if not any(week.add(key) for week in weeks)]
    for week in weeks:
        waiting += week.come_home()
    waiting = [key for key in waiting if not any(week.squeeze_in(key) for week in weeks)]
    tours = [one.tour for week in weeks for one in week.walked]
    return tours, [LeftOut(key, _why(problem, key)) for key in waiting]


def _why(problem: Problem, key: int) -> Why:
    session = problem.sessions[key]
    if not any(one.opens // DAY in problem.work_days for one in session.windows):
        return Why.CLOSED
    alone = replace(problem, sessions={key: session})
    fits = any(_fits_alone(alone, team, key) for team in sorted(problem.bases))
    return Why.NO_ROOM if fits else Why.TOO_FAR


def _fits_alone(problem: Problem, team: str, key: int) -> bool:
    week = _Week(problem, team, [])
    return week.add(key) and not week.come_home()
