"""What a week's plan is made of: sessions in villages, the hours of teams, a tour a day.

Times are whole minutes from midnight before the first day of the plan, in Vietnam.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.words import _
from hoaban.campaign.rules.segments import Segment

DAY = 24 * 60
DAYS = 7

# Limits that protect the officers. They are the project's own: 11 hours as in field surveys elsewhere; the
# Labour Code 45/2019 asks for 12 hours between shifts of different teams (art. 110) and a day off a week (art. 111).
REST_MINUTES = 11 * 60
LONGEST_DAY = 10 * 60  # a generator and its fuel last 8 to 10 hours (campaign facts, assumed)
MOST_DAYS = 6  # of any seven
REST_WEEKDAY = 0  # Monday: at weekends the pupils are at home

# Speed of one kit with a team of two (campaign facts, "speed of one kit"; derived, assumed).
SETUP = 60  # unpack and pack: once at each place and day
SECONDS_AT_SEAT = 120  # 25-40 people an hour
SECONDS_IN_VILLAGE = 240  # 12-18 people an hour
SECONDS_AT_HOME = 900  # 3-5 an hour, walking included
LONGEST_SESSION = 2 * 60  # more people of a village are met in a further session
STEP = 5  # people are told times in steps of so many minutes
SEAT_MINUTES = 10  # a village this near is served at the seat's speed
NEAR_MINUTES = 30  # from a place this near the team drives back to its base for the night

# Sowing in May and June, rice and maize harvest from September to November (campaign facts).
BUSY_MONTHS = frozenset({5, 6, 9, 10, 11})
SATURDAY = 5


class SessionKind(StrEnum):
    """What a team does at a place: it's what decides on hours and speed."""

    POINT = "point"
    LATE = "late"
    WEEKEND = "weekend"
    HOME = "home"


KIND_WORDS = {
    SessionKind.POINT: _("at a fixed point"),
    SessionKind.LATE: _("farmers, after work"),
    SessionKind.WEEKEND: _("pupils, at the weekend"),
    SessionKind.HOME: _("from house to house"),
}


def is_busy(on: dt.date) -> bool:
    """Whether farmers are in the fields all day."""
    return on.month in BUSY_MONTHS


def kind_of(segment: Segment, first_day: dt.date) -> SessionKind | None:
    """In which kind of session people of a segment are met in that week; None for those who aren't there."""
    return {
        Segment.FIXED: SessionKind.POINT,
        Segment.FARMER: SessionKind.LATE if is_busy(first_day) else SessionKind.POINT,
        Segment.PUPIL: SessionKind.WEEKEND,
        Segment.HOME: SessionKind.HOME,
        Segment.AWAY: None,
    }[segment]


@dataclass(frozen=True)
class Window:
    """From when to when."""

    opens: int
    closes: int

    def holds(self, starts: int, ends: int) -> bool:
        """Whether a session lies inside."""
        return self.opens <= starts and ends <= self.closes


def hours(first_day: dt.date) -> Window:
    """Between which minutes of a day teams are on their feet in that week."""
    return Window(10 * 60, 20 * 60) if is_busy(first_day) else Window(7 * 60, 17 * 60)


def windows(kind: SessionKind, first_day: dt.date) -> tuple[Window, ...]:
    """When people can be met in a session of that kind, over the days of the week."""
    working = hours(first_day)
    opens, closes = max(working.opens, 7 * 60 + 30), working.closes
    if kind is SessionKind.LATE:
        opens = 16 * 60
    if kind is SessionKind.HOME:
        closes = min(closes, 18 * 60)
    days = [
        number
        for number in range(DAYS)
        if kind is not SessionKind.WEEKEND or (first_day + dt.timedelta(days=number)).weekday() >= SATURDAY
    ]
    return tuple(Window(number * DAY + opens, number * DAY + closes) for number in days)


def work_days(first_day: dt.date) -> tuple[int, ...]:
    """On which days of the week teams go out: all but one."""
    return tuple(number for number in range(DAYS) if (first_day + dt.timedelta(days=number)).weekday() != REST_WEEKDAY)


@dataclass(frozen=True)
class Session:
    """People of one village met together at their village's place."""

    key: int
    place: str
    kind: SessionKind
    people: tuple[int, ...]
    minutes: int  # once the kit stands
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Problem:
    """All that a week's plan must answer to. `travel` holds minutes between places, bases among them."""

    sessions: Mapping[int, Session]
    bases: Mapping[str, str]  # by team
    travel: Mapping[tuple[str, str], int]
    hours: Window
    work_days: tuple[int, ...]

    def minutes(self, start: str, end: str) -> int:
        """Minutes on the road."""
        return 0 if start == end else self.travel[start, end]


