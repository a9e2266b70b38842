"""The people of this world as they are, before anybody writes them down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .facts import Commune, Unit

REFERENCE = date(2022, 8, 31)  # the eve of the collection; the facts' ages are those of 2022


@dataclass(eq=False, slots=True)
class Village:
    """A village with the people it mostly belongs to and the names it had before a merger."""

    code: str
    commune: Commune
    name: str
    lat: float
    lon: float
    ethnic: str
    former: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Person:
    """Somebody who lives in the province, or a relative of theirs who doesn't (not `counted`)."""

    sex: str
    ethnic: str
    born: date
    counted: bool = True
    alive: bool = True
    key: int = 0
    known: str = "day"
    family: str = ""
    middle: str = ""
    given: str = ""
    father: Person | None = None
    mother: Person | None = None
    partner: Person | None = None
    marital: str = "single"
    adopted: bool = False
    ward: bool = False
    lodger: bool = False
    foundling: bool = False
    renamed: bool = False
    children: list[Person] = field(default_factory=list)
    home: Household | None = None
    relation: str = ""
    birth_unit: Unit | None = None
    origin: Unit | None = None
    stay: Unit | None = None
    settled: Unit | None = None
    boards_in: str = ""
    moved_to: Unit | None = None
    id12: str = ""
    id9: str = ""
    blood: str = ""

    @property
    def name(self) -> str:
        """Family, middle and given name in capitals."""
        return " ".join(part for part in (self.family, self.middle, self.given) if part)

    @property
    def age(self) -> int:
        """Full years on the eve of the collection."""
        return age_on(self.born, REFERENCE)

    @property
    def spouse(self) -> Person | None:
        """The husband or wife of a marriage that lasts."""
        return self.partner if self.marital == "married" else None

    @property
    def born_partial(self) -> str:
        """The date of birth as far as anybody knows it: 1948, 1948-05 or 1948-05-12."""
        return self.born.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.known]]

    @property
    def number(self) -> str:
        """The number they would show: the new one, else the old one."""
        return self.id12 or self.id9


@dataclass(eq=False, slots=True)
class Household:
    """People under one roof and one household book."""

    members: list[Person]
    ethnic: str
    head: Person | None = None
    village: Village | None = None
    key: str = ""
    book: str = ""
    religion: str = "none"

    @property
    def place(self) -> Village:
        """The village, once the household has one."""
        assert self.village is not None
        return self.village


def age_on(born: date, day: date) -> int:
    """Full years lived on that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def kept(person: Person | None) -> Person:
    """The person who must be there."""
    assert person is not None
    return person


def link(child: Person, father: Person | None, mother: Person | None) -> None:
    """Make these two (or the one who is known) the parents of the child."""
    child.father, child.mother = father, mother
    for parent in (father, mother):
        if parent is not None:
            parent.children.append(child)


def home_of(person: Person) -> Household:
    """The household a counted person lives in."""
    assert person.home is not None
    return person.home
