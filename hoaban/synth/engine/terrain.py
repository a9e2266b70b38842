"""Heights and rivers of the made-up world: known points, all between them guessed."""

from __future__ import annotations

import itertools

import numpy as np

from hoaban.base.globe import KM_PER_DEGREE
from hoaban.synth.engine import facts
from hoaban.synth.engine.facts import Flags, Floats, Random

LOWEST, HIGHEST = 200.0, 1850.0  # of the province, metres (provincial page)


def flat(lat: Floats, lon: Floats) -> Floats:
    """Points as kilometres east and north on a plane that fits a province; shape (n, 2)."""
    middle = np.mean([commune.lat for commune in facts.communes()])
    return np.column_stack([lon * KM_PER_DEGREE * np.cos(np.radians(middle)), lat * KM_PER_DEGREE])


def heights(points: Floats, spread: Floats, rng: Random) -> Floats:
    """Metres above the sea at points (n, 2): between the known heights by nearness, with some chance.

    `spread` is the standard deviation of the chance at each point.
    """
    known = facts.table("heights")
    seat = {c.code: c for c in facts.communes()}
    at = [seat[code] for code in known["commune_code"].to_list()]
    places = flat(np.array([c.lat for c in at]), np.array([c.lon for c in at]))
    height = known["height_m"].cast(float).to_numpy()
    apart = np.hypot(*(points[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    near = 1 / np.maximum(apart, 1.0) ** 2
    between = (near * height).sum(axis=1) / near.sum(axis=1)
    return np.asarray(np.clip(between + rng.normal(0, 1, len(points)) * spread, LOWEST, HIGHEST).round())


def over_river(start: Floats, end: Floats) -> Flags:
    """Whether the straight line between two points crosses one of the rivers; shapes (n, 2)."""
    rivers = facts.table("rivers")
    crossed = np.zeros(len(start), dtype=np.bool_)
    for name in rivers["river"].unique(maintain_order=True):
        course = rivers.filter(rivers["river"] == name)
        bends = flat(course["lat"].cast(float).to_numpy(), course["lon"].cast(float).to_numpy())
        for a, b in itertools.pairwise(bends):
            crossed |= (_side(a, b, start) != _side(a, b, end)) & _parts(start, end, a, b)
    return crossed


def along(river: str, points: Floats, within_km: float) -> Flags:
    """Whether points lie so near to a river."""
    rivers = facts.table("rivers")
    course = rivers.filter(rivers["river"] == river)
    bends = flat(course["lat"].cast(float).to_numpy(), course["lon"].cast(float).to_numpy())
    near = np.full(len(points), np.inf)
    for a, b in itertools.pairwise(bends):
        share = np.clip(((points - a) @ (b - a)) / ((b - a) @ (b - a)), 0, 1)
        near = np.minimum(near, np.hypot(*(points - (a + share[:, None] * (b - a))).T))
    return np.asarray(near <= within_km)


def _side(a: Floats, b: Floats, points: Floats) -> Flags:
    return np.asarray((b[0] - a[0]) * (points[:, 1] - a[1]) - (b[1] - a[1]) * (points[:, 0] - a[0]) > 0)


def _parts(start: Floats, end: Floats, a: Floats, b: Floats) -> Flags:
    """Whether the line through start and end has a and b on its two sides."""
    along_east, along_north = (end - start).T
    side_a = along_east * (a[1] - start[:, 1]) - along_north * (a[0] - start[:, 0]) > 0
    side_b = along_east * (b[1] - start[:, 1]) - along_north * (b[0] - start[:, 0]) > 0
    return np.asarray(side_a != side_b)
