"""Times in the register: both times of a fact, and by when somebody of an age was born."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """One recorded change of a fact."""

    old: str
    new: str
    valid_from: dt.date | None
    recorded_at: dt.datetime
    source: str = ""
    by: str = ""


def step_at(changes: Sequence[Known], valid: dt.date, known: dt.datetime) -> Known | None:
    """The change that made the fact what it was on day `valid`, as known at `known`; None for its beginning."""
    for change in reversed(changes):
        if change.recorded_at <= known and (change.valid_from or dt.date.min) <= valid:
            return change
    return None


def value_at(present: str, changes: Sequence[Known], valid: dt.date, known: dt.datetime) -> str:
    """The fact's value on day `valid`, as the register knew it at `known`.

    `changes` are all changes of the fact in the order of their recording. What is recorded later
    replaces what was known before from its own day on.
    """
    step = step_at(changes, valid, known)
    if step is not None:
        return step.new
    return changes[0].old if changes else present


UNTIL_ITS_END = "~"  # behind a partial date it sorts as the last day that the date can mean


def born_by(years: int, on: dt.date) -> str:
    """The last writing of a date of birth, `UNTIL_ITS_END` behind it, of those surely that old on that day.

    To be compared letter by letter: who knows only the year sorts after every day of it.
    """
    year = on.year - years
    last_of_month = calendar.monthrange(year, on.month)[1]
    if on.day < last_of_month:
        return f"{year:04d}-{on.month:02d}-{on.day:02d}{UNTIL_ITS_END}"
    return f"{year:04d}{UNTIL_ITS_END}" if on.month == 12 else f"{year:04d}-{on.month:02d}{UNTIL_ITS_END}"
