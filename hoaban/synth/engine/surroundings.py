"""What a team meets on its way: power, network, closed roads, markets, schools and the farmers' year.

Everything is made up from shares in `assumptions.csv`; only the seats are real places.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from hoaban.synth.engine import facts, roads, terrain
from hoaban.synth.engine.facts import Flags, Floats, Random
from hoaban.synth.engine.roads import Edges, Road

RAIN = ((5, 1), (10, 31))  # first and last day of the rain season (provincial page)
HIGHLAND_M = 700  # farmers above it follow the calendar of the heights (assumed)
SIX_DAYS = 6
WEEKDAYS = (6, 7)  # weekly markets are held on Saturday or Sunday (assumed)
OPEN = ("05:30", "11:00")
DISTRICT_SEATS = (roads.CENTRE, *roads.NATIONAL_ENDS[:4], *roads.PROVINCIAL_ENDS)


@dataclass(frozen=True)
class Surroundings:
    """The tables of the world, as they are written."""

    points: pl.DataFrame
    roads: pl.DataFrame
    closures: pl.DataFrame
    markets: pl.DataFrame
    schools: pl.DataFrame
    farm_calendar: pl.DataFrame


def of(villages: pl.DataFrame, year: int, seed: int) -> Surroundings:
    """The world round these villages (code, commune_code, name, lat, lon) in a year."""
    rng = np.random.default_rng([seed, 7])
    communes = facts.communes()
    place = {c.code: position for position, c in enumerate(communes)}
    seat = np.array([place[code] for code in villages["commune_code"].to_list()], dtype=np.int64)
    at = terrain.flat(villages["lat"].cast(float).to_numpy(), villages["lon"].cast(float).to_numpy())
    seats = roads.seat_points()
    spread = np.concatenate([np.zeros(len(seats)), np.full(len(at), facts.assumed("village_height_spread_m"))])
    height = terrain.heights(np.concatenate([seats, at]), spread, rng)
    edges = roads.joined(roads.between_seats(), roads.to_villages(seat, at, height[len(seats) :], len(seats)))
    codes = [c.code for c in communes] + villages["code"].to_list()
    far = np.hypot(*(at - seats[seat]).T)
    points = _points(villages, codes, height, far, rng)
    return Surroundings(
        points=points,
        roads=_roads(edges, codes),
        closures=_closures(edges, codes, year, rng),
        markets=_markets(height[: len(seats)], year, rng),
        schools=_schools(villages, rng),
        farm_calendar=facts.table("farm_calendar"),
    )


def _points(villages: pl.DataFrame, codes: list[str], height: Floats, far: Floats, rng: Random) -> pl.DataFrame:
    communes, seats = facts.communes(), len(facts.communes())
    power = np.concatenate([np.zeros(seats, dtype=np.bool_), _worst(far, facts.assumed("no_power_share"), rng)])
    none = _worst(far, facts.assumed("no_network_share"), rng)
    weak = _worst(far, facts.assumed("no_network_share") + facts.assumed("weak_network_share"), rng) & ~none
    network = ["4g"] * seats + ["none" if n else "2g" if w else "4g" for n, w in zip(none, weak, strict=True)]
    return pl.DataFrame(
        {
            "code": codes,
            "commune_code": [c.code for c in communes] + villages["commune_code"].to_list(),
            "kind": ["seat"] * seats + ["village"] * len(villages),
            "name": [c.name for c in communes] + villages["name"].to_list(),
            "lat": [f"{c.lat:.6f}" for c in communes] + villages["lat"].to_list(),
            "lon": [f"{c.lon:.6f}" for c in communes] + villages["lon"].to_list(),
            "height_m": [str(int(m)) for m in height],
            "farm_zone": ["high" if m >= HIGHLAND_M else "low" for m in height],
            "power": ["none" if lacks else "grid" for lacks in power],
            "network": network,
            "invented": ["0"] * seats + ["1"] * len(villages),
        }
    )


def _worst(far: Floats, share: float, rng: Random) -> Flags:
    """So great a share of villages, mostly those far from their seat."""
    chance = far * rng.exponential(size=len(far))
    return np.asarray(chance > np.quantile(chance, 1 - share)) if len(far) else np.zeros(0, dtype=np.bool_)


def _roads(edges: Edges, codes: list[str]) -> pl.DataFrame:
    columns: dict[str, list[str]] = {
        "from_code": [codes[n] for n in edges.start],
        "to_code": [codes[n] for n in edges.end],
        "km": [f"{km:.1f}" for km in edges.km],
        "road": [kind.value for kind in edges.kind],
    }
    for vehicle in ("car", "motorbike", "foot", "boat"):
        for season in ("dry", "rain"):
            took = roads.minutes(edges, vehicle, season)
            columns[f"{vehicle}_{season}_min"] = ["" if n is None else str(n) for n in took]
    return pl.DataFrame(columns)


def _closures(edges: Edges, codes: list[str], year: int, rng: Random) -> pl.DataFrame:
    """Closed spells of the coming rain season: each road's days at the assumed share, in spells."""
    first, last = (dt.date(year, *day) for day in RAIN)
    season, longest = (last - first).days + 1, int(facts.assumed("longest_closure_days"))
    share = {
        Road.EARTH: facts.assumed("closed_share_earth"), Road.TRACK: facts.assumed("closed_share_earth"),
        Road.NATIONAL: facts.assumed("closed_share_national"), Road.PROVINCIAL: facts.assumed("closed_share_national"),
    }  # fmt: skip
    spells = []
    for number, kind in enumerate(edges.kind):
        if kind not in share:
            continue
        for _spell in range(int(rng.poisson(share[kind] * season * 2 / (longest + 1)))):
            begin = first + dt.timedelta(days=int(rng.integers(season)))
            end = min(last, begin + dt.timedelta(days=int(rng.integers(longest))))
            why = (
                "closed_landslip" if kind in (Road.NATIONAL, Road.PROVINCIAL) or rng.random() < 0.5 else "closed_flood"
            )
            ends = codes[edges.start[number]], codes[edges.end[number]]
            spells.append((*ends, kind.value, begin.isoformat(), end.isoformat(), facts.word(why)))
    columns = ("from_code", "to_code", "road", "closed_from", "closed_to", "why")
    return pl.DataFrame(sorted(spells), schema=dict.fromkeys(columns, pl.String), orient="row")


