"""The order in which teams go through the villages, sought by VROOM.

The solver knows no longest day and lets a night fall in the middle of a road, so that only its order
is used; `layout` makes days of it and the simulator judges them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import vroom

from hoaban.campaign.rules.planning import DAY, SETUP, Problem, Session

EXPLORATION = 1  # 0 to 5: more takes longer for a point or two (field notes, B6)
MOST_PRIORITY = 100  # of VROOM


def orders(problem: Problem) -> dict[str, list[int]]:
    """For each team its sessions in the order found. The same problem gives the same answer."""
    teams = sorted(problem.bases)
    found: dict[str, list[int]] = {team: [] for team in teams}
    if not problem.sessions or not problem.work_days:
        return found
    places = sorted({*problem.bases.values(), *(one.place for one in problem.sessions.values())})
    index = {place: number for number, place in enumerate(places)}
    asked = vroom.Input()
    asked.set_durations_matrix(
        "car",
        np.array([[problem.minutes(a, b) * 60 for b in places] for a in places], dtype=np.uint32),
    )
    for number, team in enumerate(teams, start=1):
        asked.add_vehicle(_vehicle(problem, number, index[problem.bases[team]]))
    for session in problem.sessions.values():
        asked.add_job(_job(session, index[session.place]))
    answer = asked.solve(exploration_level=EXPLORATION, nb_threads=1)
    for route in answer.routes.itertuples():
        if route.type == "job":
            found[teams[int(route.vehicle_id) - 1]].append(int(route.id))
    return found


def _vehicle(problem: Problem, number: int, base: int) -> vroom.Vehicle:
    """A team over the whole week; each night is a break, longer where a day of rest follows."""
    days, hours = problem.work_days, problem.hours
    nights = [
        vroom.Break(
            number * 100 + day,
            [_window(day * DAY + hours.closes - 120, day * DAY + hours.closes)],
            service=60 * ((after - day) * DAY - (hours.closes - hours.opens) + SETUP),
        )
        for day, after in pairwise(days)
    ]
    return vroom.Vehicle(
        number, start=base, end=base, breaks=nights,
        time_window=_window(days[0] * DAY + hours.opens, days[-1] * DAY + hours.closes),
    )  # fmt: skip


def _job(session: Session, location: int) -> vroom.Job:
    """A session; more people matter more where not all can be met."""
    return vroom.Job(
        session.key, location=location, default_setup=60 * SETUP, default_service=60 * session.minutes,
        priority=min(MOST_PRIORITY, len(session.people)),
        time_windows=[
            _window(max(0, one.opens - SETUP), max(one.opens, one.closes - session.minutes - SETUP))
            for one in session.windows
        ],
    )  # fmt: skip


def _window(opens: int, closes: int) -> vroom.TimeWindow:
    return vroom.TimeWindow(60 * opens, 60 * closes)
