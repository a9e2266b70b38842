"""Names: spelt as heard (E03), a middle word too few or too many (E04), order and everyday names (E17)."""

from collections import defaultdict
from random import Random

from ..facts import Facts
from ..sheets import Sheet
from .chance import strike
from .words import misspelt

NAMES = ("full_name", "father_name", "mother_name", "spouse_name", "rep_name", "head_name")
SWAPPING = ("06", "09", "23", "32", "33", "37", "49", "50")  # groups whose given name strangers take for the family's


def weight(sheet: Sheet, kind: str) -> float:
    """How likely this sheet's writer was to slip then; copies made from hearsay are worse."""
    return sheet.collector.leaning(kind) * sheet.tired * (9.0 if sheet.second_of else 1.0)


def spell(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E03: whole families in the spelling of the dialect, then single names."""
    families = _families(sheets, facts)
    habit: dict[tuple[int, str], str] = {}

    def dialect(family: tuple[str, list[Sheet]]) -> int:
        spelling, stack = family
        writer = (id(stack[0].collector), spelling)
        heard = habit.setdefault(writer, rng.choice(sorted(facts.spellings[spelling])))
        return sum(_respell(sheet, spelling, heard) for sheet in stack)

    done = strike(families, dialect, target * 0.25, rng)
    single = [(weight(sheet, "E03"), sheet) for sheet in sheets if sheet.clean("full_name")]
    strike(single, lambda sheet: _misspell(sheet, rng, facts), target - done, rng)


def _families(sheets: list[Sheet], facts: Facts) -> list[tuple[float, tuple[str, list[Sheet]]]]:
    stacks: dict[tuple[str, str], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.person.family in facts.spellings:
            stacks[sheet.home.key, sheet.person.family].append(sheet)
    return [
        (stack[0].collector.leaning("E03") ** 2 * stack[0].tired, (family, stack))
        for (_, family), stack in stacks.items()
    ]


def _respell(sheet: Sheet, spelling: str, heard: str) -> int:
    changed = 0
    for column in NAMES:
        first, _, rest = sheet.cells[column].partition(" ")
        if first == spelling and rest:
            changed += sheet.spoil("E03", column, f"{heard} {rest}")
    return int(changed > 0)


def _misspell(sheet: Sheet, rng: Random, facts: Facts) -> int:
    written = misspelt(sheet.cells["full_name"], rng, facts)
    if not sheet.spoil("E03", "full_name", written):
        return 0
    if sheet.cells["rel_to_head"] == facts.relation["01"] and sheet.home.head is sheet.person:
        sheet.spoil("E03", "head_name", written)
    return 1


def middle(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E04: the usual middle word of men or women added out of habit, or left out."""

    def slip(sheet: Sheet) -> int:
        person = sheet.person
        title = facts.word["title", "mong" if person.ethnic == "08" and person.sex == "M" else person.sex]
        words = sheet.cells["full_name"].split()
        if len(words) > 2:
            words = [words[0], *words[2:]]
        else:
            words.insert(1, title)
        return int(sheet.spoil("E04", "full_name", " ".join(words)))

    usual = {facts.word["title", key] for key in ("M", "F", "mong")}
    occasions = []
    for sheet in sheets:
        has = sheet.person.middle in usual or not sheet.person.middle
        occasions.append((weight(sheet, "E04") * (3.0 if has else 0.6), sheet))
    strike(occasions, slip, target, rng)


def order(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E17: the given name first, the adult name of a married Mong man, the name a child is called by."""

    def slip(sheet: Sheet) -> int:
        person = sheet.person
        words = sheet.cells["full_name"].split()
        if person.ethnic == "08" and person.sex == "M" and person.partner and len(words) > 1:
            written = [words[0], rng.choice(facts.adult_names), words[-1]]
        elif person.age < 8 and rng.random() < 0.7:
            written = [*words[:-1], rng.choice(facts.nicknames)]
        else:
            written = [words[-1], *words[1:-1], words[0]]
        return int(sheet.spoil("E17", "full_name", " ".join(written)))

    occasions = []
    for sheet in sheets:
        person = sheet.person
        known_as = person.ethnic == "08" and person.sex == "M" and person.partner is not None
        liable = 8.0 if known_as else 5.0 if person.ethnic in SWAPPING else 3.0 if person.age < 8 else 0.3
        occasions.append((weight(sheet, "E17") * liable, sheet))
    strike(occasions, slip, target, rng)
