"""The DC01 sheet of one person, written faithfully; and the marks of what was then written wrong."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from .collectors import Collector, Evening, evenings, hire
from .facts import Facts, Unit, table
from .kin import relation
from .people import Household, Person, age_on, home_of, kept
from .world import World

COLUMNS = tuple(row["column"] for row in table("columns"))


@dataclass(frozen=True)
class Slip:
    """One thing on a sheet that is not so."""

    kind: str
    field: str
    written: str
    true: str


@dataclass(eq=False)
class Sheet:
    """A form about a person, by a collector, in some household's place."""

    person: Person
    home: Household
    collector: Collector
    second_of: "Sheet | None" = None
    evening: Evening | None = None
    tired: float = 1.0
    cells: dict[str, str] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)

    @property
    def serial(self) -> str:
        """The number printed on the form."""
        return self.cells["form_serial"]

    @property
    def filled_on(self) -> date:
        """The day of the sitting."""
        assert self.evening is not None
        return self.evening.day

    def clean(self, column: str) -> bool:
        """Whether that column is as it should be so far."""
        return all(slip.field != column for slip in self.slips)

    def spoil(self, kind: str, column: str, written: str) -> bool:
        """Write something else there; refuses what changes nothing and what is spoilt already."""
        true = self.cells[column]
        if written == true or not self.clean(column):
            return False
        self.cells[column] = written
        self.slips.append(Slip(kind, column, written, true))
        return True

    def outdate(self, kind: str, column: str, true: str) -> bool:
        """Say that what is written there is no longer so."""
        if self.cells[column] == true or not self.clean(column):
            return False
        self.slips.append(Slip(kind, column, self.cells[column], true))
        return True


def slashes(day: date) -> str:
    """A date as officers write it."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def birthday(person: Person) -> str:
    """The birth date as far as it is known, as officers write it."""
    return slashes(person.born)[{"day": 0, "month": 3, "year": 6}[person.known] :]


def in_words(unit: Unit, collector: Collector, facts: Facts) -> str:
    """Commune, district, province the way this collector writes them."""
    name = unit.name
    if unit.code and collector.local_spelling:
        name = facts.communes[unit.code].variant or name
    parts = [(unit.kind, name), (unit.district_kind, unit.district), (unit.province_kind, unit.province)]
    if collector.case == "bare":
        return ", ".join(word for _, word in parts)
    if collector.case == "capital":
        return ", ".join(f"{kind.capitalize()} {word}" for kind, word in parts)
    first, *rest = parts
    return ", ".join([f"{first[0].capitalize()} {first[1]}", *(f"{kind} {word}" for kind, word in rest)])


def address(home: Household, collector: Collector, facts: Facts) -> str:
    """Where the household lives, with the village in front if this collector does so."""
    village = home.place
    words = in_words(village.commune.unit, collector, facts)
    return f"{village.name}, {words}" if collector.village_in_address else words


def collect(world: World, missed: set[int], seed: int, facts: Facts) -> list[Sheet]:
    """Blank sheets in the order of the rounds, one for each person not missed."""
    by_commune: dict[str, list[Household]] = {}
    for home in world.homes:
        by_commune.setdefault(home.place.commune.code, []).append(home)
    sheets: list[Sheet] = []
    for code, homes in by_commune.items():
        for collector in hire(homes, Random(f"{seed}/{code}/collectors"), facts):
            for home in collector.homes:
                sheets += [Sheet(p, home, collector) for p in in_order(home) if p.key not in missed]
    return sheets


def in_order(home: Household) -> list[Person]:
    """The head first, then by age, as the household book lists them."""
    head = kept(home.head)
    return [head, *sorted((p for p in home.members if p is not head), key=lambda p: (p.born, p.key))]


def sit_down(sheets: list[Sheet], seed: int) -> None:
    """Divide each collector's sheets into evenings."""
    rounds: dict[int, list[Sheet]] = {}
    for sheet in sheets:
        rounds.setdefault(id(sheet.collector), []).append(sheet)
    for number, stack in enumerate(rounds.values()):
        rng, at = Random(f"{seed}/round {number}"), 0
        for evening in evenings(stack[0].collector, len(stack), rng):
            for place, sheet in enumerate(stack[at : at + evening.sheets]):
                sheet.evening, sheet.tired = evening, evening.tiredness(place)
            at += evening.sheets


