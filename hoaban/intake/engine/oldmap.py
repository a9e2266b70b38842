"""Addresses written on the map of another day: the province or district that a commune was in before.

An address is written from the smallest unit to the province. Only what the map knows is judged: where
commune or district isn't known by its name, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hoaban.base import names
from hoaban.places import rules as places


def bare(text: str) -> str:
    """A unit's name without tone marks and without the word for its kind."""
    return places.bare(names.fold(text).strip())


@dataclass(frozen=True)
class Map:
    """The names of our province, its districts and, for each commune's name, the districts that have one."""

    province: str = ""
    districts: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def now(self, address: str) -> str:
        """The address with the district and the province of this map, "" where it has them already."""
        parts = [part.strip() for part in address.split(",")]
        if len(parts) < 3 or bare(parts[-2]) not in self.districts:
            return ""
        mended = parts[:]
        there = self.communes.get(bare(parts[-3]), frozenset())
        if bare(parts[-2]) not in there and len(there) == 1:
            mended[-2] = self.districts[next(iter(there))]
        if bare(parts[-1]) != bare(self.province):
            mended[-1] = self.province
        return ", ".join(mended) if mended != parts else ""
