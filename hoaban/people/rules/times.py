"""Both times of a fact: from which day it holds, and since when the register knows it."""

from __future__ import annotations

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


def value_at(present: str, changes: Sequence[Known], valid: dt.date, known: dt.datetime) -> str:
    """The fact's value on day `valid`, as the register knew it at `known`.

    `changes` are all changes of the fact in the order of their recording. What is recorded later
    replaces what was known before from its own day on.
    """
    value = changes[0].old if changes else present
    for change in changes:
        starts = change.valid_from or dt.date.min
        if change.recorded_at <= known and starts <= valid:
            value = change.new
    return value
