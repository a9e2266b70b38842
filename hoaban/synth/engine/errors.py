"""The error kinds, each with its mechanism, put on the true forms of one commune.

What a citizen or collector got wrong goes on the paper; what a typist got wrong goes only into the
row (see `rules.KEYED`). Every field that differs from the truth is listed with kind, written and
true value, and no field is spoilt twice: the row with its listed errors undone is the true form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from hoaban.synth.engine import facts, lives, slips
from hoaban.synth.engine.facts import Flags, Ints, Random
from hoaban.synth.engine.families import HEAD
from hoaban.synth.engine.forms import picked
from hoaban.synth.engine.sheets import DAY_WRITTEN, Sheets
from hoaban.synth.rules import FORM_OF_LIFE, Kind, Order

LODGER = "26"
LIVING, DEAD = "living", "dead"

# Relations that people mix up, by code.
_MIXED_UP = {
    "02": "23", "03": "23", "04": "19", "06": "04", "07": "04", "08": "10", "09": "11", "10": "08", "11": "09",
    "16": "18", "17": "18", "18": "16", "19": "04", "23": "18",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field of one form that differs from the truth."""

    row: int
    kind: Kind
    field: str
    written: str
    true: str


class Sheet:
    """The forms of one commune while errors fall on them."""

    def __init__(self, sheets: Sheets, rows: Ints, rng: Random) -> None:
        self.sheets, self.world, self.forms, self.rng = sheets, sheets.world, sheets.forms, rng
        self.rows = rows
        self.frame = sheets.true(rows)
        self.person = self.forms.person[rows]
        self.columns: dict[str, list[str]] = {}
        self.changes: list[Change] = []
        self._touched: set[tuple[str, int]] = set()
        story = set(self.world.story)
        self.open = ~self.forms.second[rows] & ~np.isin(self.person, list(story))

    def __getitem__(self, field: str) -> list[str]:
        """A column as it stands now."""
        if field not in self.columns:
            self.columns[field] = self.frame[field].to_list()
        return self.columns[field]

    def write(self, row: int, kind: Kind, field: str, text: str) -> None:
        """Put a wrong text into a field that is still right."""
        column = self[field]
        if text == column[row] or (field, row) in self._touched:
            return
        self.changes.append(Change(row, kind, field, text, column[row]))
        self._touched.add((field, row))
        column[row] = text

    def rename(self, row: int, kind: Kind, name: str) -> None:
        """Put a wrong name on a form; on a head's form the same hand writes it at both places."""
        if self.world.kin.relation[self.person[row]] == HEAD:
            self.write(row, kind, "head_name", name)
        self.write(row, kind, "full_name", name)

    def stray(self, row: int, kind: Kind, written: str, true: str) -> None:
        """List what is wrong beside the columns."""
        self.changes.append(Change(row, kind, FORM_OF_LIFE, written, true))

    def some(self, eligible: Flags, rate: float, field: str) -> list[int]:
        """Rows to err in, at that rate of all forms, among those eligible and right in the field."""
        touched = np.zeros(len(self.rows), dtype=np.bool_)
        touched[[row for name, row in self._touched if name == field]] = True
        return [int(n) for n in picked(self.rng, (eligible & self.open & ~touched).astype(float), rate)]

    def filled(self, field: str) -> Flags:
        """Where the field holds something."""
        return np.array([bool(text) for text in self[field]])

    def finished(self) -> pl.DataFrame:
        """The rows as they were typed."""
        return self.frame.with_columns(
            [pl.Series(field, texts, dtype=pl.String) for field, texts in self.columns.items()]
        )


def spoilt(sheets: Sheets, rows: Ints, commune: int, order: Order) -> Sheet:
    """The forms of a commune with every kind of error at its rate."""
    rng = np.random.default_rng([order.seed, 5, int(sheets.world.communes[commune].code)])
    sheet = Sheet(sheets, rows, rng)
    _second_forms(sheet)
    _dead_and_gone(sheet)
    for kind, mechanism in _MECHANISMS.items():
        mechanism(sheet, order.rates[kind])
    _tell_story(sheet)
    return sheet


