"""The pool of one ethnic group in one commune: who was born when, who married whom, whose children they are."""

from bisect import bisect_left
from collections import defaultdict
from datetime import date, timedelta
from random import Random

from .facts import Facts
from .people import REFERENCE, Person, kept, link

FREE = {"F": 18, "M": 20}  # Law on Marriage and Family 52/2014, art. 8
FARTHEST_GAP = 15 * 365  # days by which a husband may be the elder; a wife, a third of that


def born(count: int, ethnic: str, rng: Random, facts: Facts) -> list[Person]:
    """That many people, their ages spread evenly over the age table rather than drawn one by one."""
    people = facts.of_people(ethnic)
    shares: list[tuple[int, float, float]] = []
    for low, high, share, male in facts.ages:
        tilt = people.child_share if low < 15 else people.elder_share if low >= 60 else 1.0
        ages = range(low, high + 1)
        weights = [0.82 ** (age - low) if low >= 80 else 1.0 for age in ages]
        shares += [(age, share * tilt * weight / sum(weights), male) for age, weight in zip(ages, weights, strict=True)]
    whole, passed, start = sum(share for _, share, _ in shares), 0.0, rng.random()
    made: list[Person] = []
    for age, share, male in shares:
        passed += share / whole * count
        while len(made) + start < passed and len(made) < count:
            made.append(Person("M" if rng.random() < male else "F", ethnic, _birthday(age, rng)))
    while len(made) < count:
        made.append(Person(rng.choice("MF"), ethnic, _birthday(rng.randint(20, 40), rng)))
    return made


def _birthday(age: int, rng: Random) -> date:
    day = REFERENCE.replace(year=REFERENCE.year - age) - timedelta(days=rng.randrange(2, 365))
    return day.replace(month=1, day=1) if rng.random() < 0.002 else day


def relative(sex: str, ethnic: str, born_on: date, alive: bool) -> Person:
    """Somebody who isn't counted here: dead, or living elsewhere."""
    return Person(sex, ethnic, born_on, counted=False, alive=alive)


def marry(women: list[Person], men: list[Person], rng: Random) -> None:
    """Give each woman the unmarried man whose age suits best, elder women first."""
    free = sorted((man for man in men if man.age >= FREE["M"]), key=lambda man: (man.born, man.sex))
    days = [man.born for man in free]
    for woman in sorted(women, key=lambda woman: woman.born):
        if not free:
            return
        wished = woman.born - timedelta(days=int(rng.gauss(2.6, 3.2) * 365))
        place = bisect_left(days, wished)
        near = [at for at in (place - 1, place) if 0 <= at < len(free)]
        best = min(near, key=lambda at: abs((days[at] - wished).days))
        if not -FARTHEST_GAP <= (days[best] - woman.born).days <= FARTHEST_GAP // 3:
            continue
        man = free.pop(best)
        days.pop(best)
        join(woman, man)


def join(woman: Person, man: Person) -> None:
    """Husband and wife from now on."""
    woman.partner, man.partner = man, woman
    woman.marital = man.marital = "married"


def pair(pools: dict[str, list[Person]], rng: Random, facts: Facts) -> None:
    """Widows, the divorced and the married; mostly within one's own group, some across."""
    left_women: list[Person] = []
    left_men: list[Person] = []
    for pool in pools.values():
        women: list[Person] = []
        men: list[Person] = []
        for person in pool:
            if not _lost(person, rng, facts) and person.age >= FREE[person.sex]:
                (women if person.sex == "F" else men).append(person)
        wishing = [woman for woman in women if rng.random() < facts.steps.at("married", "F", woman.age)]
        across = {id(woman) for woman in wishing if rng.random() < 0.035}
        marry([woman for woman in wishing if id(woman) not in across], men, rng)
        left_women += [woman for woman in wishing if woman.partner is None]
        left_men += [man for man in men if man.partner is None and man.age >= 23]
    marry(left_women, left_men, rng)
    for woman in left_women:
        if woman.partner is None:
            _alone(woman, rng)


