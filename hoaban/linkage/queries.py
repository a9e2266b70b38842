"""Asking how alike records are. Pure: nothing is read but what is handed in."""

from __future__ import annotations

from hoaban.linkage.engine.compare import compare
from hoaban.linkage.rules import Likeness, Record


def likeness(a: Record, b: Record) -> Likeness:
    """How alike two records are, with the evidence field by field."""
    return compare(a, b)
