"""Families: parents left out (E08), relations turned round (E13), groups by the neighbours' names (E14)."""

from collections import defaultdict
from random import Random

from ..facts import Facts
from ..sheets import Sheet
from .chance import strike

MIRROR = {"02": "03", "03": "02", "18": "16", "16": "18", "17": "18", "20": "21"}
NEXT_TO = {"06": "04", "07": "04", "10": "08", "11": "09", "23": "18", "05": "25", "08": "10", "09": "11", "99": "04"}


def parent_left_out(sheets: list[Sheet], target: float, rng: Random) -> None:
    """E08: a dead or absent parent isn't asked for, and then for all the brothers and sisters of a house."""
    groups: dict[tuple[str, int, str], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        for column, parent in (("mother_name", sheet.person.mother), ("father_name", sheet.person.father)):
            if parent is not None:
                groups[sheet.home.key, id(parent), column].append(sheet)

    def asked(sheet: Sheet, column: str) -> float:
        parent = sheet.person.mother if column == "mother_name" else sheet.person.father
        assert parent is not None
        why = 5.0 if not parent.alive else 2.0 if not parent.counted else 0.5
        return why * sheet.collector.leaning("E08") * sheet.tired * (1.5 if column == "mother_name" else 1.0)

    def leave_out(group: tuple[str, list[Sheet]]) -> int:
        column, stack = group
        left = 0
        for sheet in stack:
            new = all(slip.kind != "E08" for slip in sheet.slips)
            if sheet.clean(column) and sheet.spoil("E08", column, ""):
                sheet.cells[column.replace("name", "id")] = ""
                left += new
        return left

    occasions = [(asked(stack[0], key[2]), (key[2], stack)) for key, stack in groups.items()]
    strike(occasions, leave_out, target, rng)


def wrong_relation(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E13: what the head is to the person, a generation missed, the widow still "wife", a son who keeps house."""
    code = {word: key for key, word in facts.relation.items()}
    houses: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.second_of is None and sheet.person.alive:
            houses[sheet.home.key].append(sheet)

    def turn_round(stack: list[Sheet]) -> int:
        return sum(_mirror(sheet, code, facts) for sheet in stack)

    def mistake(sheet: Sheet) -> int:
        here = code[sheet.cells["rel_to_head"]]
        if here == "01":
            widow = sheet.person.sex == "F" and sheet.person.marital == "widowed"
            return int(widow and sheet.spoil("E13", "rel_to_head", facts.relation["02"]))
        if here in NEXT_TO and rng.random() < 0.6:
            return int(sheet.spoil("E13", "rel_to_head", facts.relation[NEXT_TO[here]]))
        if here == "04" and sheet.person.partner and rng.random() < 0.5:
            return int(sheet.spoil("E13", "rel_to_head", facts.relation["01"]))
        if here == "19" and rng.random() < 0.7:
            return int(sheet.spoil("E13", "rel_to_head", facts.relation["04"]))
        return _mirror(sheet, code, facts)

    turned = [(stack[0].collector.leaning("E13") * stack[0].tired, stack) for stack in houses.values()]
    done = strike(turned, turn_round, target * 0.35, rng)
    single = []
    for stack in houses.values():
        for sheet in stack:
            usual = 0.5 if sheet.person.relation in ("04", "02", "01") else 2.0
            widow = 6.0 if sheet.person.relation == "01" and sheet.person.marital == "widowed" else 1.0
            single.append((sheet.collector.leaning("E13") * sheet.tired * usual * widow, sheet))
    strike(single, mistake, target - done, rng)


def _mirror(sheet: Sheet, code: dict[str, str], facts: Facts) -> int:
    here, head = code[sheet.cells["rel_to_head"]], sheet.home.head
    assert head is not None
    male = head.sex == "M"
    seen = MIRROR.get(here)
    if here in ("04", "05"):
        seen = "08" if male else "09"
    elif here in ("06", "07"):
        seen = "10" if male else "11"
    elif here in ("08", "09"):
        seen = "04"
    elif here in ("10", "11"):
        seen = "07" if male else "06"
    elif here == "19":
        seen = "12" if male else "13"
    elif here == "18":
        seen = "16" if male else "17"
    return int(seen is not None and sheet.spoil("E13", "rel_to_head", facts.relation[seen]))


def group_name(sheets: list[Sheet], target: float, rng: Random, facts: Facts) -> None:
    """E14: for an evening or longer, a collector writes the name of a branch or an outsiders' name."""
    sittings: dict[tuple[int, str], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if facts.group_words[sheet.person.ethnic]:
            sittings[id(sheet.evening), sheet.person.ethnic].append(sheet)
    favourite: dict[tuple[int, str], str] = {}

    def say(stack: list[Sheet]) -> int:
        ethnic = stack[0].person.ethnic
        words = facts.group_words[ethnic]
        word = favourite.setdefault((id(stack[0].collector), ethnic), rng.choice(words))
        share = 1.0 if stack[0].collector.habits["E14"] > 1 else 0.4
        return sum(int(rng.random() < share and sheet.spoil("E14", "ethnicity", word)) for sheet in stack)

    occasions = [
        (stack[0].collector.leaning("E14") * (0.2 if stack[0].person.ethnic == "01" else 1.0), stack)
        for stack in sittings.values()
    ]
    strike(occasions, say, target, rng)
