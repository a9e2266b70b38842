"""Distances and the minutes they take, until a real road table is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0
DETOUR = 1.6  # road length over straight line in mountains; assumed, 1.25-1.9
SPEED_KM_H = 22.0  # motorbike or four-wheel drive on village roads; assumed, 14-32


@dataclass(frozen=True)
class Point:
    """A place on the map, in degrees (WGS 84)."""

    lat: float
    lon: float


def distance_km(a: Point, b: Point) -> float:
    """The straight line between two points over the globe."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half_lat**2 + math.cos(lat_a) * math.cos(lat_b) * half_lon**2))


def travel_minutes(a: Point, b: Point) -> int:
    """Minutes on the road between two points: straight line times a detour, at an assumed speed."""
    return math.ceil(distance_km(a, b) * DETOUR / SPEED_KM_H * 60)
