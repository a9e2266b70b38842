"""The record at both times, against a replay that paints each change over a calendar, day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoaban.base import clock
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.people import actions, queries
from hoaban.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC)
TODAY = 12
DAYS = 16
FIRST = clock.day_of(NOON) - dt.timedelta(days=TODAY)
FACTS = ("phone", "marital", "father_name", "current_address")
VALUES = {
    "phone": ("1", "2", ""), "marital": ("1", "2", "3"), "father_name": ("Lo Sung", "Lo Vang", ""),
    "current_address": ("Nam Tin", "Ha Noi", ""),
}  # fmt: skip


@dataclass
class Calendar:
    """What a fact was on each day, as known now: every change paints over from its day on."""

    days: list[str] = field(default_factory=lambda: [""] * DAYS)
    begins: int = 0  # of the span that is now present, for lines

    def paint(self, since: int, value: str) -> None:
        self.days[since:] = [value] * (DAYS - since)
        self.begins = since


def painted(calendar: Calendar, name: str, value: str, since: int | None, today: int) -> None:
    """One correction: without a day it has always been so; a line's present span alone is corrected."""
    is_line = name in ("father_name", "current_address")
    if since is not None:
        calendar.paint(since, value)
    elif not is_line or not calendar.days[-1]:
        calendar.paint(0 if value or not is_line else today, value)
    elif value:
        calendar.paint(calendar.begins, value)
    else:  # a line that is closed without a day ends today
        begins = calendar.begins
        calendar.paint(today, value)
        calendar.begins = begins if begins > today else today


STEPS = st.lists(
    st.tuples(st.sampled_from(FACTS), st.integers(0, 2), st.integers(0, DAYS - 1) | st.none()), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_record_at_both_times_is_what_a_replay_of_its_history_says(
    steps: list[tuple[str, int, int | None]],
) -> None:
    with clock.travel(NOON), transaction.atomic():
        person = make.person()
        began = now()
        days = sorted(
            {0, TODAY - 1, TODAY, DAYS - 1} | {day for *_, since in steps if since for day in (since - 1, since)}
        )
        calendars = {name: Calendar() for name in FACTS}
        seen: list[tuple[dt.datetime, dict[str, list[str]]]] = [(began, _copy(calendars))]
        for number, (name, which, since) in enumerate(steps, 1):
            at = began + dt.timedelta(minutes=number)
            value = VALUES[name][which]
            if value != calendars[name].days[-1]:
                painted(calendars[name], name, value, since, today=TODAY)
            _correct(person, name, value, since, at)
            seen.append((at, _copy(calendars)))

        for known, painting in seen:
            for day in days:
                then = queries.as_of(person.pk, FIRST + dt.timedelta(days=day), known)
                assert {name: then.facts[name] for name in FACTS} == {name: painting[name][day] for name in FACTS}
        with pytest.raises(NotFound):
            queries.as_of(person.pk, FIRST, began - dt.timedelta(days=1))
        transaction.set_rollback(True)


def _correct(person: Person, name: str, value: str, since: int | None, at: dt.datetime) -> None:
    day = None if since is None else FIRST + dt.timedelta(days=since)
    actions.correct(person_id=person.pk, changes={name: value}, valid_from=day, source="t:1", by=make.MAKER, at=at)


def _copy(calendars: dict[str, Calendar]) -> dict[str, list[str]]:
    return {name: list(one.days) for name, one in calendars.items()}


def test_each_fact_says_from_where_it_came_as_it_was_then() -> None:
    person = make.person(source="form:DC1")
    actions.correct(
        person_id=person.pk, changes={"marital": "2", "father_name": "Lo Sung"}, source="finding:4", by=make.MAKER,
        at=now(), valid_from=FIRST,
    )  # fmt: skip

    before, after = (queries.as_of(person.pk, day, now()) for day in (FIRST - dt.timedelta(days=1), FIRST))

    assert (before.steps["marital"].source, after.steps["marital"].source) == ("form:DC1", "finding:4")
    assert (before.steps["father_name"].source, after.steps["father_name"].source) == ("form:DC1", "finding:4")
    assert after.steps["sex"].source == "form:DC1"
