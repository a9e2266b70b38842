"""Asking how alike records are. Pure: nothing is read but what is handed in."""

from __future__ import annotations

from collections.abc import Iterable

from hoaban.linkage.engine.compare import compare
from hoaban.linkage.rules import Likeness, Record


def likeness(a: Record, b: Record) -> Likeness:
    """How alike two records are, with the evidence field by field."""
    return compare(a, b)


def suspects(record: Record, others: Iterable[Record]) -> list[tuple[Record, Likeness]]:
    """Those of the others that may be the same person, likeliest first."""
    found = [(other, compare(record, other)) for other in others if other.key != record.key]
    return sorted((pair for pair in found if pair[1].is_suspect), key=lambda pair: -pair[1].bits)
