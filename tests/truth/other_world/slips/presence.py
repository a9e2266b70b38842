"""Who has no sheet (E16), and who has two (E05)."""

from collections import defaultdict
from random import Random

from ..people import Household, Person, home_of
from ..sheets import Sheet
from ..world import World
from .chance import strike


def missed(world: World, target: float, rng: Random) -> set[int]:
    """E16: keys of people nobody wrote down: houses found locked, newborn, lodgers, those at work far away."""
    found: set[int] = set()

    def locked(home: Household) -> int:
        gone = {person.key for person in home.members if person.alive} - found
        found.update(gone)
        return len(gone)

    def forgotten(person: Person) -> int:
        before = len(found)
        found.add(person.key)
        return len(found) - before

    houses = [(_often_locked(home), home) for home in world.homes]
    done = strike(houses, locked, target * 0.55, rng)
    people = [(_easily_forgotten(person), person) for person in world.people]
    strike(people, forgotten, target - done, rng)
    return found


def _often_locked(home: Household) -> float:
    away = sum(person.stay is not None for person in home.members)
    return float((1 + 6 * away) / len(home.members) ** 1.5)


def _easily_forgotten(person: Person) -> float:
    if not person.alive:
        return 0.0
    if person.age < 1:
        return 8.0
    if person.stay or person.lodger:
        return 5.0
    return 0.3 if person.relation == "01" else 1.0


def second_sheets(world: World, sheets: list[Sheet], target: float, rng: Random) -> list[Sheet]:
    """E05: all sheets again, with those of people whom a second household also counts put in its place."""
    at_home = {sheet.person.key: sheet for sheet in sheets}
    collector_of = {sheet.home.key: sheet.collector for sheet in sheets}
    town_homes: dict[str, list[Household]] = defaultdict(list)
    for home in world.homes:
        town_homes[home.place.commune.code].append(home)
    extra: dict[str, list[Sheet]] = defaultdict(list)
    twice: set[int] = set()

    def claim(pair: tuple[Person, Household]) -> int:
        person, home = pair
        if person.key not in at_home or home.key not in collector_of or person.key in twice:
            return 0
        twice.add(person.key)
        extra[home.key].append(Sheet(person, home, collector_of[home.key], second_of=at_home[person.key]))
        return 1

    strike(list(_claims(world, town_homes, rng)), claim, target, rng)
    ordered: list[Sheet] = []
    for at, sheet in enumerate(sheets):
        ordered.append(sheet)
        if at + 1 == len(sheets) or sheets[at + 1].home is not sheet.home:
            ordered += extra.get(sheet.home.key, [])
    return ordered


def _claims(
    world: World, town_homes: dict[str, list[Household]], rng: Random
) -> list[tuple[float, tuple[Person, Household]]]:
    """Which second household could claim whom: parents a married child, the other grandparents a child, a landlord."""
    claims: list[tuple[float, tuple[Person, Household]]] = []
    for person in world.people:
        if not person.alive:
            continue
        if person.age >= 18 and person.father and person.father.counted:
            weight = 3.0 if person.sex == "F" and person.marital == "married" else 1.2
            _claim(claims, person, person.father.home, weight)
        if person.age < 12 and person.mother and person.mother.father and person.mother.father.counted:
            _claim(claims, person, person.mother.father.home, 2.0)
        if person.age < 12 and person.father and person.father.father and person.father.father.counted:
            _claim(claims, person, person.father.father.home, 1.0)
        if person.boards_in and town_homes[person.boards_in]:
            _claim(claims, person, rng.choice(town_homes[person.boards_in]), 6.0)
    return claims


def _claim(
    claims: list[tuple[float, tuple[Person, Household]]], person: Person, other: Household | None, weight: float
) -> None:
    if other is not None and other is not person.home:
        across = 6.0 if other.place.commune is not home_of(person).place.commune else 1.0
        claims.append((weight * across, (person, other)))