def _markets(height: Floats, year: int, rng: Random) -> pl.DataFrame:
    rows = []
    for commune, metres in zip(facts.communes(), height, strict=True):
        chance = float(rng.random())
        rest = ("", "", *OPEN)
        if commune.code in DISTRICT_SEATS:
            rows.append((commune.code, _called("city_market", commune.name), "daily", *rest))
        elif commune.urban:
            continue
        elif metres >= HIGHLAND_M and chance < facts.assumed("six_day_market_share"):
            first = dt.date(year, 1, 1) + dt.timedelta(days=int(rng.integers(SIX_DAYS)))
            rows.append((commune.code, _called("six_day_market", commune.name), "every_6_days", "",
                         first.isoformat(), *OPEN))  # fmt: skip
        elif chance < facts.assumed("weekly_market_share"):
            day = str(WEEKDAYS[int(rng.integers(len(WEEKDAYS)))])
            rows.append((commune.code, _called("commune_market", commune.name), "weekly", day, *rest[1:]))
    columns = ("place_code", "name", "kind", "iso_weekday", "first_day", "opens", "closes")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _schools(villages: pl.DataFrame, rng: Random) -> pl.DataFrame:
    """A primary and a lower secondary school at each seat, branches in villages, upper ones at district seats."""
    rows: list[tuple[str, str, str, int, int, int]] = []
    for commune in facts.communes():
        rows.append((commune.code, _called("school_primary", commune.name), "primary", 6, 10, 0))
        rows.append((commune.code, _called("school_secondary", commune.name), "lower_secondary", 11, 14,
                     0 if commune.urban else 1))  # fmt: skip
        if commune.code in DISTRICT_SEATS:
            rows.append((commune.code, _called("school_upper", commune.name), "upper_secondary", 15, 17, 0))
            rows.append((commune.code, _called("school_boarding", commune.district), "boarding", 11, 17, 1))
    has = rng.random(len(villages)) < facts.assumed("village_school_share")
    rows += [
        (code, _called("school_branch", name), "branch", 6, 8, 0)
        for code, name in villages.filter(pl.Series(has)).select("code", "name").iter_rows()
    ]
    columns = ("place_code", "name", "kind", "youngest", "oldest", "boards")
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    return frame.with_columns(pl.all().cast(pl.String))


def _called(word: str, name: str) -> str:
    """A market or school by its kind and its place, the place's own kind in small letters."""
    return f"{facts.word(word)} {name[:1].lower()}{name[1:]}"


def closed_share(closures: pl.DataFrame, edges: int, year: int) -> float:
    """Share of road-days of the rain season that these closures take; overlapping spells count once."""
    first, last = (dt.date(year, *day) for day in RAIN)
    days: set[tuple[str, str, dt.date]] = set()
    for start, end, begun, ended in closures.select("from_code", "to_code", "closed_from", "closed_to").iter_rows():
        day = dt.date.fromisoformat(begun)
        while day <= dt.date.fromisoformat(ended):
            days.add((start, end, day))
            day += dt.timedelta(days=1)
    return len(days) / (edges * ((last - first).days + 1)) if edges else 0.0
