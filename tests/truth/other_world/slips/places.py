"""Places: old names (E15), registration and residence left blank (E09, E10), people who have gone (E12)."""

from collections import defaultdict
from random import Random

from ..facts import Facts
from ..sheets import Sheet, in_words
from .chance import strike


def old_names(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E15: the village under its name before the merger, all along a collector's round; old districts, Lai Chau."""
    rounds: dict[tuple[int, str], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.home.place.former:
            rounds[id(sheet.collector), sheet.home.place.code].append(sheet)

    def old_map(stack: list[Sheet]) -> int:
        return sum(_old_village(sheet) for sheet in stack)

    occasions = [(stack[0].collector.habits["E15"] * stack[0].collector.careless, stack) for stack in rounds.values()]
    done = strike(occasions, old_map, target * 0.7, rng)
    papers = [(_has_old_papers(sheet, facts), sheet) for sheet in sheets]
    strike(papers, lambda sheet: _old_papers(sheet, rng, facts), target - done, rng)


def _old_village(sheet: Sheet) -> int:
    village = sheet.home.place
    former = village.former[int(sheet.home.key[-5:]) % len(village.former)]
    if not sheet.spoil("E15", "village", former):
        return 0
    for column in ("perm_address", "cur_address"):
        text = sheet.cells[column]
        if text.startswith(f"{village.name}, "):
            sheet.spoil("E15", column, former + text[len(village.name) :])
    return 1


def _has_old_papers(sheet: Sheet, facts: Facts) -> float:
    unit = sheet.person.birth_unit
    assert unit is not None
    old_district = 3.0 if _born_in_old_district(sheet, facts) else 0.0
    old_province = 1.0 if sheet.person.born.year < 2004 and unit.province_id == "011" else 0.0
    return (old_district + old_province) * sheet.collector.leaning("E15") * sheet.tired


def _born_in_old_district(sheet: Sheet, facts: Facts) -> bool:
    unit = sheet.person.birth_unit
    former = facts.former_district.get(unit.code) if unit is not None else None
    return former is not None and sheet.person.born.year < former[2]


def _old_papers(sheet: Sheet, rng: Random, facts: Facts) -> int:
    """Copied from papers issued when the place belonged elsewhere."""
    unit, changed = sheet.person.birth_unit, 0
    assert unit is not None
    district, province = f" {unit.district}", facts.word["province", "name"]
    former = facts.word["province", "former"]
    if _born_in_old_district(sheet, facts) and rng.random() < 0.7:
        kind, name, _ = facts.former_district[unit.code]
        text = sheet.cells["birth_reg_place"].split(", ")
        old = f"{kind} {name}" if text[1].endswith(district) else name
        text[1] = old.capitalize()[0] + old[1:] if text[1][0].isupper() else old
        return int(sheet.spoil("E15", "birth_reg_place", ", ".join(text)))
    for column in ("birth_reg_place", "origin_place"):
        head, comma, last = sheet.cells[column].rpartition(", ")
        if last.endswith(province) and (column == "birth_reg_place" or rng.random() < 0.4):
            changed += sheet.spoil("E15", column, head + comma + last.removesuffix(province) + former)
    return int(changed > 0)


def no_registration(sheets: list[Sheet], target: float, rng: Random) -> None:
    """E09: no certificate was shown, or the birth hasn't been registered yet."""
    occasions = []
    for sheet in sheets:
        unregistered = 8.0 if sheet.person.age < 2 and not sheet.person.id12 else 1.0
        old = 2.0 if sheet.person.age > 50 else 1.0
        occasions.append((sheet.collector.leaning("E09") * sheet.tired * unregistered * old, sheet))
    strike(occasions, lambda sheet: int(sheet.spoil("E09", "birth_reg_place", "")), target, rng)


def no_residence(sheets: list[Sheet], target: float, rng: Random) -> None:
    """E10: two pages turned at once, so a household lacks it; and those who are registered nowhere near."""
    houses: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        houses[sheet.home.key].append(sheet)
    pages = [(stack[0].collector.leaning("E10") * stack[-1].tired ** 2, stack) for stack in houses.values()]

    def blank(sheet: Sheet) -> int:
        return int(sheet.spoil("E10", "perm_address", ""))

    done = strike(pages, lambda stack: sum(map(blank, stack)), target * 0.5, rng)
    single = [
        (sheet.collector.leaning("E10") * sheet.tired * (5.0 if sheet.person.settled else 1.0), sheet)
        for sheet in sheets
    ]
    strike(single, blank, target - done, rng)


def gone(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E12: the family doesn't say that somebody works far away, or hasn't taken the married off its book."""
    absent = [(sheet.collector.careless, sheet) for sheet in sheets if _fits_gone(sheet) and sheet.person.stay]
    moved = []
    for sheet in sheets:
        person = sheet.person
        if _fits_gone(sheet) and not person.stay and not person.settled and 17 <= person.age <= 45:
            lone = 1.0 if person.marital == "single" and person.relation in ("04", "18", "19") else 0.05
            moved.append((lone * sheet.collector.careless, sheet))

    def silent(sheet: Sheet) -> int:
        return int(sheet.spoil("E12", "cur_address", ""))

    def outdated(sheet: Sheet) -> int:
        weights = [place.goes for place in facts.away]
        unit = rng.choices(facts.away, weights)[0].unit
        return int(sheet.outdate("E12", "perm_address", in_words(unit, sheet.collector, facts)))

    done = strike(absent, silent, target * 0.6, rng)
    strike(moved, outdated, target - done, rng)


def _fits_gone(sheet: Sheet) -> bool:
    return sheet.second_of is None and sheet.person.alive and sheet.clean("perm_address") and sheet.clean("cur_address")
