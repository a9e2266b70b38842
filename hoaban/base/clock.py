"""The clock: the only place where the time of day is read.

Rules take the day as an argument; only pages, jobs and commands ask here. A rehearsal may travel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_offset: ContextVar[dt.timedelta] = ContextVar("clock_offset", default=dt.timedelta(0))


def now() -> dt.datetime:
    """The present moment, in UTC."""
    return dt.datetime.now(dt.UTC) + _offset.get()  # noqa: TID251 - this is the clock


def today() -> dt.date:
    """The present day in Vietnam."""
    return now().astimezone(VIETNAM).date()


def day_of(at: dt.datetime) -> dt.date:
    """The day in Vietnam on which `at` falls."""
    return at.astimezone(VIETNAM).date()


@contextmanager
def travel(to: dt.datetime) -> Iterator[None]:
    """Let the clock run on from `to` inside the block."""
    token = _offset.set(to - dt.datetime.now(dt.UTC))  # noqa: TID251 - this is the clock
    try:
        yield
    finally:
        _offset.reset(token)
