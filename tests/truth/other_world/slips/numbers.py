"""Numbers: digits copied from the line above (E06), and the wrong sex on the form or in the number (E07)."""

from random import Random

from ..facts import Facts
from ..kin import siblings
from ..sheets import Sheet
from ..world import World
from .chance import strike
from .names import weight


def copied_from_above(sheets: list[Sheet], target: float, rng: Random) -> None:
    """E06: the eye slips a line up; mostly among brothers and sisters written one after the other."""
    occasions: list[tuple[float, tuple[Sheet, Sheet]]] = []
    for above, sheet in zip(sheets, sheets[1:], strict=False):
        same_sitting = above.evening is sheet.evening and above.person is not sheet.person
        if not same_sitting or not above.cells["id9"] or not sheet.person.id9 or sheet.second_of or above.second_of:
            continue
        near = 8.0 if siblings(above.person, sheet.person) else 2.5 if above.home is sheet.home else 0.7
        occasions.append((sheet.collector.careless * sheet.tired * near, (above, sheet)))

    def slip(lines: tuple[Sheet, Sheet]) -> int:
        above, sheet = lines
        return int(above.clean("id9") and sheet.spoil("E06", "id9", above.cells["id9"]))

    strike(occasions, slip, target, rng)


def wrong_sex(sheets: list[Sheet], target: float, rng: Random, world: World, facts: Facts) -> None:
    """E07: the box ticked by a title or a name that sounds so; or a number once given to the wrong sex."""
    titles = {"M": facts.word["title", "M"], "F": facts.word["title", "F"]}
    ticked, given = [], []
    for sheet in sheets:
        person = sheet.person
        misleading = 12.0 if titles["F" if person.sex == "M" else "M"] == person.middle else 1.0
        untitled = 6.0 if person.middle not in titles.values() else 1.0
        ticked.append((weight(sheet, "E07") * misleading * untitled, sheet))
        if sheet.cells["id12"] and sheet.second_of is None:
            given.append((untitled, sheet))

    def tick(sheet: Sheet) -> int:
        other = facts.word["gender", "F" if sheet.person.sex == "M" else "M"]
        return int(sheet.spoil("E07", "gender", other))

    def number(sheet: Sheet) -> int:
        right = sheet.cells["id12"]
        wrong = right[:3] + str(int(right[3]) ^ 1) + right[4:]
        if wrong in world.numbers.used or not sheet.clean("gender"):
            return 0
        world.numbers.used.add(wrong)
        if sheet.home.head is sheet.person and sheet.cells["head_id"] == right:
            sheet.spoil("E07", "head_id", wrong)
        return int(sheet.spoil("E07", "id12", wrong))

    done = strike(ticked, tick, target * 0.65, rng)
    strike(given, number, target - done, rng)