def _second_forms(sheet: Sheet) -> None:
    """Somebody counted again where they stay: as a lodger of a household there, often without papers."""
    forms, world = sheet.forms, sheet.world
    relations = facts.terms("relationship_to_head")
    for row in np.flatnonzero(forms.second[sheet.rows]).tolist():
        place = int(sheet.rows[row])
        village = int(forms.village[place])
        first = forms.serial[int(forms.first[place])]
        sheet.changes.append(Change(row, Kind.SECOND_FORM, "form_serial", forms.serial[place], first))
        homes = np.flatnonzero(world.village == village)
        host = int(homes[sheet.rng.integers(len(homes))])
        head = int(sheet.sheets.heads[host])
        there = {
            "commune_code": world.communes[world.villages[village].commune].code,
            "village": sheet.sheets.villages[village],
            "perm_address": sheet.sheets.addresses[village],
            "cur_address": "",
            "head_name": sheet.sheets.capitals[head],
            "head_id": sheet.sheets.number[head],
            "rel_to_head": relations[LODGER],
            "book_no": sheet.sheets.books[host],
            "filled_on": world.filled[host].astype(dt.date).strftime(DAY_WRITTEN),
            "officer": world.officers[village],
        }
        if sheet.rng.random() < facts.assumed("second_form_without_number"):
            there |= {"id12": "", "id9": ""}
        for field, text in there.items():
            sheet.write(row, Kind.SECOND_FORM, field, text)


def _dead_and_gone(sheet: Sheet) -> None:
    forms = sheet.forms
    died = ~np.isnat(forms.died[sheet.person]) & ~forms.second[sheet.rows]
    for row in np.flatnonzero(died).tolist():
        sheet.stray(row, Kind.DEAD, LIVING, DEAD)
    gone = forms.hidden[sheet.person] & ~forms.second[sheet.rows]
    for row in np.flatnonzero(gone).tolist():
        sheet.write(row, Kind.MOVED_AWAY, "cur_address", "")


def _address_missing(sheet: Sheet, rate: float) -> None:
    for row in sheet.some(sheet.filled("perm_address"), rate, "perm_address"):
        sheet.write(row, Kind.ADDRESS_MISSING, "perm_address", "")


def _old_place(sheet: Sheet, rate: float) -> None:
    """The village under the name it had before villages were merged."""
    for row in sheet.some(sheet.open, rate, "perm_address"):
        village = sheet.world.villages[int(sheet.forms.village[sheet.rows[row]])]
        address = sheet["perm_address"][row]
        sheet.write(row, Kind.OLD_PLACE, "perm_address", address.replace(village.name, village.old_name, 1))
        sheet.write(row, Kind.OLD_PLACE, "village", village.old_name)


def _birthplace_missing(sheet: Sheet, rate: float) -> None:
    for row in sheet.some(sheet.open, rate, "birth_reg_place"):
        sheet.write(row, Kind.BIRTHPLACE_MISSING, "birth_reg_place", "")


def _parent_missing(sheet: Sheet, rate: float) -> None:
    """Father or mother left out, with the number."""
    for row in sheet.some(sheet.filled("father_name") & sheet.filled("mother_name"), rate, "mother_name"):
        parent = "father" if sheet.rng.random() < 0.5 else "mother"
        sheet.write(row, Kind.PARENT_MISSING, f"{parent}_name", "")
        sheet.write(row, Kind.PARENT_MISSING, f"{parent}_id", "")


def _wrong_relation(sheet: Sheet, rate: float) -> None:
    names = facts.terms("relationship_to_head")
    wrong = {names[code]: names[other] for code, other in _MIXED_UP.items()}
    members = sheet.world.kin.relation[sheet.person] != HEAD
    for row in sheet.some(members, rate, "rel_to_head"):
        sheet.write(row, Kind.WRONG_RELATION, "rel_to_head", wrong[sheet["rel_to_head"][row]])


def _group_name(sheet: Sheet, rate: float) -> None:
    """The name that a group or its neighbours use, in place of the official one."""
    seen = group_names()
    eligible = np.array([bool(seen.get(name)) for name in sheet["ethnicity"]])
    for row in sheet.some(eligible, rate, "ethnicity"):
        names = seen[sheet["ethnicity"][row]]
        sheet.write(row, Kind.GROUP_NAME, "ethnicity", names[int(sheet.rng.integers(len(names)))])


def _wrong_birth(sheet: Sheet, rate: float) -> None:
    known = sheet.world.known[sheet.person] == lives.DAY
    for row in sheet.some(known, rate, "dob"):
        right = sheet.world.born[sheet.person[row]].astype(dt.date)
        latest = sheet.world.filled[sheet.world.kin.household[sheet.person[row]]].astype(dt.date)
        wrong = slips.wrong_date(right, latest, sheet.rng)
        sheet.write(row, Kind.WRONG_BIRTH, "dob", wrong.strftime(DAY_WRITTEN))


def _middle_name(sheet: Sheet, rate: float) -> None:
    women = sheet.world.kin.female[sheet.person]
    added = (facts.word("middle_man").upper(), facts.word("middle_woman").upper())
    for row in sheet.some(sheet.open, rate, "full_name"):
        name = slips.middle_lost_or_added(sheet["full_name"][row], added[int(women[row])])
        sheet.rename(row, Kind.MIDDLE_NAME, name)


