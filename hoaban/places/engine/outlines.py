"""Approximate outlines from seats: Voronoi cells, closed off by seats of nobody all round the province.

A commune is taken to be the land nearer to its seat than to any other. The hull is made of the same
stuff: points of nobody on a grid, wherever no seat is within twice the radius of its commune's area, bound the
cells outside, so that neighbouring cells share their edges exactly and unions need no geometry library.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import Voronoi, cKDTree

from hoaban.base.globe import KM_PER_DEGREE

GRID_KM = 2.0
MARGIN_KM = 40.0
REACH = 2.0  # radii of a commune within which nobody's point stands; its edge is then one radius away
RADIUS_KM = 5.0  # of a commune of unknown area
DECIMALS = 5  # about a metre

Ring = tuple[tuple[float, float], ...]  # lon, lat; the last point isn't the first again


@dataclass(frozen=True)
class Seat:
    """Where a commune is governed from, and how large it is as far as known."""

    key: str
    lat: float
    lon: float
    area_km2: float | None = None


def cells(seats: Sequence[Seat]) -> dict[str, Ring]:
    """The outline of each seat's land. Two seats at one point share nothing: the second has no outline."""
    if len(seats) < 2:
        return {}
    shrink = math.cos(math.radians(sum(one.lat for one in seats) / len(seats)))
    points = np.array([[one.lon * shrink, one.lat] for one in seats]) * KM_PER_DEGREE
    radii = np.array([math.sqrt((one.area_km2 or math.pi * RADIUS_KM**2) / math.pi) for one in seats])
    drawn = Voronoi(np.concatenate([points, _nobodys(points, radii)]))
    corners = np.round(drawn.vertices / [KM_PER_DEGREE * shrink, KM_PER_DEGREE], DECIMALS)
    outlines: dict[str, Ring] = {}
    for number, one in enumerate(seats):
        region = drawn.regions[drawn.point_region[number]]
        if region and -1 not in region:
            ring = _without_repeats([(float(lon), float(lat)) for lon, lat in corners[region]])
            if len(ring) > 2:
                outlines[one.key] = ring
    return outlines


def _nobodys(points: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Points of a six-cornered grid out of reach of every seat."""
    low, high = points.min(axis=0) - MARGIN_KM, points.max(axis=0) + MARGIN_KM
    rows = np.arange(low[1], high[1], GRID_KM * math.sqrt(3) / 2)
    grid = np.concatenate([_row(low[0] + n % 2 * GRID_KM / 2, high[0], y) for n, y in enumerate(rows)])
    tree = cKDTree(grid)
    near = {
        found
        for point, radius in zip(points, radii, strict=True)
        for found in tree.query_ball_point(point, REACH * radius)
    }
    return grid[[number for number in range(len(grid)) if number not in near]]


def _row(start: float, end: float, y: float) -> np.ndarray:
    x = np.arange(start, end, GRID_KM)
    return np.column_stack([x, np.full(len(x), y)])


def _without_repeats(ring: Sequence[tuple[float, float]]) -> Ring:
    return tuple(point for number, point in enumerate(ring) if point != ring[number - 1])


def union(rings: Iterable[Ring]) -> tuple[Ring, ...]:
    """The outline of cells together: the edges that only one of them has, joined to rings, holes among them."""
    edges: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    single: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    for ring in rings:
        turned = ring if _turns_left(ring) else ring[::-1]
        for number, point in enumerate(turned):
            edge = (turned[number - 1], point)
            if edge[::-1] in single:
                single.remove(edge[::-1])
            else:
                single.add(edge)
    for start, end in sorted(single):
        edges[start].append(end)
    joined = []
    while edges:
        start = next(iter(edges))
        ring_of = [start]
        at = edges[start].pop()
        _drop_if_empty(edges, start)
        while at != start:
            ring_of.append(at)
            onward = edges[at].pop()
            _drop_if_empty(edges, at)
            at = onward
        joined.append(tuple(ring_of))
    return tuple(joined)


def _drop_if_empty(edges: dict[tuple[float, float], list[tuple[float, float]]], at: tuple[float, float]) -> None:
    if not edges[at]:
        del edges[at]


def _turns_left(ring: Ring) -> bool:
    return _twice_area(ring) > 0


def _twice_area(ring: Ring) -> float:
    return sum(ring[number - 1][0] * point[1] - point[0] * ring[number - 1][1] for number, point in enumerate(ring))


def area_km2(rings: Iterable[Ring]) -> float:
    """How large the land inside the rings is; a hole turns the other way and is taken off."""
    total = 0.0
    for ring in rings:
        shrink = math.cos(math.radians(sum(lat for _lon, lat in ring) / len(ring)))
        total += _twice_area(ring) / 2 * KM_PER_DEGREE**2 * shrink
    return abs(total)


def thinned(ring: Ring, tolerance: float) -> Ring:
    """The ring without points that lie within a tolerance (degrees) of the line through the others."""
    if len(ring) < 8:
        return ring
    far = max(range(len(ring)), key=lambda n: math.dist(ring[0], ring[n]))
    return (*_thin(ring[: far + 1], tolerance)[:-1], *_thin((*ring[far:], ring[0]), tolerance)[:-1])


def _thin(line: Sequence[tuple[float, float]], tolerance: float) -> tuple[tuple[float, float], ...]:
    keep, ahead = {0, len(line) - 1}, [(0, len(line) - 1)]
    while ahead:
        first, last = ahead.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        length = math.hypot(bx - ax, by - ay) or 1e-12
        away = [
            (abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length, n)
            for n, (x, y) in enumerate(line[first + 1 : last], start=first + 1)
        ]
        if away and max(away)[0] > tolerance:
            middle = max(away)[1]
            keep.add(middle)
            ahead += [(first, middle), (middle, last)]
    return tuple(line[n] for n in sorted(keep))
