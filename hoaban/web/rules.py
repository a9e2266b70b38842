"""Plain values that the components show, and how numbers are written in Vietnam."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

Number = int | float | Decimal


class Tone(StrEnum):
    """How a thing stands. A page always shows it as colour, sign and word together."""

    PLAIN = "plain"
    DONE = "done"
    DOING = "doing"
    NEEDED = "needed"

    @property
    def sign(self) -> str:
        """The sign that stands beside the word."""
        return {"done": "✓", "doing": "●", "needed": "⚠"}.get(self.value, "")


@dataclass(frozen=True)
class Fact:
    """One line of a summary list; `href` leads to where it is changed, under the word `act`."""

    label: str
    value: object
    href: str = ""
    act: str = ""


@dataclass(frozen=True)
class Task:
    """One line of a task list: where it leads and how it stands, in a word."""

    label: str
    href: str = ""
    tone: Tone = Tone.PLAIN
    word: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a timeline. `at` is its date as text, or what is expected."""

    label: str
    tone: Tone = Tone.PLAIN
    at: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that opens: `href` shows the names behind it, `definition` and `at` say what and when."""

    label: str
    value: object
    href: str = ""
    definition: str = ""
    at: dt.datetime | None = None
    unit: str = ""
    low: Number | None = None
    high: Number | None = None
    places: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows under heads; a number stands to the right, the first cell of a row is its head."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]] = field(default_factory=list)

    @property
    def labelled(self) -> list[list[tuple[str, object]]]:
        """Each cell with the head of its column, so that a row can be read stacked on a phone."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def number(value: Number, places: int | None = None) -> str:
    """A number as written in Vietnam: `12.481.003`, `87,3`.

    Whole numbers show no decimals and others one, unless `places` says how many.
    """
    if places is None:
        places = 0 if isinstance(value, int) else 1
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if not rounded:
        rounded = abs(rounded)
    return f"{rounded:,.{places}f}".translate(str.maketrans(",.", ".,")).replace("-", "−")


def percent(share: Number, places: int = 1) -> str:
    """A share between 0 and 1 as `87,3%`."""
    return number(Decimal(str(share)) * 100, places) + "%"


def interval(low: Number, high: Number, places: int | None = None) -> str:
    """Two bounds as `82,1–85,4`."""
    return f"{number(low, places)}–{number(high, places)}"
