"""What a unit is known by, the words for what marks it, and what a file of places is refused for."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from hoaban.base import names
from hoaban.base.errors import Refusal
from hoaban.base.words import Said, _


class Level(StrEnum):
    """The levels that units may have, from above to below. Which of them exist on a day is in the rows."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"

    def is_above(self, other: Level) -> bool:
        """Whether units of this level hold units of the other."""
        order = list(Level)
        return order.index(self) < order.index(other)


class Standing(StrEnum):
    """How a way of writing stands to a place: its name, another way of writing it, what it was called before."""

    NAME = "name"
    VARIANT = "variant"
    FORMER = "former"


class MarkKind(StrEnum):
    """What a unit may be marked with."""

    ZONE = "zone"
    BORDER = "border"


LEVEL_WORDS = {
    Level.PROVINCE: _("province"),
    Level.DISTRICT: _("district"),
    Level.COMMUNE: _("commune, ward or township"),
}
STANDING_WORDS = {
    Standing.NAME: _("Place name"),
    Standing.VARIANT: _("Also written"),
    Standing.FORMER: _("Called before"),
}
MARK_WORDS = {MarkKind.ZONE: _("Difficulty zone"), MarkKind.BORDER: _("Lies on")}
STATED_WORDS = {"people": _("Inhabitants"), "area": _("Square kilometres")}
COUNTRY_WORDS = {"Laos": _("the border with Laos"), "China": _("the border with China")}
CERTAINTY_WORDS = {
    "sure": _("sure"),
    "approx": _("approximate"),
    "approximate": _("approximate"),
    "estimated": _("estimated"),
    "assumed": _("assumed"),
}
MOST_FAULTS_SHOWN = 50
DATA = Path(__file__).parents[2] / "data" / "places"
KINDS_FILE = DATA / "kinds.csv"
SOURCES_FILE = DATA / "sources.csv"


@cache
def kind_words() -> tuple[str, ...]:
    """The folded words for kinds of places (commune, village, ...), longest first."""
    with KINDS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(sorted((names.fold(row["word"]) for row in csv.DictReader(lines)), key=len, reverse=True))


def bare(folded: str) -> str:
    """A folded name without the word for the kind of place: `xa nam khan` is `nam khan`."""
    for kind in kind_words():
        if folded.startswith(f"{kind} "):
            return folded[len(kind) + 1 :]
    return folded


def key(code: str, valid_from: dt.date, codes_used: bool) -> str:
    """The one word for (code, level, valid_from): the code, or CODE-YEAR for a later unit with a code used before."""
    return f"{code}-{valid_from.year}" if codes_used else code


@cache
def _sources() -> dict[str, Said]:
    with SOURCES_FILE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Said(row["vi"], row["en"]) for row in csv.DictReader(lines)}


def source_words(source: str) -> object:
    """Where a figure or a mark comes from, in words; what a province wrote itself stands as it wrote it."""
    return _sources().get(source, source)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line of a file (0: with the file as a whole), and with what."""

    line: int
    message: Any
    facts: dict[str, object]

    def __str__(self) -> str:
        said = str(self.message) % self.facts
        return str(_("line %(line)s: %(said)s")) % {"line": self.line, "said": said} if self.line else said


class TableIncomplete(Refusal):
    """The table lacks columns."""

    code = "places.table_incomplete"
    message = _("%(file)s lacks the columns %(columns)s.")


def check_columns(columns: Iterable[str], needed: Iterable[str], file: str) -> None:
    """Raise TableIncomplete unless every needed column is there."""
    if lacking := sorted(set(needed) - set(columns)):
        raise TableIncomplete(file=file, columns=", ".join(lacking))


class FaultsInFile(Refusal):
    """A file of places has faults; all of them are named and nothing of it was done."""

    code = "places.faults_in_file"
    message = _("%(file)s was left aside whole, %(count)s faults:\n%(faults)s")

    def __init__(self, *, file: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        shown = [f"- {one}" for one in self.faults[:MOST_FAULTS_SHOWN]]
        if len(self.faults) > MOST_FAULTS_SHOWN:
            shown.append("…")
        super().__init__(file=file, count=len(self.faults), faults="\n".join(shown))


class DayMissing(Refusal):
    """A reform holds from a day on."""

    code = "places.day_missing"
    message = _("Say from which day on the reform holds: --on 2025-07-01.")