def _lost(person: Person, rng: Random, facts: Facts) -> bool:
    chance = rng.random()
    for state in ("widowed", "divorced"):
        share = facts.steps.at(state, person.sex, person.age)
        if chance < share:
            _absent(person, state, rng)
            return True
        chance -= share
    return False


def _alone(woman: Person, rng: Random) -> None:
    chance = rng.random()
    if chance < 0.45 and woman.age >= 20:
        _absent(woman, "married", rng)
    elif chance < 0.6 and woman.age >= 22:
        _absent(woman, "divorced", rng)


def _absent(person: Person, marital: str, rng: Random) -> None:
    years = rng.gauss(2.6, 3.0) * (1 if person.sex == "F" else -1)
    other = "M" if person.sex == "F" else "F"
    young = REFERENCE.replace(year=REFERENCE.year - FREE[other] - 1, day=28)
    day = min(person.born - timedelta(days=int(years * 365)), young)
    person.partner = relative(other, person.ethnic, day, alive=marital != "widowed")
    person.partner.partner = person
    person.marital = person.partner.marital = marital


class Cradle:
    """The women of one pool by year of birth, asked for a mother of a child."""

    def __init__(self, ethnic: str, pool: list[Person], rng: Random, facts: Facts) -> None:
        self.rng, self.people = rng, facts.of_people(ethnic)
        here = {id(person) for person in pool}
        self.by_year: dict[int, list[Person]] = defaultdict(list)
        for person in pool:
            if person.sex == "F" and (not person.partner or person.partner.ethnic == ethnic or not person.spouse):
                if person.partner or (19 <= person.age <= 42 and rng.random() < 0.03):
                    self.by_year[person.born.year].append(person)
            elif person.partner and person.sex == "M" and id(person.partner) not in here:
                self.by_year[person.partner.born.year].append(person.partner)

    def mother_for(self, child: Person) -> Person | None:
        """A woman of fitting age whose other children leave room, or None."""
        for _ in range(16):
            gap = min(44.0, max(17.0, self.rng.gauss(self.people.mother_age, 5.0)))
            women = self.by_year.get(child.born.year - int(gap))
            if women:
                woman = self.rng.choice(women)
                if self.suits(woman, child):
                    return woman
        return None

    def any_mother_for(self, child: Person) -> Person | None:
        """Somebody at all, for a child who must have a home."""
        for gap in [*range(22, 44), 21, 20, 19, 18, 17]:
            for woman in self.by_year.get(child.born.year - gap, []):
                if self.suits(woman, child):
                    return woman
        return None

    def suits(self, woman: Person, child: Person) -> bool:
        """Whether she can be the mother: her age, her husband's age, the other births."""
        if child.partner and child.partner.mother is woman:
            return False
        if (
            not 16.5 <= (child.born - woman.born).days / 365.25 <= 45
            or len(woman.children) >= self.people.most_children
        ):
            return False
        if woman.partner and not 17 <= (child.born - woman.partner.born).days / 365.25 <= 62:
            return False
        return all(abs((other.born - child.born).days) >= 300 for other in woman.children)

    def grandmother_for(self, child: Person) -> Person | None:
        """A woman who could be raising the child of an absent son."""
        years = [year for year in self.by_year if 40 <= child.born.year - year <= 64]
        for _ in range(8):
            if years:
                woman = self.rng.choice(self.by_year[self.rng.choice(sorted(years))])
                if woman.counted and woman.partner and (child.born - woman.partner.born).days > 40 * 365:
                    return woman
        return None


