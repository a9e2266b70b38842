"""Figures by commune, their shares and their sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoaban.steering.rules.indicators import COUNTED, INDICATORS, LEFT


@dataclass(frozen=True)
class Count:
    """How many people, and of how many; `of` is None where nobody knows of how many."""

    people: int
    of: int | None

    @property
    def share(self) -> float | None:
        """The share, where it is of anybody."""
        return self.people / self.of if self.of else None


@dataclass(frozen=True)
class Line:
    """The figures of one commune, or of all of them together (`code` is ""), by indicator."""

    code: str
    name: str
    counts: Mapping[str, Count]

    @property
    def left(self) -> int:
        """How many are left, as the campaign says."""
        return self.counts[LEFT.code].people


@dataclass(frozen=True)
class Board:
    """The figures of an area at a moment, the communes with most people left first.

    `untouched` are the names of communes where nobody is counted yet.
    """

    at: dt.datetime
    lines: Sequence[Line]
    total: Line
    untouched: Sequence[str]


def board(at: dt.datetime, lines: Sequence[Line], total_name: str) -> Board:
    """The board of these communes."""
    begun = [line for line in lines if line.counts[COUNTED.code].people]
    untouched = [line.name for line in lines if not line.counts[COUNTED.code].people]
    return Board(at, sorted(begun, key=lambda line: (-line.left, line.code)), summed(begun, total_name), untouched)


def summed(lines: Sequence[Line], name: str) -> Line:
    """All these communes as one line. A sum is a share only where every commune's is."""
    return Line("", name, {one.code: _sum([line.counts[one.code] for line in lines]) for one in INDICATORS})


def _sum(counts: Sequence[Count]) -> Count:
    bases = [count.of for count in counts if count.of is not None]
    return Count(sum(count.people for count in counts), sum(bases) if len(bases) == len(counts) else None)


def holding_half(board: Board) -> int:
    """How few communes together hold half of all who are left."""
    so_far = 0
    for number, line in enumerate(board.lines, 1):
        so_far += line.left
        if so_far * 2 >= board.total.left:
            return number
    return 0
