"""What a rule of the desk is, and the small expressions of which rules are made.

A rule's expression is true where a row is at fault. It sees the written columns, the read ones
(`reading`), those of the household and the file (`context`), and what the register knows (`KNOWN`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import polars as pl

from hoaban.base.words import _
from hoaban.intake.rules import Severity

ERROR, QUESTION = Severity.ERROR, Severity.QUESTION
HEAD = "01"  # code list relationship_to_head
MARRIED, SINGLE = "2", "1"  # code list marital_status
ASSUMED = _("assumed")
NUMBER_LAW = _("Decree 137/2015 art. 13")
MARRIAGE_LAW = _("Law on Marriage and Family 52/2014 art. 8")
FORM_LAW = _("Circular 66/2015 art. 18 (form DC01)")
RESIDENCE_LAW = _("Law on Residence 68/2020")
ETHNIC_LIST = _("List of ethnic groups (General Statistics Office, 2008)")

# What the register knows of a row, set before the rules that need it are asked.
KNOWN: dict[str, Any] = {
    "_serial_known": False,  # its form was accepted with other facts
    "_settled": False,  # the returned row that it mends was accepted already
    "_headed": False,  # its household has a head in the register
    "_number_holder": None,  # the folded name of who has or had its number
    "_old_number_held": False,  # somebody else has its old number
    "_alike": False,  # somebody in the register or further up is the same by name, birth and parents
    "_number_other": None,  # and the serials of the forms of whom these found
    "_old_number_other": None,
    "_alike_other": None,
}


class Group(StrEnum):
    """What a rule compares a row with."""

    STRUCTURE = "structure"
    LAW = "law"
    PERSON = "person"
    HOUSEHOLD = "household"
    FILE = "file"
    REGISTER = "register"
    SPELLING = "spelling"
    PATTERN = "pattern"


GROUP_WORDS = {
    Group.STRUCTURE: _("What the form must hold"),
    Group.LAW: _("The law"),
    Group.PERSON: _("The person"),
    Group.HOUSEHOLD: _("The household"),
    Group.FILE: _("The file"),
    Group.REGISTER: _("The register"),
    Group.SPELLING: _("Spelling"),
    Group.PATTERN: _("Patterns of a village or of a writer"),
}


@dataclasses.dataclass(frozen=True)
class Example:
    """A form that differs from a faultless one so, with other forms before it in the file."""

    changed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    beside: tuple[Mapping[str, str], ...] = ()
    known: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def ex(*beside: Mapping[str, str], **changed: str) -> Example:
    """An example in short: forms beside it, cells that differ."""
    return Example(changed, beside)


def knows(known: Mapping[str, Any], **changed: str) -> Example:
    """An example of which the register knows so much."""
    return Example(changed, (), known)


@dataclasses.dataclass(frozen=True)
class DeskRule:
    """A rule of the desk: where a row is at fault, in which column, how badly, by which law, in which words.

    `proposal` is what to write in the column instead, null where nothing can be proposed; `other` is the
    serial of the form with which the row is at odds.
    """

    code: str
    field: str
    severity: Severity
    message: Any
    fails: pl.Expr
    bad: Example
    good: Example = dataclasses.field(default_factory=Example)
    law: Any = ASSUMED
    proposal: pl.Expr | None = None
    other: pl.Expr | None = None
    group: Group = Group.STRUCTURE

    @property
    def asks_the_register(self) -> bool:
        """Whether it needs what the register knows."""
        return bool(set(self.fails.meta.root_names()) & set(KNOWN))


def col(name: str) -> pl.Expr:
    """A column, in short."""
    return pl.col(name)


def empty(name: str) -> pl.Expr:
    """Nothing is written there."""
    return col(name) == ""


def filled(name: str) -> pl.Expr:
    """Something is written there."""
    return col(name) != ""


def unread(name: str) -> pl.Expr:
    """What is written there can't be read."""
    return col(name).is_null()


def year(name: str) -> pl.Expr:
    """The year of a read date."""
    return col(name).str.slice(0, 4).cast(pl.Int32, strict=False)


def is_whole(number: str) -> pl.Expr:
    """The column holds a read 12-digit number."""
    return col(number).str.len_chars() == 12


def sex_in(number: str) -> pl.Expr:
    """The sex that a 12-digit number says; null for anything else (Decree 137/2015 art. 13)."""
    digit = col(number).str.slice(3, 1).cast(pl.Int32, strict=False)
    return pl.when(~is_whole(number)).then(None).when(digit % 2 == 0).then(pl.lit("M")).otherwise(pl.lit("F"))


def year_in(number: str) -> pl.Expr:
    """The year of birth that a 12-digit number says; null for anything else."""
    digit = col(number).str.slice(3, 1).cast(pl.Int32, strict=False)
    tail = col(number).str.slice(4, 2).cast(pl.Int32, strict=False)
    return pl.when(is_whole(number)).then(1900 + 100 * (digit // 2) + tail)


def among(name: str, *codes: str) -> pl.Expr:
    """The column holds one of these codes."""
    return col(name).is_in(list(codes))


def same(one: str, other: str) -> pl.Expr:
    """Both columns are filled and alike."""
    return (filled(one) & (col(one) == col(other))).fill_null(value=False)


def differ(one: str, other: str) -> pl.Expr:
    """Both columns are filled and not alike."""
    return (filled(one) & filled(other) & (col(one) != col(other))).fill_null(value=False)


age_when_filled = year("_filled_on") - year("_born")  # never less than the true age
sex_known = among("_sex", "M", "F")
is_head = col("_relation_to_head") == HEAD
is_married = col("_marital") == MARRIED