def give_parents(ethnic: str, pool: list[Person], rng: Random, facts: Facts) -> None:
    """Parents for everybody in the pool, eldest first: from the pool, absent, or long dead."""
    cradle = Cradle(ethnic, pool, rng, facts)
    waiting = sorted(pool, key=lambda person: (person.born, person.sex))
    strangers: list[tuple[Person, Person]] = []
    for index, child in enumerate(waiting):
        if child.father or child.mother:
            continue
        near = rng.random() < _stays_near(child, cradle)
        mother = cradle.mother_for(child) if near else None
        if mother is None and child.age < 18 and (near or rng.random() < 0.5):
            mother = cradle.any_mother_for(child)
        if mother is not None:
            link(child, mother.partner, mother)
            child.adopted = child.age < 30 and rng.random() < 0.007 and bool(mother.partner)
            if rng.random() < 0.012:
                _twin(child, mother, waiting[index + 1 : index + 12])
        elif child.age >= 18 or not _left_with_grandparents(child, cradle, rng):
            _strangers(child, strangers, rng)


def _stays_near(child: Person, cradle: Cradle) -> float:
    age, people = child.age, cradle.people
    if age < 18:
        return 0.975
    if child.marital == "single" and age < 34:
        return 0.95 if people.son_stays > 0.6 else 0.75
    fade = 1.0 if age < 45 else max(0.0, 1 - (age - 45) / 22)
    return fade * (people.son_stays if child.sex == "M" else people.daughter_near)


def _twin(child: Person, mother: Person, later: list[Person]) -> None:
    for other in later:
        if not other.father and not other.mother and (other.born - child.born).days < 250 and not other.children:
            if other.partner and abs((other.partner.born - child.born).days) > FARTHEST_GAP:
                continue
            other.born = child.born
            link(other, mother.partner, mother)
            return


def _left_with_grandparents(child: Person, cradle: Cradle, rng: Random) -> bool:
    grandmother = cradle.grandmother_for(child)
    if grandmother is None:
        return False
    grandfather = kept(grandmother.partner)
    elder = max(grandmother.born, grandfather.born)
    room = (child.born - elder).days - 34 * 366
    father_born = elder + timedelta(days=17 * 366 + rng.randrange(max(1, room)))
    father = relative("M", child.ethnic, father_born, alive=rng.random() < 0.7)
    mother = relative("F", child.ethnic, father_born + timedelta(days=rng.randrange(-900, 300)), alive=True)
    father.partner, mother.partner = mother, father
    father.marital = mother.marital = "married" if father.alive else "widowed"
    link(father, grandfather, grandmother)
    link(child, father, mother)
    return True


def _strangers(child: Person, strangers: list[tuple[Person, Person]], rng: Random) -> None:
    if strangers and rng.random() < 0.3:
        for father, mother in strangers[-6:]:
            gaps = [(child.born - parent.born).days / 365.25 for parent in (father, mother)]
            if child.partner and child.partner.mother is mother:
                continue
            apart = all(abs((other.born - child.born).days) >= 300 for other in mother.children)
            if 17 <= gaps[1] <= 44 and 17 <= gaps[0] <= 60 and apart and len(mother.children) < 5:
                link(child, father, mother)
                return
    if child.age < 16 and rng.random() < 0.08:
        child.foundling = True
        return
    born_on = child.born - timedelta(days=int(min(41.0, max(17.5, rng.gauss(25.5, 5))) * 365.25))
    mother = relative("F", child.ethnic, born_on, alive=_still_alive(born_on, rng))
    father_born = born_on - timedelta(days=int(rng.gauss(2.6, 3) * 365))
    father_born = min(father_born, child.born - timedelta(days=17 * 366))
    father = relative("M", child.ethnic, father_born, alive=_still_alive(father_born, rng))
    father.partner, mother.partner = mother, father
    father.marital = mother.marital = "married"
    link(child, father, mother)
    strangers.append((father, mother))


def _still_alive(born_on: date, rng: Random) -> bool:
    age = REFERENCE.year - born_on.year
    return rng.random() < max(0.0, min(0.97, 1.25 - max(0, age - 35) / 50))
