"""Spellings of one name: family names that officers wrote by ear, and i and y for one sound.

Tone marks need no table, since names are compared without them. The pairs stand in
`data/people/name_variants.csv`, each with its source; they work both ways.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from hoaban.base import names

FILE = Path(__file__).parent.parent.parent / "data" / "people" / "name_variants.csv"


def spellings(token: str) -> tuple[str, ...]:
    """The folded word and the other ways in which it is written, itself first."""
    return (token, *sorted(_variants().get(token, set())))


def has_other_spellings(tokens: list[str]) -> bool:
    """Whether any of these folded words is written otherwise too."""
    return any(token in _variants() for token in tokens)


@cache
def _variants() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            one, other = names.fold(row["word"]), names.fold(row["variant"])
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found