def _everyday_name(sheet: Sheet, rate: float) -> None:
    """The adult name of a Mong man, else the given name put first."""
    for row in sheet.some(sheet.open, rate, "full_name"):
        everyday = sheet.sheets.everyday[int(sheet.person[row])]
        sheet.rename(row, Kind.EVERYDAY_NAME, everyday or slips.given_first(sheet["full_name"][row]))


def _year_as_new_year(sheet: Sheet, rate: float) -> None:
    """Only the year stands on the paper; the typist makes it 1 January."""
    known = sheet.world.known[sheet.person] == lives.YEAR
    for row in sheet.some(known, rate, "dob"):
        sheet.write(row, Kind.YEAR_AS_NEW_YEAR, "dob", f"01/01/{sheet['dob'][row]}")
        sheet.write(row, Kind.YEAR_AS_NEW_YEAR, "dob_precision", "day")


def _misspelt_name(sheet: Sheet, rate: float) -> None:
    spellings = family_spellings()
    for row in sheet.some(sheet.open, rate, "full_name"):
        name = sheet["full_name"][row]
        wrong = slips.variant(name, spellings, sheet.rng) if sheet.rng.random() < 0.5 else name
        wrong = wrong if wrong != name else slips.wrong_tone(name, sheet.rng)
        sheet.rename(row, Kind.MISSPELT_NAME, wrong)


def _shared_old_number(sheet: Sheet, rate: float) -> None:
    """The typist copies the old number of a form further up."""
    holders = np.flatnonzero(sheet.filled("id9"))
    eligible = sheet.filled("id9")
    eligible[holders[:1]] = False
    for row in sheet.some(eligible, rate, "id9"):
        above = holders[holders < row][-20:]
        source = int(above[sheet.rng.integers(len(above))])
        sheet.write(row, Kind.SHARED_OLD_NUMBER, "id9", sheet["id9"][source])


def _wrong_gender(sheet: Sheet, rate: float) -> None:
    """The other box is typed, so that the fourth digit of the number contradicts it."""
    man, woman = (facts.terms("gender")[code] for code in "12")
    for row in sheet.some(sheet.filled("id12"), rate, "gender"):
        sheet.write(row, Kind.WRONG_GENDER, "gender", woman if sheet["gender"][row] == man else man)


def _tell_story(sheet: Sheet) -> None:
    for row, person in enumerate(sheet.person.tolist()):
        part = sheet.world.story.get(person)
        if part and part.name_error:
            sheet.rename(row, Kind(part.name_error), part.name_written)


# In this order: what went on the paper first, what the typist did afterwards.
_MECHANISMS: dict[Kind, Callable[[Sheet, float], None]] = {
    Kind.ADDRESS_MISSING: _address_missing,
    Kind.OLD_PLACE: _old_place,
    Kind.BIRTHPLACE_MISSING: _birthplace_missing,
    Kind.PARENT_MISSING: _parent_missing,
    Kind.WRONG_RELATION: _wrong_relation,
    Kind.GROUP_NAME: _group_name,
    Kind.WRONG_BIRTH: _wrong_birth,
    Kind.MIDDLE_NAME: _middle_name,
    Kind.EVERYDAY_NAME: _everyday_name,
    Kind.YEAR_AS_NEW_YEAR: _year_as_new_year,
    Kind.MISSPELT_NAME: _misspelt_name,
    Kind.SHARED_OLD_NUMBER: _shared_old_number,
    Kind.WRONG_GENDER: _wrong_gender,
}


@cache
def group_names() -> dict[str, list[str]]:
    """Official name of an ethnic group to the other names seen for it."""
    rows = facts.table("ethnic_groups").select("name_vi", "spelling_variants_seen").iter_rows()
    return {name: seen.split("|") for name, seen in rows if seen}


@cache
def family_spellings() -> dict[str, list[str]]:
    """Family name in capitals to its other spellings in capitals."""
    rows: Iterable[tuple[str, str]] = facts.table("family_names").select("family_name", "spelling_variants").iter_rows()
    spellings: dict[str, set[str]] = {}
    for name, seen in rows:
        if seen:
            spellings.setdefault(name.upper(), set()).update(seen.upper().split("|"))
    return {name: sorted(seen) for name, seen in spellings.items()}


def rates() -> dict[str, float]:
    """The assumed rate of each kind, as a share of records."""
    rows = facts.table("error_kinds").select("code", "assumed_rate_pct_of_records").iter_rows()
    return {code: float(percent) / 100 for code, percent in rows}
