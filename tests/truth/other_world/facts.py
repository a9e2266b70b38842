"""The facts this world is made from, read from the small tables beside this file."""

import csv
from bisect import bisect, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

HERE = Path(__file__).parent / "facts"


def table(name: str) -> list[dict[str, str]]:
    """All rows of one table."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Urn:
    """Words drawn with their weights."""

    def __init__(self, weighted: Iterable[tuple[str, float]]) -> None:
        pairs = [(word, weight) for word, weight in weighted if weight > 0]
        self.words = [word for word, _ in pairs]
        self.bounds = list(accumulate(weight for _, weight in pairs))

    def draw(self, rng: Random) -> str:
        """One word."""
        return self.words[min(bisect(self.bounds, rng.random() * self.bounds[-1]), len(self.words) - 1)]


@dataclass(frozen=True)
class Unit:
    """A commune and what is above it, as words of an address; province_id begins the numbers registered there."""

    kind: str
    name: str
    district_kind: str
    district: str
    province_kind: str
    province: str
    province_id: str
    code: str = ""


@dataclass(frozen=True)
class Commune:
    """One of the 129 communes of 2023."""

    unit: Unit
    variant: str
    district_code: str
    people: int
    lat: float
    lon: float
    km2: float
    urban: bool
    neighbours: tuple[str, ...]

    @property
    def code(self) -> str:
        """The five digits of the statistics office."""
        return self.unit.code


@dataclass(frozen=True)
class People:
    """How one ethnic group's families are built."""

    child_share: float
    elder_share: float
    mother_age: float
    most_children: int
    son_stays: float
    daughter_near: float


@dataclass(frozen=True)
class Away:
    """A place outside the province, who tends to be born there and how many go there."""

    unit: Unit
    ethnic: str
    born: float
    goes: float


class Steps:
    """Shares that hold from an age on, for somebody."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self.of: dict[tuple[str, str], tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for row in rows:
            ages, shares = self.of[row["what"], row["who"]]
            ages.append(int(row["from_age"]))
            shares.append(float(row["share"]))

    def at(self, what: str, who: str, age: int) -> float:
        """The share of those of that age to whom it applies."""
        ages, shares = self.of[what, who if (what, who) in self.of else "*"]
        place = bisect_right(ages, age) - 1
        return shares[place] if place >= 0 else 0.0


class Facts:
    """Every table, in the form the makers ask it in."""

    def __init__(self) -> None:
        self.word = {(row["list"], row["key"]): row["word"] for row in table("wording")}
        self.relation = {row["code"]: row["word"] for row in table("relations")}
        self.rate = {row["kind"]: float(row["pct"]) / 100 for row in table("error_rates")}
        self.steps = Steps(table("lives"))
        self.communes = {row["code"]: self._commune(row) for row in table("communes")}
        self.ages = [
            (int(row["from_age"]), int(row["to_age"]), float(row["share_pct"]), float(row["male_pct"]) / 100)
            for row in table("ages")
        ]
        self.ethnic_word = {row["ethnic"]: row["official"] for row in table("ethnic_names")}
        self.group_words = {row["ethnic"]: _bars(row["group_names"]) for row in table("ethnic_names")}
        self.peoples = {row.pop("ethnic"): _people(row) for row in table("peoples")}
        self.sizes: dict[str, dict[int, float]] = defaultdict(dict)
        for row in table("household_sizes"):
            self.sizes[row["ethnic"]][int(row["persons"])] = float(row["weight"])
        self.away = [self._away(row) for row in table("elsewhere")]
        self._name_tables()
        self._place_tables()

    def _name_tables(self) -> None:
        self.family = _urns(table("family_names"), ["ethnic"])
        self.middle = _urns(table("middle_names"), ["ethnic", "sex"])
        self.given = _urns(table("given_names"), ["ethnic", "sex"])
        self.spellings: dict[str, set[str]] = defaultdict(set)
        for row in table("family_names"):
            for variant in _bars(row["variants"]):
                self.spellings[row["name"].upper()].add(variant.upper())
        self.adult_names = [row["word"].upper() for row in table("everyday_names") if row["list"] == "adult"]
        self.nicknames = [row["word"].upper() for row in table("everyday_names") if row["list"] == "nickname"]

    def _place_tables(self) -> None:
        others: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in table("ethnic_others"):
            others[row["district_code"]].append((row["ethnic"], float(row["weight"])))
        self.mix: dict[str, dict[str, float]] = defaultdict(dict)
        for row in table("ethnic_mix"):
            mix, pct = self.mix[row["district_code"]], float(row["pct"])
            if row["ethnic"] != "other":
                mix[row["ethnic"]] = pct
                continue
            among = others[row["district_code"]]
            for ethnic, weight in among:
                mix[ethnic] = mix.get(ethnic, 0.0) + pct * weight / sum(w for _, w in among)
        self.village_words: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in table("village_words"):
            self.village_words[row["ethnic"], row["part"]].append(row["word"])
        self.former_district = {
            row["commune_code"]: (row["district_kind"], row["district"], int(row["until"]))
            for row in table("former_districts")
        }

    def _commune(self, row: dict[str, str]) -> Commune:
        province = (self.word["province", "kind"], self.word["province", "name"], "011", row["code"])
        unit = Unit(row["kind"], row["name"], row["district_kind"], row["district"], *province)
        return Commune(
            unit,
            row["variant"],
            row["district_code"],
            int(row["people_2022"]),
            float(row["lat"]),
            float(row["lon"]),
            float(row["km2"]),
            row["urban"] == "1",
            tuple(row["neighbours"].split()),
        )

    def _away(self, row: dict[str, str]) -> Away:
        district = (row["district_kind"], row["district"])
        unit = Unit(row["kind"], row["name"], *district, row["province_kind"], row["province"], row["id_code"])
        return Away(unit, row["ethnic"], float(row["born_weight"]), float(row["away_weight"]))

    def of_people(self, ethnic: str) -> People:
        """How this group's families are built."""
        return self.peoples.get(ethnic, self.peoples["*"])

    def sizes_of(self, ethnic: str) -> dict[int, float]:
        """Weights of household sizes."""
        return self.sizes[ethnic] if ethnic in self.sizes else self.sizes["*"]


def _bars(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def _people(row: dict[str, str]) -> People:
    return People(
        float(row["child_share"]),
        float(row["elder_share"]),
        float(row["mother_age"]),
        int(row["most_children"]),
        float(row["son_stays"]),
        float(row["daughter_near"]),
    )


def _urns(rows: list[dict[str, str]], by: list[str]) -> dict[tuple[str, ...], Urn]:
    groups: dict[tuple[str, ...], list[tuple[str, float]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in by)].append((row["name"].upper(), float(row["weight"])))
    return {key: Urn(pairs) for key, pairs in groups.items()}


@cache
def facts() -> Facts:
    """The tables, read once."""
    return Facts()
