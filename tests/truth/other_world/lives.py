"""What a family does not decide: how much of a birthday is known, where people were registered, where they are now."""

from collections.abc import Callable
from random import Random

from .facts import Commune, Facts, Unit, Urn
from .people import Household, Person


class Registries:
    """Numbers given out once in the whole world."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def personal(self, person: Person, rng: Random) -> str:
        """A twelve-digit number: registering province, century and sex, year, six digits at random."""
        assert person.birth_unit is not None
        digit = (person.born.year // 100 - 19) * 2 + (person.sex == "F")
        stem = f"{person.birth_unit.province_id}{digit}{person.born.year % 100:02d}"
        return self._fresh(lambda: f"{stem}{rng.randrange(1, 1_000_000):06d}")

    def old(self, person: Person, rng: Random) -> str:
        """A nine-digit number of the province that gave the first card."""
        assert person.birth_unit is not None
        local = person.birth_unit.province_id == "011" or rng.random() < 0.5
        series = rng.choice(["040", "040", "040", "041"]) if local else f"{rng.randrange(1, 38):02d}{rng.randrange(10)}"
        return self._fresh(lambda: f"{series}{rng.randrange(1, 1_000_000):06d}")

    def _fresh(self, make: Callable[[], str]) -> str:
        number = make()
        while number in self.used:
            number = make()
        self.used.add(number)
        return number


class Surroundings:
    """Where the people of one commune come from and go to."""

    def __init__(self, commune: Commune, facts: Facts, towns: list[str]) -> None:
        self.commune, self.facts = commune, facts
        district = [other for other in facts.communes.values() if other.district_code == commune.district_code]
        self.nearby = [other.unit for other in district if other.code != commune.code] or [commune.unit]
        self.towns = [facts.communes[code] for code in towns if code != commune.code]
        self.away = {str(index): place for index, place in enumerate(facts.away)}
        self.goes = Urn((index, place.goes) for index, place in self.away.items())
        self.comes: dict[str, Urn] = {}

    def came_from(self, ethnic: str, rng: Random) -> Unit:
        """A place outside the province where people of that group tend to be born."""
        if ethnic not in self.comes:
            own = [(i, place.born) for i, place in self.away.items() if place.ethnic == ethnic]
            self.comes[ethnic] = Urn(own or [(i, place.born) for i, place in self.away.items()])
        return self.away[self.comes[ethnic].draw(rng)].unit

    def gone_to(self, rng: Random) -> Unit:
        """A place outside the province where people work or study."""
        return self.away[self.goes.draw(rng)].unit


def trace_origins(person: Person, around: Surroundings, rng: Random) -> None:
    """Say where a birth was registered and where the family is from; the parents first."""
    if person.origin is not None:
        return
    for parent in (person.father, person.mother):
        if parent is not None:
            trace_origins(parent, around, rng)
    elsewhere = rng.random() < around.facts.steps.at("born_elsewhere", person.ethnic, person.age)
    from_here = any(parent is not None and parent.counted for parent in (person.father, person.mother))
    if elsewhere and (not from_here or rng.random() < 0.3):
        person.birth_unit = around.came_from(person.ethnic, rng)
    elif rng.random() < (0.1 if from_here else 0.3):
        person.birth_unit = rng.choice(around.nearby)
    else:
        person.birth_unit = around.commune.unit
    root = person.father or person.mother
    if root is not None and root.origin is not None:
        person.origin = root.origin
    elif person.ethnic == "01" and rng.random() < 0.8:
        person.origin = around.came_from("01", rng)
    else:
        person.origin = person.birth_unit


def lead_life(person: Person, around: Surroundings, numbers: Registries, rng: Random) -> None:
    """Numbers, what is known of the birthday, blood group, absence."""
    steps, age = around.facts.steps, person.age
    chance = rng.random()
    year_only = steps.at("year_only", "*", age) * (0.35 if person.ethnic == "01" else 1.12)
    if chance < year_only:
        person.known = "year"
    elif chance < year_only + steps.at("month_only", "*", age):
        person.known = "month"
    if person.known == "day" and rng.random() < 0.08:
        person.blood = rng.choice(["O", "O", "O", "A", "B", "B", "AB"])
    if rng.random() < steps.at("number12", "*", age):
        person.id12 = numbers.personal(person, rng)
    woman_up_hill = person.sex == "F" and age > 45 and person.ethnic != "01"
    if rng.random() < steps.at("number9", "*", age) * (0.9 if woman_up_hill else 1.0):
        person.id9 = numbers.old(person, rng)
    if rng.random() < steps.at("away", "*", age):
        if around.towns and rng.random() < 0.15:
            town = rng.choice(around.towns)
            person.stay, person.boards_in = town.unit, town.code
        else:
            person.stay = around.gone_to(rng)


def settle_elsewhere(home: Household, around: Surroundings, rng: Random) -> None:
    """Some officials and traders live here but are registered for good in another place."""
    newcomers = home.ethnic == "01" and len(home.members) <= 2
    if rng.random() < (0.16 if newcomers else 0.002):
        unit = rng.choice(around.nearby) if rng.random() < 0.6 else around.came_from(home.ethnic, rng)
        for person in home.members:
            person.settled, person.stay, person.boards_in = unit, None, ""
    for person in home.members:
        if person.lodger and rng.random() < 0.7:
            person.settled, person.stay, person.boards_in = rng.choice(around.nearby), None, ""


def confess(home: Household, rng: Random) -> None:
    """The household's religion, by the customs of its group."""
    chance = rng.random()
    if home.ethnic in ("08", "09"):
        home.religion = "protestant" if chance < 0.14 else "none"
    elif home.ethnic == "01":
        home.religion = "buddhist" if chance < 0.02 else "catholic" if chance < 0.035 else "none"


def appoint_dead(homes: list[Household], count: int, rng: Random) -> list[Person]:
    """People who have died while the household book still lists them, mostly old ones."""
    people = [person for home in homes for person in home.members if person.age >= 1]
    keyed = sorted(people, key=lambda one: rng.random() ** (1 / (0.02 + 1.085 ** (one.age - 45) / 10)), reverse=True)
    dead: list[Person] = []
    for person in keyed:
        home = person.home
        assert home is not None
        grown = [other for other in home.members if other.alive and other is not person and other.age >= 18]
        if len(dead) < count and (len(home.members) == 1 or grown):
            person.alive = False
            dead.append(person)
            if person.spouse is not None:
                person.spouse.marital = "widowed"
                person.marital = "widowed"
    return dead
