"""Dates of which only the year or the month may be known.

Many old people know only their year of birth. It is stored, compared and printed so, and never
as 1 January (facts: DC01 guides).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_VIETNAMESE = re.compile(r"^(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})$")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A year, perhaps with a month, perhaps with a day. Raises ValueError for a day that never was."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        dt.date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `1958`, `1958-03` or `1958-03-07`; ValueError for anything else."""
        found = _WRITTEN.match(text.strip())
        if not found:
            raise ValueError(f"not a partial date: {text!r}")
        year, month, day = found.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def parse_vietnamese(cls, text: str) -> PartialDate:
        """Read `1958`, `3/1958` or `07/03/1958`; ValueError for anything else."""
        found = _VIETNAMESE.match(text.strip())
        if not found:
            raise ValueError(f"not a date as written on a form: {text!r}")
        day, month, year = found.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @property
    def precision(self) -> str:
        """`day`, `month` or `year`: how much is known."""
        if self.day is not None:
            return "day"
        return "month" if self.month is not None else "year"

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    def vietnamese(self) -> str:
        """`07/03/1958`, `03/1958` or `1958`, as written on Vietnamese papers."""
        return "/".join(reversed(str(self).split("-")))

    def earliest(self) -> dt.date:
        """The first day it can mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> dt.date:
        """The last day it can mean."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def age_range(self, on: dt.date) -> tuple[int, int]:
        """The least and the greatest age in whole years that the person can have on that day."""
        return _age(self.latest(), on), _age(self.earliest(), on)

    def is_surely_aged(self, years: int, on: dt.date) -> bool:
        """Whether the person has reached that age whichever day they were born."""
        return self.age_range(on)[0] >= years


def _age(born: dt.date, on: dt.date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
