"""The roads of the made-up world: a graph over seats and villages that agrees with known distances.

Between seats the roads follow neighbours, heights and rivers; a few are then stretched or shortened, within
what mountain roads do, until the shortest ways are as long as the known ones of `road_km.csv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from hoaban.synth.engine import facts, terrain
from hoaban.synth.engine.facts import Floats, Ints

CENTRE = "03133"  # the province's centre
NATIONAL_ENDS = ("03172", "03151", "03256", "03253", "03361")  # reached by the national roads 12, 279 and 6
PROVINCIAL_ENDS = ("03217", "03203", "03169", "03160")
SHORTEST_DETOUR, LONGEST_DETOUR = 1.05, 3.2
ROUNDS = 80  # of fitting to the known distances
BOAT_WITHIN_KM = 6.0  # seats so near to the Da river have a landing (assumed)
BOAT_FARTHEST_KM = 20.0
RESERVOIR_FIRST = 0  # the Da is the first river of the table


class Road(StrEnum):
    """What kind of road, as in `road_speeds.csv`."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CONCRETE = "concrete"
    EARTH = "earth"
    TRACK = "track"
    WATER = "water"


@dataclass(frozen=True)
class Edges:
    """Roads between nodes: positions of the ends, length in km, kind."""

    start: Ints
    end: Ints
    km: Floats
    kind: list[Road]

    def __len__(self) -> int:
        return len(self.start)


def between_seats() -> Edges:
    """The roads between the seats of neighbouring communes, positions as in `facts.communes()`."""
    edges = _neighbours()
    ends = seat_points()
    straight = np.hypot(*(ends[edges.start] - ends[edges.end]).T)
    detour = _detours(edges, straight)
    edges = replace(edges, km=_fitted(edges, straight, detour))
    edges = replace(edges, kind=_kinds(edges, straight))
    longest = facts.assumed("earth_road_longest_km")
    kept = np.array([kind != Road.EARTH or km <= longest for kind, km in zip(edges.kind, straight, strict=True)])
    edges = Edges(
        edges.start[kept],
        edges.end[kept],
        edges.km[kept],
        [k for k, keep in zip(edges.kind, kept, strict=True) if keep],
    )
    return _joined(edges, _landings(ends))


def to_villages(seats: Ints, villages: Floats, height: Floats, first: int) -> Edges:
    """The roads of villages: each to the nearest place that is nearer to its seat, at last the seat.

    `seats` is the seat's position of each village, `villages` their points; the villages' own positions
    begin at `first`.
    """
    ends, rivers = seat_points(), facts.assumed("detour_river")
    start, end, km, kind = [], [], [], []
    hard = _hardness(seats, villages, height, ends)
    last = float(np.quantile(hard, 1 - facts.assumed("track_share"))) if len(hard) else 0.0
    for seat in sorted(set(seats.tolist())):
        inside = np.flatnonzero(seats == seat)
        far = np.hypot(*(villages[inside] - ends[seat]).T)
        reached, at = [seat], [ends[seat]]
        for village in inside[np.argsort(far, kind="stable")].tolist():
            away = np.hypot(*(np.array(at) - villages[village]).T)
            near = int(np.argmin(away))
            crossed = bool(terrain.over_river(villages[village][None], np.array(at[near])[None])[0])
            start.append(first + village)
            end.append(reached[near])
            km.append(max(0.2, float(away[near]) * (facts.assumed("detour_villages") + rivers * crossed)))
            kind.append(_village_road(float(hard[village]), float(away[near]), reached[near] == seat, last))
            reached.append(first + village)
            at.append(villages[village])
    return Edges(np.array(start, dtype=np.int64), np.array(end, dtype=np.int64), np.array(km), kind)


def shortest_km(edges: Edges, nodes: int, sources: Sequence[int]) -> Floats:
    """Kilometres of the shortest way from each source to every node; infinite where there is none."""
    return np.asarray(dijkstra(_graph(edges, nodes), directed=False, indices=list(sources)))


def minutes(edges: Edges, vehicle: str, season: str) -> list[int | None]:
    """Minutes on each road with that vehicle in that season; None where it can't go there."""
    speed = _speeds()
    return [
        max(1, round(60 * float(km) / at)) if (at := speed.get((kind, vehicle, season))) else None
        for km, kind in zip(edges.km, edges.kind, strict=True)
    ]


def known_distances() -> pl.DataFrame:
    """Known lengths of ways: from_code, to_code, km, tolerance_pct."""
    frame = facts.table("road_km")
    return frame.with_columns(pl.col("km", "tolerance_pct").cast(pl.Float64))


def joined(*parts: Edges) -> Edges:
    """All these roads."""
    whole = parts[0]
    for part in parts[1:]:
        whole = _joined(whole, part)
    return whole


def _joined(one: Edges, other: Edges) -> Edges:
    return Edges(
        np.concatenate([one.start, other.start]), np.concatenate([one.end, other.end]),
        np.concatenate([one.km, other.km]), [*one.kind, *other.kind],
    )  # fmt: skip


def _neighbours() -> Edges:
    seats = pl.read_csv(facts.DATA / "places" / "seats.csv", infer_schema=False)
    place = {c.code: position for position, c in enumerate(facts.communes())}
    pairs = sorted(
        {
            (min(place[code], place[other]), max(place[code], place[other]))
            for code, others in seats.select("commune_code", "neighbours").iter_rows()
            for other in others.split()
            if code in place and other in place
        }
    )
    start, end = np.array(pairs, dtype=np.int64).T
    return Edges(start, end, np.zeros(len(start)), [Road.EARTH] * len(start))


