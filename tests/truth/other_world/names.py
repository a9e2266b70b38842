"""Names as each group gives them: the father's family name, a middle word, a given name."""

from random import Random

from .facts import Facts
from .kin import parents
from .people import Household, Person

NAMESAKES = 0.004  # share of people named like a neighbour on purpose, beside those by chance (assumed)


def name(person: Person, rng: Random, facts: Facts) -> None:
    """Name a person, after naming the parents the name comes from."""
    if person.given:
        return
    for parent in parents(person):
        name(parent, rng, facts)
    if person.ethnic == "08" and person.sex == "F" and person.spouse is not None:
        _from_another_clan(person, person.spouse, rng, facts)
    bearer = person.father or person.mother
    family = facts.family.get((person.ethnic,)) or facts.family["03",]
    person.family = bearer.family if bearer is not None else family.draw(rng)
    used = {child.given for child in bearer.children} if bearer else set()
    used |= {parent.given for parent in parents(person)}
    for _ in range(6):
        person.middle = _urn(facts, "middle", person, rng)
        person.given = _urn(facts, "given", person, rng)
        if person.given not in used and person.given not in (person.middle, person.family):
            break
    if person.ethnic == "08" and person.age > 60 and rng.random() < 0.25:
        person.middle = ""


def _from_another_clan(wife: Person, husband: Person, rng: Random, facts: Facts) -> None:
    """Mong people don't marry within a clan: give her absent father another family name if he's still nobody's."""
    name(husband, rng, facts)
    father = wife.father
    if father is None or father.counted or parents(father) or any(child.given for child in father.children):
        return
    for _ in range(20):
        if father.family != husband.family:
            return
        father.family = facts.family[(father.ethnic,)].draw(rng)


def _urn(facts: Facts, what: str, person: Person, rng: Random) -> str:
    urns = facts.middle if what == "middle" else facts.given
    ethnic = person.ethnic
    if (ethnic, person.sex) not in urns:
        ethnic = "03" if ethnic in ("23", "35", "37", "32") else "01" if ethnic in ("02", "04", "07") else "*"
    return urns[ethnic, person.sex].draw(rng)


def take_husbands_names(people: list[Person], rng: Random) -> None:
    """Older Mong women were often recorded under the husband's family name."""
    for woman in people:
        older = woman.sex == "F" and woman.ethnic == "08" and woman.age >= 52
        if older and woman.partner and woman.partner.family and rng.random() < 0.25:
            woman.family = woman.partner.family


def namesakes_next_door(homes: list[Household], rng: Random) -> None:
    """Let some people bear exactly the name of somebody of their age a door away."""
    for one, other in zip(homes, homes[1:], strict=False):
        for person in one.members:
            if rng.random() < NAMESAKES * 6 and not person.children:
                same = [p for p in other.members if p.sex == person.sex and p.family == person.family]
                twin_name = next((p for p in same if abs(p.born.year - person.born.year) <= 4), None)
                if twin_name is not None and not _taken(person, twin_name):
                    person.middle, person.given = twin_name.middle, twin_name.given


def _taken(person: Person, model: Person) -> bool:
    parent = person.father or person.mother
    return parent is not None and any(child.name == model.name for child in parent.children)
