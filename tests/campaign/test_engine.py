"""The simulator refuses whatever is wrong with a plan; what the planner makes is sound."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hoaban.campaign.engine import layout, planner, simulator, solver
from hoaban.campaign.rules import planning
from hoaban.campaign.rules.planning import DAY, FaultKind, Problem, Session, SessionKind, Tour, Why

MONDAY = dt.date(2026, 3, 9)  # people aren't in the fields
HARVEST = dt.date(2026, 10, 5)
BASE = "03174"
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def problem(
    *sessions: tuple[str, SessionKind, int], minutes: int = 40, teams: int = 1, first_day: dt.date = MONDAY
) -> Problem:
    """Sessions of (place, kind, people); every place as far from every other."""
    numbers = iter(range(1, 100_000))
    made = {
        key: Session(
            key, place, kind, tuple(next(numbers) for _each in range(count)), 4 * count,
            planning.windows(kind, first_day),
        )
        for key, (place, kind, count) in enumerate(sessions, start=1)
    }  # fmt: skip
    places = sorted({BASE, *(place for place, _kind, _count in sessions)})
    travel = {(a, b): minutes for a in places for b in places if a != b}
    bases = {f"t{number}": BASE for number in range(1, teams + 1)}
    return Problem(made, bases, travel, planning.hours(first_day), planning.work_days(first_day))


def tour(
    day: int, *sessions: int, leaves: int = 7 * 60, start: str = BASE, sleeps: str = BASE, team: str = "t1"
) -> Tour:
    return Tour(team, day, start, day * DAY + leaves, sessions, sleeps)


def kinds(asked: Problem, *tours: Tour) -> set[FaultKind]:
    return {fault.kind for fault in simulator.judge(asked, tours).faults}


@some.composite
def problems(draw: some.DrawFn) -> Problem:
    first_day = draw(some.sampled_from([MONDAY, HARVEST, dt.date(2026, 3, 12)]))
    villages = draw(some.integers(1, 6))
    spots = {BASE: (0.0, 0.0)}
    for number in range(villages):
        spots[f"v{number}"] = (draw(some.floats(-40, 40)), draw(some.floats(-40, 40)))
    kind = some.sampled_from(list(SessionKind))
    wanted = draw(some.lists(some.tuples(some.sampled_from(sorted(spots)), kind, some.integers(1, 30)), max_size=14))
    asked = problem(*wanted, teams=draw(some.integers(1, 3)), first_day=first_day)
    travel = {
        (a, b): 1 + round(((at[0] - to[0]) ** 2 + (at[1] - to[1]) ** 2) ** 0.5 * 4)
        for a, at in spots.items()
        for b, to in spots.items()
        if a != b
    }
    return replace(asked, travel=travel)


@SLOW
@given(problems())
def test_what_the_planner_makes_is_sound_and_loses_nobody(asked: Problem) -> None:
    made = planner.plan(asked)

    assert made.judgement.faults == ()
    held = [one.session for day in made.judgement.days for one in day.held]
    left_out = [one.session for one in made.left_out]
    assert sorted([*held, *left_out]) == sorted(asked.sessions)


@SLOW
@given(problems(), some.randoms(use_true_random=False))
def test_whatever_order_is_proposed_the_days_hold(asked: Problem, chance: object) -> None:
    keys = sorted(asked.sessions)
    chance.shuffle(keys)  # type: ignore[attr-defined]
    teams = sorted(asked.bases)

    tours, left_out = layout.lay_out(asked, {team: keys[n :: len(teams)] for n, team in enumerate(teams)})

    assert simulator.judge(asked, tours).is_sound
    assert sorted([*(key for one in tours for key in one.sessions), *(one.session for one in left_out)]) == sorted(keys)


@SLOW
@given(problems(), some.data())
def test_a_fault_planted_in_a_sound_plan_is_found(asked: Problem, data: some.DataObject) -> None:
    tours = [day.tour for day in planner.plan(asked).judgement.days if day.tour.sessions]
    if not tours:
        return
    spoilt = data.draw(some.sampled_from(tours))
    others = [one for one in tours if one is not spoilt]
    planted = {
        "person twice": replace(spoilt, sessions=(*spoilt.sessions, spoilt.sessions[-1])),
        "overlong day": replace(spoilt, leaves=spoilt.leaves - planning.LONGEST_DAY),
        "wrong night": replace(spoilt, leaves_from="elsewhere"),
        "unknown session": replace(spoilt, sessions=(*spoilt.sessions, 10**6)),
        "at midnight": replace(spoilt, leaves=spoilt.day * DAY),
    }

    for what, bad in planted.items():
        assert not simulator.judge(asked, [*others, bad]).is_sound, what


def test_an_overlong_day_is_refused() -> None:
    asked = problem(("a", SessionKind.POINT, 30), ("b", SessionKind.POINT, 30), ("c", SessionKind.POINT, 30))

    assert kinds(asked, tour(1, 1, 2)) == set()
    assert FaultKind.LONG_DAY in kinds(asked, tour(1, 1, 2, 3))


def test_a_short_rest_is_refused() -> None:
    late = problem(("a", SessionKind.LATE, 20), ("b", SessionKind.POINT, 5), first_day=HARVEST)
    first = tour(1, 1, leaves=16 * 60)
    assert simulator.walk(late, first).ends > DAY + 18 * 60

    assert FaultKind.SHORT_REST in kinds(late, first, tour(2, 2, leaves=5 * 60))
    assert FaultKind.SHORT_REST not in kinds(late, first, tour(2, 2, leaves=10 * 60))


def test_a_night_somewhere_else_is_refused() -> None:
    asked = problem(("a", SessionKind.POINT, 5), ("b", SessionKind.POINT, 5))

    assert kinds(asked, tour(1, 1, sleeps="a"), tour(2, 2, start="a")) == set()
    assert kinds(asked, tour(1, 1, sleeps="a"), tour(2, 2)) == {FaultKind.WRONG_NIGHT}
    assert kinds(asked, tour(1, 1, sleeps="b"), tour(2, start="b")) == {FaultKind.WRONG_NIGHT}
    assert kinds(asked, tour(1, 1, sleeps="a")) == {FaultKind.NOT_HOME}


def test_a_person_met_twice_is_refused() -> None:
    asked = problem(("a", SessionKind.POINT, 5), ("a", SessionKind.POINT, 5), teams=2)
    again = replace(asked.sessions[2], people=asked.sessions[1].people[:1])
    doubled = replace(asked, sessions={1: asked.sessions[1], 2: again})

    assert kinds(asked, tour(1, 1, 2)) == set()
    assert kinds(doubled, tour(1, 1, 2)) == {FaultKind.TWICE}
    assert kinds(asked, tour(1, 1), tour(2, 1, team="t2")) == {FaultKind.TWICE}


def test_a_closed_window_is_refused() -> None:
    asked = problem(("a", SessionKind.WEEKEND, 5))

    assert kinds(asked, tour(5, 1)) == set()
    assert kinds(asked, tour(3, 1)) == {FaultKind.CLOSED}


def test_a_seventh_day_and_a_day_of_rest_are_refused() -> None:
    asked = problem(*[(f"v{n}", SessionKind.POINT, 3) for n in range(7)])

    found = kinds(asked, *(tour(day, day + 1) for day in range(7)))

    assert found == {FaultKind.TOO_MANY_DAYS, FaultKind.OUT_OF_HOURS}


def test_a_team_is_not_in_two_places() -> None:
    asked = problem(("a", SessionKind.POINT, 5), ("b", SessionKind.POINT, 5))

    assert FaultKind.TWO_TOURS in kinds(asked, tour(1, 1), tour(1, 2))


def test_unpacking_takes_its_time_at_each_place_and_only_once() -> None:
    asked = problem(("a", SessionKind.POINT, 5), ("a", SessionKind.HOME, 2))

    first, second = simulator.walk(asked, tour(1, 1, 2)).held

    assert first.starts - first.arrives == planning.SETUP
    assert second.starts == first.ends


def test_a_team_does_not_wait_at_the_first_door() -> None:
    asked = problem(("a", SessionKind.LATE, 5), first_day=HARVEST)

    [day] = planner.plan(asked).judgement.days

    assert day.held[0].starts - day.held[0].arrives == planning.SETUP
    assert day.tour.leaves == day.tour.day * DAY + 16 * 60 - planning.SETUP - 40


@pytest.mark.parametrize(
    ("minutes", "kind", "why"),
    [(600, SessionKind.POINT, Why.TOO_FAR), (40, SessionKind.POINT, Why.NO_ROOM)],
)
def test_what_has_no_day_has_a_reason(minutes: int, kind: SessionKind, why: Why) -> None:
    asked = problem(*[(f"v{n}", kind, 60) for n in range(12)], minutes=minutes)

    assert {one.why for one in planner.plan(asked).left_out} == {why}


def test_pupils_of_a_week_without_a_weekend_at_work_are_left_out() -> None:
    asked = replace(problem(("a", SessionKind.WEEKEND, 5)), work_days=(1, 2, 3))

    assert [one.why for one in planner.plan(asked).left_out] == [Why.CLOSED]


def test_the_solver_answers_the_same_each_time() -> None:
    asked = problem(*[(f"v{n % 5}", SessionKind.POINT, n) for n in range(1, 12)], teams=2)

    assert solver.orders(asked) == solver.orders(asked)
    assert solver.orders(replace(asked, sessions={})) == {"t1": [], "t2": []}


@given(some.lists(some.integers(), max_size=400), some.integers(1, 1000))
def test_a_village_is_split_into_parts_that_hold_everybody(people: list[int], seconds: int) -> None:
    parts = planning.split(people, seconds)

    assert [one for part in parts for one in part] == people
    assert all(planning.minutes_for(len(part), seconds) <= planning.LONGEST_SESSION or len(part) == 1 for part in parts)


@given(some.integers(1, 120), some.sampled_from([120, 240, 900]))
def test_people_are_told_round_times_inside_the_session(count: int, seconds: int) -> None:
    starts = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)

    times = planning.spread(starts, seconds, count)

    assert all(start.minute % 5 == 0 and start < end for start, end in times)
    assert times == sorted(times)
    assert times[-1][0] < starts + dt.timedelta(minutes=planning.minutes_for(count, seconds))
