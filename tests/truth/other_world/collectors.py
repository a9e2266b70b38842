"""Those who write: their care, their habits, their rounds and their evenings."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from .facts import Facts, Urn
from .people import Household

ROUND = 350  # people one collector writes down
FIRST_DAY = date(2022, 9, 5)

# Some habits belong to few people and make up most of a kind: (share who have it, times as often, times for the rest).
HABITS = {
    "E01": (0.45, 30.0, 0.3),  # the keyboard operator who always types 01/01
    "E03": (0.18, 6.0, 0.7),  # spells as the dialect sounds
    "E04": (0.15, 4.0, 0.8),
    "E08": (0.12, 5.0, 0.7),
    "E09": (0.12, 7.0, 0.6),
    "E10": (0.10, 6.0, 0.7),
    "E13": (0.10, 9.0, 0.6),  # writes what the head is to the person
    "E14": (0.10, 40.0, 0.4),  # says the groups' names as the neighbours say them
    "E15": (0.22, 25.0, 0.3),  # learnt the old map
}


@dataclass(eq=False)
class Collector:
    """One collector with the operator who types the sheets."""

    name: str
    careless: float
    habits: dict[str, float]
    case: str
    village_in_address: bool
    local_spelling: bool
    shows_old_numbers: bool
    homes: list[Household] = field(default_factory=list)

    def leaning(self, kind: str) -> float:
        """How much more often than others this one makes that error."""
        return self.careless * self.habits.get(kind, 1.0)


@dataclass(frozen=True)
class Evening:
    """One sitting: who, when, and how tired at each sheet."""

    collector: Collector
    day: date
    sheets: int

    def tiredness(self, place: int) -> float:
        """Fresh at the first sheet, about three times as error-prone at the last."""
        return 0.6 + 1.8 * (place / max(1, self.sheets)) ** 2


def hire(homes: list[Household], rng: Random, facts: Facts) -> list[Collector]:
    """Collectors for one commune, each with a round of neighbouring households."""
    hired: list[Collector] = []
    persons = ROUND
    for home in homes:
        if persons >= ROUND:
            hired.append(_collector(rng, facts))
            persons = 0
        hired[-1].homes.append(home)
        persons += len(home.members)
    return hired


def _collector(rng: Random, facts: Facts) -> Collector:
    ethnic = rng.choice(["03", "03", "08", "01"])
    sex = rng.choice("MMF")
    urns: list[Urn] = [facts.family[(ethnic,)], facts.middle[ethnic, sex], facts.given[ethnic, sex]]
    habits = {}
    for kind, (share, strong, weak) in HABITS.items():
        habits[kind] = strong if rng.random() < share else weak
    return Collector(
        " ".join(word for word in (urn.draw(rng).title() for urn in urns) if word),
        0.15 + rng.gammavariate(0.9, 0.95),
        habits,
        rng.choice(["capital", "small", "small", "bare"]),
        rng.random() < 0.4,
        rng.random() < 0.5,
        rng.random() < 0.08,
    )


def evenings(collector: Collector, sheets: int, rng: Random) -> list[Evening]:
    """The sittings in which the round is written."""
    day = FIRST_DAY + timedelta(days=rng.randrange(40))
    sittings = []
    while sheets > 0:
        written = min(sheets, rng.randint(18, 46))
        sittings.append(Evening(collector, day, written))
        sheets -= written
        day += timedelta(days=rng.choice([1, 1, 1, 2, 3]))
    return sittings