@cache
def seat_points() -> Floats:
    """The seats as kilometres on the plane of `terrain.flat`, in the order of `facts.communes()`."""
    communes = facts.communes()
    return terrain.flat(np.array([c.lat for c in communes]), np.array([c.lon for c in communes]))


@cache
def _seat_heights() -> Floats:
    still = np.zeros(len(facts.communes()))
    return terrain.heights(seat_points(), still, np.random.default_rng(0))


def _detours(edges: Edges, straight: Floats) -> Floats:
    climb = np.abs(_seat_heights()[edges.start] - _seat_heights()[edges.end]) / 100
    ends = seat_points()
    river = terrain.over_river(ends[edges.start], ends[edges.end])
    return np.asarray(
        facts.assumed("detour_seats") - 0.1 + facts.assumed("detour_per_100_m") * climb * 10 / np.maximum(straight, 2)
        + facts.assumed("detour_river") * river
    )  # fmt: skip


def _fitted(edges: Edges, straight: Floats, detour: Floats) -> Floats:
    """Lengths whose shortest ways are as long as the known ones, each road within what a road may be."""
    place = {c.code: position for position, c in enumerate(facts.communes())}
    known = [
        (place[a], place[b], float(km), 10 / float(tolerance))
        for a, b, km, tolerance in known_distances().select("from_code", "to_code", "km", "tolerance_pct").iter_rows()
    ]
    least, most = straight * SHORTEST_DETOUR, straight * LONGEST_DETOUR
    number = {pair: at for at, pair in enumerate(zip(edges.start.tolist(), edges.end.tolist(), strict=True))}
    km = np.maximum(straight * detour, 0.3)
    for _round in range(ROUNDS):
        pull, weight = np.zeros(len(km)), np.zeros(len(km))
        graph = _graph(replace(edges, km=km), len(facts.communes()))
        for a, b, wanted, trust in known:
            far, before = dijkstra(graph, directed=False, indices=a, return_predecessors=True)
            there = b
            while there != a:
                step = int(before[there])
                road = number[min(step, there), max(step, there)]
                pull[road] += trust * np.log(wanted / far[b])
                weight[road] += trust
                there = step
        km = np.clip(km * np.exp(0.5 * pull / np.maximum(weight, 1e-9)), np.maximum(least, 0.3), np.maximum(most, 0.3))
    return np.asarray(km)


def _kinds(edges: Edges, straight: Floats) -> list[Road]:
    place = {c.code: position for position, c in enumerate(facts.communes())}
    number = {pair: at for at, pair in enumerate(zip(edges.start.tolist(), edges.end.tolist(), strict=True))}
    kinds = [Road.EARTH] * len(edges)
    graph = _graph(edges, len(facts.communes()))

    def mark(source: int, goals: Sequence[int], kind: Road) -> None:
        _far, before = dijkstra(graph, directed=False, indices=source, return_predecessors=True)
        for goal in goals:
            there = goal
            while there != source and before[there] >= 0:
                step = int(before[there])
                road = number[min(step, there), max(step, there)]
                kinds[road] = kind if kinds[road] == Road.EARTH else kinds[road]
                there = step

    mark(place[CENTRE], [place[code] for code in NATIONAL_ENDS], Road.NATIONAL)
    mark(place[CENTRE], [place[code] for code in PROVINCIAL_ENDS], Road.PROVINCIAL)
    hub = {facts.communes()[place[code]].district_code: place[code] for code in (*NATIONAL_ENDS[:4], *PROVINCIAL_ENDS)}
    for position, commune in enumerate(facts.communes()):
        mark(hub.get(commune.district_code, place[CENTRE]), [position], Road.CONCRETE)
    return kinds


def _landings(ends: Floats) -> Edges:
    """Boats on the reservoir between landings near to each other."""
    river = facts.table("rivers")["river"][RESERVOIR_FIRST]
    near = np.flatnonzero(terrain.along(river, ends, BOAT_WITHIN_KM)).tolist()
    pairs = [
        (a, b, away)
        for a in near
        for b in near
        if a < b and (away := float(np.hypot(*(ends[a] - ends[b])))) <= BOAT_FARTHEST_KM
    ]
    start, end, km = (np.array(column) for column in zip(*pairs, strict=True))
    return Edges(start.astype(np.int64), end.astype(np.int64), km * 1.2, [Road.WATER] * len(pairs))


def _hardness(seats: Ints, villages: Floats, height: Floats, ends: Floats) -> Floats:
    """How hard a village is to reach: kilometres from its seat and hundreds of metres above it, added."""
    far = np.hypot(*(villages - ends[seats]).T)
    return np.asarray(far + np.maximum(0, height - _seat_heights()[seats]) / 100)


def _village_road(hard: float, away: float, at_the_seat: bool, last: float) -> Road:
    if at_the_seat and away <= facts.assumed("concrete_to_village_km"):
        return Road.CONCRETE
    return Road.TRACK if hard > last else Road.EARTH


def _graph(edges: Edges, nodes: int) -> coo_array:
    return coo_array((edges.km, (edges.start, edges.end)), shape=(nodes, nodes)).tocsr()


@cache
def _speeds() -> dict[tuple[str, str, str], float]:
    rows = facts.table("road_speeds").select("road", "vehicle", "season", "km_h").iter_rows()
    return {(road, vehicle, season): float(km_h) for road, vehicle, season, km_h in rows}
