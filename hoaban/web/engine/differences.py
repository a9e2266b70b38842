"""In what do two writings of one thing differ, letter by letter and in words.

A coloured letter alone is too easy to miss (a difference of one tone mark is a few pixels), so the
difference is also named: which mark, which digits changed places, which letters are only on one side.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

_MARKS = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0303": "tilde",
    "\u0309": "hook",
    "\u0323": "dot",
    "\u0302": "circumflex",
    "\u0306": "breve",
    "\u031b": "horn",
    "\u0335": "bar",
}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STROKE_AS_MARK = str.maketrans({"\u0111": "d\u0335", "\u0110": "D\u0335"})


@dataclass(frozen=True)
class Piece:
    """A run of letters, the same on both sides or not."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Point:
    """One difference, named.

    `kind` is `tone` or `mark` (with the two letters and the names of their marks), `swap` (two
    neighbours changed places), `case`, `letters` (other letters), `only_left` or `only_right`.
    """

    kind: str
    left: str
    right: str
    left_mark: str = ""
    right_mark: str = ""


@dataclass(frozen=True)
class Difference:
    """Both writings in pieces, and the points in which they differ."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    points: tuple[Point, ...]

    def __bool__(self) -> bool:
        return bool(self.points)


def compare(left: str, right: str) -> Difference:
    """Compare two writings; composed and decomposed forms of a letter are the same letter."""
    a, b = unicodedata.normalize("NFC", left), unicodedata.normalize("NFC", right)
    left_pieces, right_pieces, points = [], [], []
    for kind, a0, a1, b0, b1 in _turns(a, b):
        differs = kind != "equal"
        if a1 > a0:
            left_pieces.append(Piece(a[a0:a1], differs))
        if b1 > b0:
            right_pieces.append(Piece(b[b0:b1], differs))
        if differs:
            points.append(_point(a[a0:a1], b[b0:b1]))
    return Difference(tuple(left_pieces), tuple(right_pieces), tuple(points))


def _turns(a: str, b: str) -> list[tuple[str, int, int, int, int]]:
    """Opcodes, with two neighbours that changed places as one turn."""
    if len(a) == len(b):
        places = [i for i in range(len(a)) if a[i] != b[i]]
        if len(places) == 2 and places[1] == places[0] + 1:
            i = places[0]
            if a[i] == b[i + 1] and a[i + 1] == b[i]:
                tail = len(a)
                turns = [("equal", 0, i, 0, i), ("replace", i, i + 2, i, i + 2)]
                return [*turns, ("equal", i + 2, tail, i + 2, tail)]
        return _letter_by_letter(a, b)
    return list(SequenceMatcher(None, a, b, autojunk=False).get_opcodes())


def _letter_by_letter(a: str, b: str) -> list[tuple[str, int, int, int, int]]:
    turns: list[tuple[str, int, int, int, int]] = []
    start = 0
    for i in range(1, len(a) + 1):
        if i == len(a) or (a[i] == b[i]) != (a[start] == b[start]) or _differ_only_in_marks(a, b, i - 1):
            turns.append(("equal" if a[start] == b[start] else "replace", start, i, start, i))
            start = i
    return turns


def _differ_only_in_marks(a: str, b: str, i: int) -> bool:
    return a[i] != b[i] and _bare(a[i])[0] == _bare(b[i])[0]


def _bare(letter: str) -> tuple[str, frozenset[str]]:
    parts = unicodedata.normalize("NFD", letter.translate(_STROKE_AS_MARK))
    return "".join(p for p in parts if p not in _MARKS), frozenset(p for p in parts if p in _MARKS)


def _point(left: str, right: str) -> Point:
    if not left:
        return Point("only_right", "", right)
    if not right:
        return Point("only_left", left, "")
    if len(left) == 2 and left == right[::-1]:
        return Point("swap", left, right)
    if left.casefold() == right.casefold():
        return Point("case", left, right)
    if len(left) == len(right) == 1:
        (a, a_marks), (b, b_marks) = _bare(left), _bare(right)
        if a.casefold() == b.casefold():
            gone, come = a_marks - b_marks, b_marks - a_marks
            kind = "tone" if gone | come <= _TONES else "mark"
            return Point(kind, left, right, _named(gone), _named(come))
    return Point("letters", left, right)


def _named(marks: frozenset[str]) -> str:
    return " ".join(sorted(_MARKS[m] for m in marks)) or "none"
