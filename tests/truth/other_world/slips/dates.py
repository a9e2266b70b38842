"""Birth dates: years typed as 1 January (E01), and wrong days, months and years (E02)."""

from collections import defaultdict
from random import Random

from ..sheets import Sheet
from .chance import strike
from .names import weight

KEYS_BESIDE = {str(key): [str(near) for near in (key - 1, key + 1) if 0 <= near <= 9] for key in range(10)}


def first_of_january(sheets: list[Sheet], target: float, rng: Random) -> None:
    """E01: one operator types 01/01 for everybody of whom only the year is known; others do at times.

    The column `dob_precision` stays at "day" on these forms, and follows from `dob`; it isn't listed apart.
    """

    def slip(sheet: Sheet) -> int:
        written = sheet.spoil("E01", "dob", f"01/01/{sheet.person.born.year}")
        if written:
            sheet.cells["dob_precision"] = "day"
        return int(written)

    stacks: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.person.known == "year":
            stacks[id(sheet.collector)].append(sheet)
    operators = [(stack[0].collector.habits["E01"], stack) for stack in stacks.values()]
    done = strike(operators, lambda stack: sum(map(slip, stack)), target * 0.85, rng)
    single = [(sheet.tired, sheet) for stack in stacks.values() for sheet in stack if sheet.clean("dob")]
    strike(single, slip, target - done, rng)


def wrong_date(sheets: list[Sheet], target: float, rng: Random) -> None:
    """E02: misread, mistyped, told in the lunar calendar, or counted from an age told at the door."""

    def slip(sheet: Sheet) -> int:
        for _ in range(6):
            written = _wrong(sheet, rng)
            if _possible(written, sheet) and sheet.spoil("E02", "dob", written):
                return 1
        return 0

    occasions = [(weight(sheet, "E02") * (1.5 if sheet.person.age > 40 else 1.0), sheet) for sheet in sheets]
    strike(occasions, slip, target, rng)


def _wrong(sheet: Sheet, rng: Random) -> str:
    parts = sheet.cells["dob"].split("/")
    year = int(parts[-1])
    if len(parts) < 3 or rng.random() < 0.3:
        off = rng.choice([-1, -1, -1, 1, -2, 2, -10, 10, -12, 12] if sheet.person.age > 25 else [-1, -1, 1, 1, -2])
        return "/".join([*parts[:-1], str(year + off)])
    way = rng.random()
    day, month, _ = parts
    if way < 0.3:
        return f"{month}/{day}/{year}" if int(day) <= 12 else f"{_typed(day, rng)}/{month}/{year}"
    if way < 0.55:
        back = int(month) - 1 or 12
        return f"{max(1, int(day) - rng.randrange(1, 4)):02d}/{back:02d}/{year - (back == 12)}"
    return f"{_typed(day, rng)}/{month}/{year}" if way < 0.8 else f"{day}/{_typed(month, rng)}/{year}"


def _typed(number: str, rng: Random) -> str:
    at = rng.randrange(2)
    return number[:at] + rng.choice(KEYS_BESIDE[number[at]]) + number[at + 1 :]


def _possible(written: str, sheet: Sheet) -> bool:
    parts = [int(part) for part in written.split("/")]
    year, month, day = parts[-1], parts[-2] if len(parts) > 1 else 1, parts[0] if len(parts) > 2 else 1
    if not (1 <= month <= 12 and 1 <= day <= 31 and year >= 1905) or (len(parts) > 2 and parts[:2] == [1, 1]):
        return False
    return (year, month) < (sheet.filled_on.year, sheet.filled_on.month)
