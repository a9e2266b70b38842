"""The whole made-up province: communes, villages, households and people, without any form yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .facts import Commune, Facts
from .homes import appoint_head, settle
from .kin import siblings
from .lives import (
    Registries,
    Surroundings,
    appoint_dead,
    confess,
    lead_life,
    settle_elsewhere,
    trace_origins,
)
from .names import name, namesakes_next_door, take_husbands_names
from .people import Household, Person, Village, home_of, kept
from .pool import born, give_parents, pair
from .villages import found

OWN_GROUP = {True: 0.55, False: 0.86}  # share of a village's people who are of its main group: urban, rural (assumed)


@dataclass
class World:
    """Everybody and everything, in the order in which it is written."""

    communes: list[Commune]
    villages: list[Village]
    homes: list[Household]
    people: list[Person]
    numbers: Registries


def make(people: int, seed: int, communes: Sequence[str], facts: Facts) -> World:
    """That many people in these communes (all 129 when none are named), shared out by the facts' populations."""
    chosen = [facts.communes[code] for code in sorted(set(communes) or facts.communes)]
    shares = _shares(people, [commune.people for commune in chosen])
    world = World(chosen, [], [], [], Registries())
    for commune, share in zip(chosen, shares, strict=True):
        if share:
            _people_commune(world, commune, share, Random(f"{seed}/{commune.code}"), facts)
    rng = Random(f"{seed}/between communes")
    _marry_out(world, rng)
    for key, person in enumerate(world.people, start=1):
        person.key = key
    return world


def _shares(whole: int, weights: list[int]) -> list[int]:
    exact = [whole * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: shares[at] - exact[at])
    for at in by_rest[: whole - sum(shares)]:
        shares[at] += 1
    return shares


def _people_commune(world: World, commune: Commune, count: int, rng: Random, facts: Facts) -> None:
    villages = found(commune, count, rng, facts)
    plan = _plan(commune, villages, count, rng, facts)
    totals: dict[str, int] = defaultdict(int)
    for groups in plan:
        for ethnic, persons in groups.items():
            totals[ethnic] += persons
    pools = {ethnic: born(persons, ethnic, rng, facts) for ethnic, persons in sorted(totals.items()) if persons}
    pair(pools, rng, facts)
    homes: list[Household] = []
    residents: dict[str, list[Person]] = {ethnic: [] for ethnic in pools}
    for ethnic, pool in pools.items():
        give_parents(ethnic, pool, rng, facts)
        for person in pool:
            host = person.spouse if person.sex == "F" and person.spouse and person.spouse.counted else person
            residents[host.ethnic].append(person)
    for ethnic, pool in residents.items():
        homes += settle(pool, ethnic, rng, facts)
    _mixed_children(homes, rng)
    ordered = _place(homes, villages, plan, rng)
    towns = [other.code for other in world_towns(world, facts) if other.code != commune.code]
    _lead_lives(world, ordered, Surroundings(commune, facts, towns), rng, facts)
    world.villages += villages
    for index, home in enumerate(ordered, start=1):
        home.key = f"H{commune.code}{index:05d}"
        home.book = f"{commune.code[1:]}{index:05d}" if rng.random() < 0.97 else ""
        world.homes.append(home)
        world.people += home.members


def world_towns(world: World, facts: Facts) -> list[Commune]:
    """The wards and townships in this world: where pupils board."""
    return [commune for commune in world.communes if commune.urban] or world.communes


def _plan(commune: Commune, villages: list[Village], count: int, rng: Random, facts: Facts) -> list[dict[str, int]]:
    mix = facts.mix[commune.district_code]
    raw = [rng.gauss(1, 0.3) for _ in villages]
    sizes = _shares(count, [int(1000 * min(1.8, max(0.4, weight))) for weight in raw])
    plan = []
    for village, size in zip(villages, sizes, strict=True):
        own = int(size * OWN_GROUP[commune.urban])
        weights = [int(100 * pct) for pct in mix.values()]
        groups = dict(zip(mix, _shares(size - own, weights), strict=True))
        groups[village.ethnic] += own
        plan.append(groups)
    return plan


def _mixed_children(homes: list[Household], rng: Random) -> None:
    for home in homes:
        for person in home.members:
            mother = person.mother
            young = person.age < 25 and not person.partner and not person.children
            if young and mother and mother.counted and mother.ethnic != person.ethnic and rng.random() < 0.15:
                person.ethnic = mother.ethnic


def _place(homes: list[Household], villages: list[Village], plan: list[dict[str, int]], rng: Random) -> list[Household]:
    rng.shuffle(homes)
    room = [dict(groups) for groups in plan]
    ordered: list[list[Household]] = [[] for _ in villages]
    for home in homes:
        at = max(range(len(villages)), key=lambda index: (room[index].get(home.ethnic, 0), -len(ordered[index])))
        room[at][home.ethnic] = room[at].get(home.ethnic, 0) - len(home.members)
        home.village = villages[at]
        ordered[at].append(home)
    return [home for homes_there in ordered for home in homes_there]


def _lead_lives(world: World, homes: list[Household], around: Surroundings, rng: Random, facts: Facts) -> None:
    everybody = sorted((p for home in homes for p in home.members), key=lambda one: (one.born, one.sex))
    for person in everybody:
        name(person, rng, facts)
        if person.partner and not person.partner.counted:
            name(person.partner, rng, facts)
    take_husbands_names(everybody, rng)
    namesakes_next_door(homes, rng)
    for person in everybody:
        trace_origins(person, around, rng)
    appoint_dead(homes, round(facts.rate["E11"] * len(everybody)), rng)
    for person in everybody:
        lead_life(person, around, world.numbers, rng)
        for absent in (person.partner, person.father, person.mother):
            if absent and not absent.counted and absent.alive and not absent.id12 and rng.random() < 0.35:
                trace_origins(absent, around, rng)
                absent.id12 = world.numbers.personal(absent, rng)
    for home in homes:
        appoint_head(home, rng)
        settle_elsewhere(home, around, rng)
        confess(home, rng)


def _marry_out(world: World, rng: Random) -> None:
    """Give some wives from elsewhere parents whom we know, in a neighbouring commune."""
    couples: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for home in world.homes:
        for person in home.members:
            if person.sex == "M" and person.partner and person.partner.counted and 40 <= person.age <= 75:
                couples[person.ethnic, person.family].append(person)
    for person in world.people:
        wife = person.sex == "F" and person.spouse and person.spouse.counted and person.age < 50
        if not wife or not person.father or person.father.counted or rng.random() > 0.3:
            continue
        options = couples[person.ethnic, person.family]
        for father in rng.sample(options, min(8, len(options))):
            if home_of(father).place.commune is not home_of(person).place.commune and _could_be(father, person):
                _replace_parents(person, father)
                break


def _could_be(father: Person, child: Person) -> bool:
    mother = kept(father.partner)
    gaps = [(child.born - parent.born).days / 365.25 for parent in (father, mother)]
    if not (18 <= gaps[0] <= 55 and 17.5 <= gaps[1] <= 42) or child.partner in mother.children:
        return False
    if siblings(child.partner, father) or any(other.given == child.given for other in father.children):
        return False
    return len(mother.children) < 7 and all(abs((other.born - child.born).days) > 330 for other in mother.children)


def _replace_parents(child: Person, father: Person) -> None:
    for old in (child.father, child.mother):
        if old is not None:
            old.children.remove(child)
    mother = kept(father.partner)
    child.father, child.mother = father, mother
    father.children.append(child)
    mother.children.append(child)
    if child.adopted:
        child.adopted = False
