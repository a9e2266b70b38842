"""Writes the world to a folder: what a province would receive, and the truth behind it."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from .facts import Facts, facts
from .people import Person, home_of
from .sheets import COLUMNS, Pen, Sheet, collect, sit_down
from .slips import dates, families, names, numbers, places, presence
from .world import World, make

PERSON = ("true_id", "full_name", "gender", "born", "ethnicity", "id12", "id9", "commune_code", "village")
ROOF = ("household_id", "relation", "head_id", "father_id", "mother_id", "spouse_id")


def write(folder: Path, people: int, seed: int, communes: Sequence[str] = ()) -> None:
    """Write `folder/forms`, `folder/truth` and `folder/places` for that many people; the same seed, the same bytes.

    Without `communes` the people are spread over all 129 of 2023 by their populations.
    """
    tables = facts()
    world = make(people, seed, communes, tables)
    missed = presence.missed(world, tables.rate["E16"] * people, Random(f"{seed}/E16"))
    sheets = collect(world, missed, seed, tables)
    sheets = presence.second_sheets(world, sheets, tables.rate["E05"] * len(sheets), Random(f"{seed}/E05"))
    sit_down(sheets, seed)
    _fill(sheets, seed, tables)
    _go_wrong(sheets, world, seed, tables)
    _write_forms(folder / "forms", sheets, world)
    _write_truth(folder / "truth", sheets, world, missed)
    _write_places(folder / "places", world)


def _fill(sheets: list[Sheet], seed: int, tables: Facts) -> None:
    pen, last, number = Pen(Random(f"{seed}/pen"), tables), "", 0
    for sheet in sheets:
        commune = sheet.home.place.commune.code
        number = number + 1 if commune == last else 1
        last = commune
        pen.write(sheet, f"SYN{commune}-{number:05d}")


def _go_wrong(sheets: list[Sheet], world: World, seed: int, tables: Facts) -> None:
    aim = {kind: rate * len(sheets) for kind, rate in tables.rate.items()}
    dice = {kind: Random(f"{seed}/{kind}") for kind in aim}
    places.old_names(sheets, aim["E15"], dice["E15"], tables)
    dates.first_of_january(sheets, aim["E01"], dice["E01"])
    families.group_name(sheets, aim["E14"], dice["E14"], tables)
    names.spell(sheets, aim["E03"], dice["E03"], tables)
    names.order(sheets, aim["E17"], dice["E17"], tables)
    names.middle(sheets, aim["E04"], dice["E04"], tables)
    dates.wrong_date(sheets, aim["E02"], dice["E02"])
    numbers.wrong_sex(sheets, aim["E07"], dice["E07"], world, tables)
    numbers.copied_from_above(sheets, aim["E06"], dice["E06"])
    families.parent_left_out(sheets, aim["E08"], dice["E08"])
    places.no_registration(sheets, aim["E09"], dice["E09"])
    places.no_residence(sheets, aim["E10"], dice["E10"])
    places.gone(sheets, aim["E12"], dice["E12"], tables)
    families.wrong_relation(sheets, aim["E13"], dice["E13"], tables)


def _write_forms(folder: Path, sheets: list[Sheet], world: World) -> None:
    stacks: dict[str, list[Sheet]] = {commune.code: [] for commune in world.communes}
    for sheet in sheets:
        stacks[sheet.home.place.commune.code].append(sheet)
    for code, stack in stacks.items():
        rows = ([sheet.cells[column] for column in COLUMNS] for sheet in stack)
        _table(folder / f"DC01_{code}.csv", COLUMNS, rows)


def _write_truth(folder: Path, sheets: list[Sheet], world: World, missed: set[int]) -> None:
    _table(folder / "people.csv", PERSON + ROOF, map(_person_row, world.people))
    _table(folder / "forms.csv", ("form_serial", "true_id"), ((s.serial, true_id(s.person)) for s in sheets))
    heading = ("form_serial", "kind", "field", "written", "true")
    _table(folder / "errors.csv", heading, (row for sheet in sheets for row in _error_rows(sheet)))
    _table(folder / "missed.csv", ("true_id",), ([true_id(p)] for p in world.people if p.key in missed))


def true_id(person: Person | None) -> str:
    """The stable name of a true person; nothing for those who aren't counted."""
    return f"W{person.key:07d}" if person is not None and person.counted else ""


def _person_row(person: Person) -> list[str]:
    home = home_of(person)
    return [
        true_id(person),
        person.name,
        person.sex,
        person.born_partial,
        person.ethnic,
        person.id12,
        person.id9,
        home.place.commune.code,
        home.place.name,
        home.key,
        person.relation,
        true_id(home.head),
        true_id(person.father),
        true_id(person.mother),
        true_id(person.spouse),
    ]


def _error_rows(sheet: Sheet) -> Iterable[list[str]]:
    """The slips of one sheet; a second sheet and that of a dead person are wrong as a whole: field form_serial."""
    if sheet.second_of is not None:
        yield [sheet.serial, "E05", "form_serial", sheet.serial, sheet.second_of.serial]
    if not sheet.person.alive:
        yield [sheet.serial, "E11", "form_serial", sheet.serial, ""]
    for slip in sheet.slips:
        yield [sheet.serial, slip.kind, slip.field, slip.written, slip.true]


def _write_places(folder: Path, world: World) -> None:
    villages = ([v.code, v.commune.code, v.name, f"{v.lat:.6f}", f"{v.lon:.6f}", "1"] for v in world.villages)
    _table(folder / "villages.csv", ("code", "commune_code", "name", "lat", "lon", "invented"), villages)
    former = ([v.code, v.commune.code, name] for v in world.villages for name in v.former)
    _table(folder / "old_names.csv", ("code", "commune_code", "old_name"), former)


def _table(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)
