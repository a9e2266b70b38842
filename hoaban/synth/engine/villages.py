"""Villages with invented names and points, 1,447 in the whole province, spread round the commune's seat.

A village lies in the cell of its commune's seat (nearer to it than to any other seat) and within
the circle of the commune's area, so that it falls inside the approximate outline drawn from seats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from hoaban.base.globe import KM_PER_DEGREE
from hoaban.synth.engine import facts
from hoaban.synth.engine.facts import Commune, Floats, Ints, Random

CANDIDATES = 400
TRIES = 12  # of so many candidates the one farthest from the villages so far is taken
SEAT_WITHIN_KM = 0.8
FEWEST = 2  # so that even a small sample has a near and a far village


@dataclass(frozen=True)
class Village:
    """An invented village; `old_name` is what it was called before villages were merged in 2019."""

    code: str
    commune: int  # position in the list of communes drawn
    name: str
    old_name: str
    lat: float
    lon: float
    km_from_seat: float


@cache
def counts() -> dict[str, int]:
    """How many villages each commune has: the province's, shared out by population."""
    communes = facts.communes()
    people = np.array([commune.population for commune in communes], dtype=np.float64)
    return dict(zip((c.code for c in communes), facts.shared_out(facts.villages(), people), strict=True))


def villages_of(position: int, commune: Commune, people: int, rng: Random) -> list[Village]:
    """The villages of a commune, the one at its seat first; fewer where a sample has fewer people."""
    whole = counts()[commune.code]
    count = max(FEWEST, min(whole, round(whole * people / commune.population)))
    east, north = _points(commune, count, rng)
    names = _names(commune, 2 * count, rng)
    shrink = KM_PER_DEGREE * math.cos(math.radians(commune.lat))
    return [
        Village(
            code=f"{commune.code}{number + 1:02d}",
            commune=position,
            name=names[number],
            old_name=names[count + number],
            lat=round(commune.lat + float(north[number]) / KM_PER_DEGREE, 6),
            lon=round(commune.lon + float(east[number]) / shrink, 6),
            km_from_seat=float(np.hypot(east[number], north[number])),
        )
        for number in range(count)
    ]


def _points(commune: Commune, count: int, rng: Random) -> tuple[Floats, Floats]:
    """Kilometres east and north of the seat."""
    radius = math.sqrt(commune.area_km2 / math.pi)
    east, north = _in_cell(commune, radius, CANDIDATES + TRIES * count, rng)
    taken = [int(np.argmin(np.abs(np.hypot(east, north) - SEAT_WITHIN_KM / 2)))]
    for _ in range(count - 1):
        offered = rng.integers(0, len(east), TRIES)
        apart = np.hypot(
            east[offered][:, None] - east[taken][None, :], north[offered][:, None] - north[taken][None, :]
        ).min(axis=1)
        taken.append(int(offered[int(np.argmax(apart))]))
    chosen = np.array(taken)
    return east[chosen], north[chosen]


def _in_cell(commune: Commune, radius: float, count: int, rng: Random) -> tuple[Floats, Floats]:
    distance, turn = radius * np.sqrt(rng.random(count)), rng.random(count) * 2 * math.pi
    east, north = distance * np.cos(turn), distance * np.sin(turn)
    shrink = KM_PER_DEGREE * math.cos(math.radians(commune.lat))
    inside = np.ones(count, dtype=np.bool_)
    for other in facts.communes():
        away_east = (other.lon - commune.lon) * shrink
        away_north = (other.lat - commune.lat) * KM_PER_DEGREE
        if other.code != commune.code and math.hypot(away_east, away_north) < 2 * radius:
            inside &= distance < np.hypot(east - away_east, north - away_north)
    return east[inside], north[inside]


def _names(commune: Commune, count: int, rng: Random) -> list[str]:
    if commune.urban:
        half = count // 2
        quarter, old = facts.word("quarter_prefix"), facts.word("old_quarter_prefix")
        return [f"{quarter} {n + 1}" for n in range(half)] + [f"{old} {n + 1}" for n in range(half)]
    words = facts.table("village_words")
    first, second = (words.filter(words["place"] == part)["word"].to_list() for part in ("first", "second"))
    order = rng.permutation(len(first) * len(second))[:count]
    prefix = facts.word("village_prefix")
    return [f"{prefix} {first[n % len(first)]} {second[n // len(first)]}" for n in order.tolist()]


def settle(group: Ints, villages: int, rng: Random) -> Ints:
    """The village (0, 1, ...) of each household of a commune, most groups keeping together.

    Households sorted by ethnic group are cut into equal villages; a few then change places.
    """
    order = np.argsort(group, kind="stable")
    village = np.empty(len(group), dtype=np.int64)
    village[order] = np.arange(len(group)) * villages // len(group)
    movers = np.flatnonzero(rng.random(len(group)) < facts.assumed("away_from_main_village_share"))
    village[movers] = village[rng.permutation(movers)]
    return village
