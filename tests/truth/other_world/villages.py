"""Villages: invented names, points near the commune's seat, and the names from before the mergers."""

from math import cos, pi, radians, sin, sqrt
from random import Random

from .facts import Commune, Facts
from .people import Village

PEOPLE_A_VILLAGE = 440  # campaign facts: mean size of a village
MERGED = 0.28  # share of villages made from older ones (assumed)


def found(commune: Commune, people: int, rng: Random, facts: Facts) -> list[Village]:
    """The villages of one commune, each with the group most of its people belong to."""
    count = max(1, round(people / PEOPLE_A_VILLAGE))
    taken: set[str] = set()
    villages = []
    for index, ethnic in enumerate(_owners(commune, count, rng, facts)):
        name = _name(commune, ethnic, rng, facts, taken)
        angle, reach = rng.random() * 2 * pi, sqrt(rng.random() * commune.km2 / pi) * 0.7
        lat = commune.lat + reach * sin(angle) / 110.57
        lon = commune.lon + reach * cos(angle) / (111.32 * cos(radians(commune.lat)))
        village = Village(f"{commune.code}{index + 1:03d}", commune, name, round(lat, 6), round(lon, 6), ethnic)
        if rng.random() < MERGED:
            village.former = _former(village, rng, facts, taken)
        villages.append(village)
    return villages


def _owners(commune: Commune, count: int, rng: Random, facts: Facts) -> list[str]:
    mix = facts.mix[commune.district_code]
    steady = 40.0 if commune.urban else 7.0
    weight = {ethnic: rng.gammavariate(max(0.05, pct / 100 * steady), 1.0) for ethnic, pct in mix.items()}
    whole = sum(weight.values())
    owners: list[str] = []
    owed, start = 0.0, rng.random()
    for ethnic, share in sorted(weight.items()):
        owed += share / whole * count
        while len(owners) + start < owed and len(owners) < count:
            owners.append(ethnic)
    while len(owners) < count:
        owners.append(max(weight, key=lambda ethnic: weight[ethnic]))
    rng.shuffle(owners)
    return owners


def _name(commune: Commune, ethnic: str, rng: Random, facts: Facts, taken: set[str]) -> str:
    if commune.urban:
        kind = facts.word["settlement", rng.choice(["urban", "urban", "urban2"])]
    elif ethnic == "01":
        kind = facts.word["settlement", rng.choice(["plain", "plain2"])]
    else:
        kind = facts.word["settlement", "rural"]
    group = ethnic if (ethnic, "first") in facts.village_words else "*"
    if ethnic in ("23", "35", "37", "32"):
        group = "03"
    for attempt in range(400):
        first, second = (rng.choice(facts.village_words[group, part]) for part in ("first", "second"))
        number = f" {rng.randint(1, 3 + attempt // 20)}" if attempt > 5 or rng.random() < 0.15 else ""
        body = f"{rng.randint(1, 30)}" if commune.urban and rng.random() < 0.6 else f"{first} {second}{number}"
        if f"{kind} {body}" not in taken:
            taken.add(f"{kind} {body}")
            break
    return f"{kind} {body}"


def _former(village: Village, rng: Random, facts: Facts, taken: set[str]) -> tuple[str, ...]:
    if rng.random() < 0.35 and not village.name[-1].isdigit():
        names = tuple(f"{village.name} {number}" for number in (1, 2))
        if not taken.intersection(names):
            taken.update(names)
            return names
    return tuple(_name(village.commune, village.ethnic, rng, facts, taken) for _ in range(rng.choice([1, 2, 2])))
