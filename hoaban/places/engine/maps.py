"""The map on the page of a place: itself, what touches it, what is in it, its seat and its villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoaban.base.words import _
from hoaban.web.engine import maps, svg

OWN, PART, BESIDE = "#e8ebf4", "#e8ebf4", "#fdfbf7"
OWN_LINE, LINE = "#1d2b53", "#77747a"
MOST_NAMED = 60  # villages; more would be a cloud


@dataclass(frozen=True)
class Drawn:
    """A unit as it's drawn: its outline, name and page."""

    name: str
    rings: Sequence[maps.Ring]
    href: str = ""


@dataclass(frozen=True)
class Point:
    """A seat or village as it's drawn."""

    name: str
    lat: float
    lon: float
    is_seat: bool = False


def of_place(own: Drawn, inside: Sequence[Drawn], beside: Sequence[Drawn], points: Sequence[Point]) -> svg.Svg:
    """The map of one place. With units inside these are drawn and open, else the place is drawn whole."""
    around = [maps.Area(one.rings, one.name, href=one.href, fill=BESIDE, line=LINE) for one in beside]
    areas = [maps.Area(one.rings, one.name, href=one.href, fill=PART, line=LINE) for one in inside]
    areas.append(maps.Area(own.rings, "", own.name, fill="none" if inside else OWN, line=OWN_LINE, wide=2))
    return maps.draw(
        key="map", title=str(_("Map of %(name)s")) % {"name": own.name},
        description=str(_("Neighbours, seats and villages; the lists on this page say the same.")),
        areas=areas, around=around,
        spots=[
            maps.Spot(one.lat, one.lon, one.name, one.is_seat, not inside and len(points) <= MOST_NAMED)
            for one in points
        ],
    )  # fmt: skip
