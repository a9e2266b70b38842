"""The facts that the made-up province is drawn from: files of `data/`, each row with its certainty.

Nothing here is tuned to reach a figure; what nobody has published stands in `assumptions.csv` with
a range and a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

DATA = Path(__file__).parents[2] / "data"

CITIES = frozenset({"001", "031", "048", "079", "092"})  # cities of province rank, by the number's code

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Random = np.random.Generator

OTHER_GROUP = "*"  # lists of this group serve every group without its own


@dataclass(frozen=True)
class Commune:
    """One commune that forms may come from."""

    code: str
    district_code: str
    name: str
    district: str
    population: int
    lat: float
    lon: float
    area_km2: float
    urban: bool


@dataclass(frozen=True)
class Choice:
    """A weighted list to draw positions from."""

    cumulative: Floats

    @classmethod
    def of(cls, weights: npt.ArrayLike) -> Choice:
        """Draw position i with a chance in proportion to the i-th weight."""
        heavy = np.cumsum(np.asarray(weights, dtype=np.float64))
        return cls(heavy / heavy[-1])

    def draw(self, rng: Random, count: int) -> Ints:
        """That many positions, independently."""
        return np.searchsorted(self.cumulative, rng.random(count), side="right").astype(np.int64)


@cache
def table(name: str) -> pl.DataFrame:
    """A file of `data/synth/` as text, empty cells as ""."""
    frame = pl.read_csv(DATA / "synth" / f"{name}.csv", infer_schema=False)
    return frame.with_columns(pl.all().fill_null(""))


@cache
def _assumptions() -> dict[str, float]:
    frame = table("assumptions")
    return {name: float(value) for name, value in frame.select("name", "value").iter_rows()}


def assumed(name: str) -> float:
    """A value of `assumptions.csv`."""
    return _assumptions()[name]


@cache
def _words() -> dict[str, str]:
    return dict(table("words").select("code", "text").iter_rows())


def word(code: str) -> str:
    """A Vietnamese word or phrase that the forms use."""
    return _words()[code]


@cache
def terms(name: str) -> dict[str, str]:
    """Code to Vietnamese term of a code list (`gender`, `religions`, ...)."""
    return dict(table(name).select("code", "name_vi").iter_rows())


def province_text(code: str, name: str) -> str:
    """Another province as people write it on a form."""
    return f"{word('city_prefix' if code in CITIES else 'province_prefix')} {name}"


@cache
def communes() -> tuple[Commune, ...]:
    """All communes of the province by code, with population, seat and area."""
    units = pl.read_csv(DATA / "places" / "units_2023.csv", infer_schema=False)
    people = pl.read_csv(DATA / "places" / "population_2022.csv", infer_schema=False)
    seats = pl.read_csv(DATA / "places" / "seats.csv", infer_schema=False)
    joined = units.join(people.select("commune_code", "population_2022"), on="commune_code").join(
        seats.select("commune_code", "seat_lat", "seat_lon", "area_km2"), on="commune_code"
    )
    return tuple(
        Commune(
            code=row["commune_code"],
            district_code=row["district_code"],
            name=row["commune_full"],
            district=row["district_name"],
            population=int(row["population_2022"]),
            lat=float(row["seat_lat"]),
            lon=float(row["seat_lon"]),
            area_km2=float(row["area_km2"]),
            urban=row["urban"] == "1",
        )
        for row in joined.sort("commune_code").iter_rows(named=True)
    )


@cache
def group_codes() -> tuple[str, ...]:
    """The ethnic groups that have lists of names here; a group's number is its place in this list."""
    named = set(table("family_names")["ethnic_code"].to_list())
    return tuple(code for code in table("ethnic_groups")["code"].to_list() if code in named)


@cache
def groups_in(district_code: str) -> Floats:
    """Share of each ethnic group among the people of a district, in the order of `group_codes`."""
    mix = table("ethnic_by_district").row(by_predicate=pl.col("district_code") == district_code, named=True)
    whole = dict(table("ethnic_groups").select("code", "dien_bien_share_pct").iter_rows())
    main = {"03": "thai_pct", "08": "mong_pct", "01": "kinh_pct", "23": "kho_mu_pct"}
    codes = group_codes()
    shares = np.array([0.0 if code in main else float(whole[code] or 0) for code in codes])
    shares *= float(mix["other_pct"]) / shares.sum()
    for code, column in main.items():
        shares[codes.index(code)] = float(mix[column])
    return np.asarray(shares / shares.sum(), dtype=np.float64)


@cache
def household_sizes(group: str) -> Floats:
    """Share of households of 1, 2, 3, ... persons in an ethnic group."""
    sizes = table("household_size")
    rows = sizes.filter(pl.col("ethnic_code") == group)
    if rows.is_empty():
        rows = sizes.filter(pl.col("ethnic_code") == OTHER_GROUP)
    weights = rows["weight_pct"].cast(pl.Float64).to_numpy()
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def villages() -> int:
    """How many villages the province has (campaign facts: 1,447 village groups)."""
    return int(assumed("villages"))


def shared_out(whole: int, weights: Floats) -> list[int]:
    """A whole number in parts in proportion to the weights, summing exactly (largest remainders)."""
    exact = whole * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: whole - int(parts.sum())]] += 1
    return [int(n) for n in parts]


@cache
def age_shares() -> tuple[Ints, Floats]:
    """First age of each age group, and its share by sex (column 0 men, 1 women) in 2022."""
    frame = table("age_structure")
    first = [int(label.rstrip("+").split("-")[0]) for label in frame["age_group"].to_list()]
    share = frame["share_2022_pct_interpolated"].cast(pl.Float64).to_numpy()
    men = frame["male_share_pct"].cast(pl.Float64).to_numpy() / 100
    both = np.column_stack([share * men, share * (1 - men)])
    return np.array(first, dtype=np.int64), np.asarray(both / both.sum(), dtype=np.float64)