class Pen:
    """Writes sheets faithfully."""

    def __init__(self, rng: Random, facts: Facts) -> None:
        self.rng, self.facts = rng, facts

    def write(self, sheet: Sheet, serial: str) -> None:
        """Fill every cell with what is so."""
        person, word = sheet.person, self.facts.word
        village = sheet.home.place
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {
            "province_code": "11",
            "commune_code": village.commune.code,
            "village": village.name,
            "full_name": person.name,
            "dob": birthday(person),
            "dob_precision": person.known,
            "blood": person.blood,
            "gender": word["gender", person.sex],
            "ethnicity": self.facts.ethnic_word[person.ethnic],
            "nationality": word["nationality", "vietnamese"],
            "religion": word["religion", sheet.home.religion],
            "id12": person.id12,
            "id9": person.id9,
            "book_no": sheet.home.book,
            "filled_on": slashes(sheet.filled_on),
            "officer": sheet.collector.name,
            "form_serial": serial,
        }
        sheet.cells = cells
        self._places(sheet)
        self._family(sheet)
        self._head(sheet)
        if sheet.second_of is not None:
            self._second(sheet)

    def _places(self, sheet: Sheet) -> None:
        person, cells = sheet.person, sheet.cells
        for column, unit in (("birth_reg_place", person.birth_unit), ("origin_place", person.origin)):
            assert unit is not None
            cells[column] = in_words(unit, sheet.collector, self.facts)
        here = address(sheet.home, sheet.collector, self.facts)
        cells["perm_address"] = here
        if person.settled is not None:
            cells["perm_address"], cells["cur_address"] = in_words(person.settled, sheet.collector, self.facts), here
        elif person.stay is not None and sheet.second_of is None:
            cells["cur_address"] = in_words(person.stay, sheet.collector, self.facts)

    def _family(self, sheet: Sheet) -> None:
        person, cells = sheet.person, sheet.cells
        spouse = person.spouse
        marital = person.marital
        if not person.alive and person.partner and person.partner.counted and marital == "widowed":
            spouse, marital = person.partner, "married"
        cells["marital"] = self.facts.word["marital", marital]
        for column, relative in (("father", person.father), ("mother", person.mother), ("spouse", spouse)):
            if relative is not None:
                cells[f"{column}_name"], cells[f"{column}_id"] = relative.name, self._shown(sheet, relative)
        if age_on(person.born, sheet.filled_on) < 14:
            keeper = self._keeper(person)
            cells["rep_name"], cells["rep_id"] = keeper.name, self._shown(sheet, keeper)

    def _keeper(self, person: Person) -> Person:
        home = kept(home_of(person).head)
        for parent in (person.father, person.mother):
            if parent and parent.alive and parent.counted and parent.home is person.home:
                return parent
        for parent in (person.father, person.mother):
            if parent and parent.alive and not person.ward and parent.counted:
                return parent
        return home

    def _head(self, sheet: Sheet) -> None:
        person, cells = sheet.person, sheet.cells
        head = kept(sheet.home.head)
        code = person.relation if sheet.home is person.home else relation(head, person)
        if sheet.home is not person.home and code == "99":
            code = "26"
        if not person.alive and person.sex == "M" and person.age >= 30 and person.key % 3 == 0:
            code, head = "01", person  # the old household book still opens with him
        cells["head_name"], cells["head_id"] = head.name, self._shown(sheet, head)
        cells["rel_to_head"] = self.facts.relation[code]

    def _shown(self, sheet: Sheet, relative: Person) -> str:
        near = relative.home is sheet.home or relative is sheet.person
        if not near and self.rng.random() < 0.5:
            return ""
        if relative is not sheet.person and self.rng.random() < (0.08 if near else 0.3):
            return ""
        return relative.id9 or relative.id12 if sheet.collector.shows_old_numbers else relative.number

    def _second(self, sheet: Sheet) -> None:
        cells = sheet.cells
        if self.rng.random() < 0.45:
            cells["id12"] = ""
        if self.rng.random() < 0.4:
            cells["id9"] = ""
        at_parents = sheet.person.marital == "married" and sheet.home.head not in (None, sheet.person.partner)
        if at_parents and self.rng.random() < 0.5:
            cells["marital"] = self.facts.word["marital", "single"]
            cells["spouse_name"] = cells["spouse_id"] = ""