@dataclass(frozen=True)
class Tour:
    """A team's day: from where and when it leaves, which sessions it holds, where it sleeps."""

    team: str
    day: int
    leaves_from: str
    leaves: int
    sessions: tuple[int, ...]
    sleeps_at: str


@dataclass(frozen=True)
class Held:
    """A session as replayed."""

    session: int
    travel: int
    arrives: int
    starts: int
    ends: int


@dataclass(frozen=True)
class Walked:
    """A tour as replayed."""

    tour: Tour
    held: tuple[Held, ...]
    travel: int
    ends: int

    @property
    def minutes(self) -> int:
        """How long the team was on its feet."""
        return self.ends - self.tour.leaves


class FaultKind(StrEnum):
    """What the simulator finds wrong with a plan."""

    LONG_DAY = "long_day"
    SHORT_REST = "short_rest"
    TOO_MANY_DAYS = "too_many_days"
    OUT_OF_HOURS = "out_of_hours"
    CLOSED = "closed"
    WRONG_NIGHT = "wrong_night"
    NOT_HOME = "not_home"
    TWICE = "twice"
    TWO_TOURS = "two_tours"
    UNKNOWN = "unknown"


FAULT_WORDS = {
    FaultKind.LONG_DAY: _("The day is longer than %(limit)s hours."),
    FaultKind.SHORT_REST: _("Less than %(limit)s hours of rest before this day."),
    FaultKind.TOO_MANY_DAYS: _("More than %(limit)s days of work in seven."),
    FaultKind.OUT_OF_HOURS: _("The team leaves too early or comes back too late."),
    FaultKind.CLOSED: _("People can't be met at that time."),
    FaultKind.WRONG_NIGHT: _("The team doesn't leave from where it slept, or sleeps where it isn't."),
    FaultKind.NOT_HOME: _("The team isn't back at its base at the end."),
    FaultKind.TWICE: _("Somebody is met twice."),
    FaultKind.TWO_TOURS: _("The team has two tours on one day."),
    FaultKind.UNKNOWN: _("The team, the place or the session isn't in the plan."),
}
FAULT_LIMITS = {
    FaultKind.LONG_DAY: LONGEST_DAY // 60,
    FaultKind.SHORT_REST: REST_MINUTES // 60,
    FaultKind.TOO_MANY_DAYS: MOST_DAYS,
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong: with whom, when, at what."""

    kind: FaultKind
    team: str
    day: int
    what: str = ""

    @property
    def words(self) -> str:
        """The fault in a sentence."""
        return str(FAULT_WORDS[self.kind]) % {"limit": FAULT_LIMITS.get(self.kind, 0)}


class Why(StrEnum):
    """Why a session has no day."""

    TOO_FAR = "too_far"
    CLOSED = "closed"
    NO_ROOM = "no_room"


WHY_WORDS = {
    Why.TOO_FAR: _("The way there and back doesn't fit into the days of any team."),
    Why.CLOSED: _("These people can't be met on a working day of this week."),
    Why.NO_ROOM: _("The teams have no time left this week."),
}


@dataclass(frozen=True)
class LeftOut:
    """A session without a day and why."""

    session: int
    why: Why


def minutes_for(count: int, seconds_each: int) -> int:
    """How long a session for so many people lasts."""
    return math.ceil(count * seconds_each / 60)


def seconds_each(kind: SessionKind, minutes_from_seat: int) -> int:
    """How long one person takes in such a session at a place so far from its commune's seat."""
    if kind is SessionKind.HOME:
        return SECONDS_AT_HOME
    return SECONDS_AT_SEAT if minutes_from_seat <= SEAT_MINUTES else SECONDS_IN_VILLAGE


def spread(starts_at: dt.datetime, seconds: int, count: int) -> list[tuple[dt.datetime, dt.datetime]]:
    """From when to when each of so many people is expected, in steps that can be read aloud."""
    step = 60 * STEP
    starts = [starts_at + dt.timedelta(seconds=number * seconds // step * step) for number in range(count)]
    return [(one, one + dt.timedelta(seconds=max(seconds, 2 * step))) for one in starts]


def split(people: Sequence[int], seconds: int) -> list[tuple[int, ...]]:
    """People of a village in parts of about equal size, none longer than a session may be."""
    if not people:
        return []
    most = max(1, LONGEST_SESSION * 60 // seconds)
    size = math.ceil(len(people) / math.ceil(len(people) / most))
    return [tuple(people[first : first + size]) for first in range(0, len(people), size)]
