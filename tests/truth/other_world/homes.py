"""From families to roofs: who lives with whom, and who is written first in the household book."""

from collections import Counter
from collections.abc import Iterator
from math import log
from random import Random

from .facts import Facts
from .kin import parents, relation
from .people import Household, Person


class Roofs:
    """Units (a couple or a lone adult with unmarried children) and the roofs they share."""

    def __init__(self, people: list[Person]) -> None:
        self.unit: dict[int, int] = {}
        self.members: list[list[Person]] = []
        for person in sorted(people, key=lambda one: (one.born, one.sex)):
            self.unit[id(person)] = self._unit_for(person)
            self.members[self.unit[id(person)]].append(person)
        self.roof = list(range(len(self.members)))
        self.size = [len(unit) for unit in self.members]

    def _unit_for(self, person: Person) -> int:
        if person.spouse and id(person.spouse) in self.unit:
            return self.unit[id(person.spouse)]
        if person.marital == "single" and (not person.children or person.age < 18):
            for keeper in _keepers(person):
                if id(keeper) in self.unit:
                    return self.unit[id(keeper)]
        self.members.append([])
        return len(self.members) - 1

    def of(self, person: Person | None) -> int | None:
        """The roof a person is under, if they are counted here."""
        return None if person is None or id(person) not in self.unit else self.find(self.unit[id(person)])

    def find(self, unit: int) -> int:
        """The roof of a unit."""
        while self.roof[unit] != unit:
            self.roof[unit] = self.roof[self.roof[unit]]
            unit = self.roof[unit]
        return unit

    def merge(self, one: int, other: int) -> None:
        """Put two roofs' people under one."""
        one, other = sorted((self.find(one), self.find(other)))
        if one != other:
            self.roof[other] = one
            self.size[one] += self.size[other]

    def split(self, person: Person) -> None:
        """Give a grown-up a roof of their own."""
        old = self.unit[id(person)]
        self.members[old].remove(person)
        self.size[self.find(old)] -= 1
        self.unit[id(person)] = len(self.members)
        self.members.append([person])
        self.roof.append(len(self.roof))
        self.size.append(1)

    def groups(self) -> list[list[Person]]:
        """The people under each roof."""
        under: dict[int, list[Person]] = {}
        for unit, members in enumerate(self.members):
            under.setdefault(self.find(unit), []).extend(members)
        return [group for group in under.values() if group]


def _keepers(person: Person) -> Iterator[Person]:
    for parent in parents(person):
        yield parent
        if person.age < 18 and not parent.counted:
            yield from parents(parent)


def settle(people: list[Person], ethnic: str, rng: Random, facts: Facts) -> list[Household]:
    """Households of one pool whose sizes come near the table of its people."""
    weights = facts.sizes_of(ethnic)
    mean = sum(size * weight for size, weight in weights.items()) / sum(weights.values())
    roofs = Roofs(people)
    _leave_home(roofs, people, weights, mean, rng)
    wishes = _wishes(roofs, rng)
    homes = len({roofs.find(unit) for unit in range(len(roofs.members)) if roofs.members[unit]})
    wanted = len(people) / mean
    top = max(weights)
    have = Counter(roofs.size[roof] for roof in {roofs.find(unit) for unit in range(len(roofs.members))})
    scale = wanted / sum(weights.values())
    for least in (0.8, 0.4, 0.15, 0.0, -1.0, -9.0):
        for _, child, parent in wishes:
            one, other = roofs.find(child), roofs.find(parent)
            if homes <= wanted or one == other:
                continue
            sizes = (roofs.size[one], roofs.size[other])
            gain = _room(sum(sizes), weights, scale, have) - sum(_room(size, weights, scale, have) for size in sizes)
            if sum(sizes) > top + (2 if least < -1 else 0) or gain < least:
                continue
            have[sizes[0]] -= 1
            have[sizes[1]] -= 1
            have[sum(sizes)] += 1
            roofs.merge(one, other)
            homes -= 1
    homes_made = [Household(group, ethnic) for group in _with_grown_ups(roofs.groups())]
    for home in homes_made:
        for person in home.members:
            person.home = home
    return homes_made


def _room(size: int, weights: dict[int, float], scale: float, have: Counter[int]) -> float:
    target = weights.get(size, 0.3) * scale
    return (target - have[size]) / (target + 1)


def _leave_home(roofs: Roofs, people: list[Person], weights: dict[int, float], mean: float, rng: Random) -> None:
    alone = sum(1 for unit in roofs.members if len(unit) == 1)
    missing = int(weights[1] / sum(weights.values()) * len(people) / mean) - alone
    grown = [
        p for p in people if p.marital == "single" and 21 <= p.age < 45 and len(roofs.members[roofs.unit[id(p)]]) > 2
    ]
    rng.shuffle(grown)
    for person in grown[: max(0, missing)]:
        roofs.split(person)


def _wishes(roofs: Roofs, rng: Random) -> list[tuple[float, int, int]]:
    wishes: list[tuple[float, int, int]] = []

    def wish(weight: float, child: int, parent: int | None) -> None:
        if parent is not None and child != parent and weight > 0:
            wishes.append((-log(1 - rng.random()) / weight, child, parent))

    for unit, members in enumerate(roofs.members):
        for person in members:
            if person.marital == "single" and len(members) > 1 and person.age < 40:
                continue
            parent = next((roof for roof in map(roofs.of, parents(person)) if roof is not None), None)
            if person.marital == "married" and person.spouse and person.spouse.counted:
                old = parent is not None and len(roofs.members[parent]) <= 2
                wish((3.0 if old else 1.0) if person.sex == "M" else 0.12, unit, parent)
            else:
                wish(1.6 if person.marital != "single" else 0.5, unit, parent)
            if parent is None and person.father and person.marital == "single":
                siblings = [roofs.of(other) for other in person.father.children if other is not person]
                wish(2.0, unit, next((roof for roof in siblings if roof is not None), None))
            if len(members) == 1 and 18 <= person.age <= 50 and rng.random() < 0.05:
                person.lodger = True
                wish(0.6, unit, rng.randrange(len(roofs.members)))
    return sorted(wishes)


def _with_grown_ups(groups: list[list[Person]]) -> list[list[Person]]:
    orphaned = [group for group in groups if all(person.age < 18 for person in group)]
    homes = [group for group in groups if any(person.age >= 18 for person in group)]
    if not homes:
        return groups
    homes.sort(key=len)
    for index, group in enumerate(orphaned):
        for person in group:
            person.ward = True
        homes[index % len(homes)].extend(group)
    return homes


def appoint_head(home: Household, rng: Random) -> None:
    """Choose the head and say what everybody else is to them."""
    fit = [
        person for person in home.members if person.age >= 18 and person.alive and not person.lodger and not person.ward
    ]
    fit = fit or [person for person in home.members if person.alive] or home.members
    fit.sort(key=lambda person: (person.born, person.sex))
    married = [person for person in fit if person.marital != "single"] or fit
    elder = married[0]
    if elder.spouse in fit and elder.sex == "F" and rng.random() < 0.9:
        elder = elder.spouse or elder
    if elder.age >= 58:
        heirs = [p for p in married if p.sex == "M" and elder in (p.father, p.mother)]
        handed_over = 0.25 if elder.age < 70 else 0.7
        if heirs and rng.random() < handed_over + (0.2 if elder.marital == "widowed" else 0.0):
            elder = rng.choice(heirs)
    if elder.spouse in fit and elder.sex == "M" and rng.random() < 0.07:
        elder = elder.spouse or elder
    home.head = elder
    for person in home.members:
        person.relation = relation(elder, person)
