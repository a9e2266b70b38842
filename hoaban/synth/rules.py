"""What a synthetic province is asked to be, the form's columns, and who makes which error.

Each error kind of `error_kinds.csv` arises in one of two places. On the paper: the citizen or the
collector wrote it so, and a drawn image of the form agrees with the row. At the keyboard: the paper
is right and the row is wrong, so that whoever compares the row with the image finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hoaban.base.errors import Refusal
from hoaban.base.words import _

SERIAL_MARK = "SYN"  # every serial of a synthetic form begins so
FEWEST_IN_COMMUNE = 30
PEOPLE_2022 = dt.date(2022, 12, 31)  # the day of the population and age figures
IMAGES_PER_COMMUNE = 40
MOST_PERCENT = 30.0  # of records with one kind of error; above it kinds would crowd each other out
FORM_OF_LIFE = "life"  # not a column of the form: E11 says of a dead person that they live
PRECISIONS = ("day", "month", "year")  # how much of a date of birth is known


class Kind(StrEnum):
    """The error kinds, by their code in `error_kinds.csv`."""

    YEAR_AS_NEW_YEAR = "E01"
    WRONG_BIRTH = "E02"
    MISSPELT_NAME = "E03"
    MIDDLE_NAME = "E04"
    SECOND_FORM = "E05"
    SHARED_OLD_NUMBER = "E06"
    WRONG_GENDER = "E07"
    PARENT_MISSING = "E08"
    BIRTHPLACE_MISSING = "E09"
    ADDRESS_MISSING = "E10"
    DEAD = "E11"
    MOVED_AWAY = "E12"
    WRONG_RELATION = "E13"
    GROUP_NAME = "E14"
    OLD_PLACE = "E15"
    MISSED = "E16"
    EVERYDAY_NAME = "E17"


# Made by whoever typed the paper in; all other kinds stand on the paper itself.
KEYED = frozenset({Kind.YEAR_AS_NEW_YEAR, Kind.MISSPELT_NAME, Kind.SHARED_OLD_NUMBER, Kind.WRONG_GENDER})


class Layout(StrEnum):
    """How the forms are written."""

    CSV = "csv"
    XLSX = "xlsx"
    BOTH = "both"


class UnknownCommune(Refusal):
    """There is no such commune in the province."""

    code = "synth.unknown_commune"
    message = _("There is no commune %(codes)s in this province. Give codes of five digits, such as 03174.")


class TooFewPeople(Refusal):
    """The communes asked for would stand nearly empty."""

    code = "synth.too_few_people"
    message = _("%(people)s people are too few for these communes. Ask for at least %(fewest)s.")


class NotOurFolder(Refusal):
    """The folder holds other files, which writing might mix with ours."""

    code = "synth.not_our_folder"
    message = _("%(folder)s holds other files. Name a new or an empty folder.")


class NothingWritten(Refusal):
    """The folder holds no synthetic province."""

    code = "synth.nothing_written"
    message = _("%(folder)s holds no synthetic province. Write one there first.")


class BadRates(Refusal):
    """The file doesn't say error rates."""

    code = "synth.bad_rates"
    message = _(
        "%(file)s doesn't say error rates: %(faults)s. Its columns are code (E01 to E17) and rate_pct (0 to 30 percent "
        "of records)."
    )


class NoSuchForm(Refusal):
    """The folder has no form with that serial."""

    code = "synth.no_such_form"
    message = _("There is no form %(serial)s in %(folder)s.")


@dataclass(frozen=True)
class Order:
    """A province to be made up. The same order gives the same bytes."""

    people: int
    seed: int
    communes: tuple[str, ...]
    on: dt.date
    rates: Mapping[str, float]


@dataclass(frozen=True)
class Written:
    """What was written where."""

    folder: Path
    people: int
    forms: int
    communes: int
    villages: int
    images: int
    errors: dict[str, int]
    missed: int
    seconds: float


@dataclass(frozen=True)
class World:
    """The world written beside a province: the workbook and how many rows each of its sheets has."""

    path: Path
    rows: dict[str, int]
    seconds: float


def read_rates(rows: Iterable[Mapping[str, str]], file: str) -> dict[str, float]:
    """Error rates (share of records, by kind) from the rows of a table. Raises BadRates with every fault."""
    rates: dict[str, float] = {}
    faults = []
    for line, row in enumerate(rows, start=2):
        code, written = row.get("code", ""), row.get("rate_pct", "").replace(",", ".")
        if code not in list(Kind):
            faults.append(f"{line}: {code or '?'}")
            continue
        try:
            percent = float(written)
        except ValueError:
            percent = -1.0
        if not 0 <= percent <= MOST_PERCENT:
            faults.append(f"{line}: {written or '?'}")
        rates[code] = percent / 100
    if faults or not rates:
        raise BadRates(file=file, faults="; ".join(faults) or "0")
    return rates


def check_order(people: int, asked: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """The communes to write, in order of code. Raises UnknownCommune, TooFewPeople."""
    strangers = sorted(set(asked) - set(known))
    if strangers:
        raise UnknownCommune(codes=", ".join(strangers))
    chosen = tuple(code for code in known if not asked or code in asked)
    fewest = FEWEST_IN_COMMUNE * len(chosen)
    if people < fewest:
        raise TooFewPeople(people=people, fewest=fewest)
    return chosen
