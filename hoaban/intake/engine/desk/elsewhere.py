"""What other forms say: of the same file, and of the register. The later of two is at fault, or both."""

from __future__ import annotations

import polars as pl

from hoaban.base.words import _
from hoaban.intake.engine.desk.rule import (
    ERROR,
    FORM_LAW,
    NUMBER_LAW,
    QUESTION,
    RESIDENCE_LAW,
    DeskRule,
    Group,
    col,
    empty,
    ex,
    filled,
    is_head,
    is_whole,
    knows,
)

_holder_alike = col("_number_holder") == col("_name_fold")
_OTHER = {"id12": "", "id9": "", "full_name": "VÀNG PAO DUA"}


def _repeated(name: str) -> pl.Expr:
    """True from the second row on that has this text."""
    return ~empty(name) & ~col(name).is_first_distinct()


def _other_with(name: str) -> pl.Expr:
    """The serial of another row with the same text: the first such row, for the first the last."""
    first, last = (col("form_serial").first().over(name), col("form_serial").last().over(name))
    return pl.when(col(name).is_first_distinct()).then(last).otherwise(first)


FILE = (
    DeskRule("serial_twice", "form_serial", ERROR,
             _("Another form of this file has the serial %(value)s. Give each form its own."),
             _repeated("form_serial"), ex({"form_serial": "SYN-A", **_OTHER}, form_serial="SYN-A"), law=FORM_LAW),
    DeskRule("form_twice", "form_serial", ERROR,
             _("The form %(other)s of this file says the same of the same person. One of the two is too many."),
             ~col("_said").is_first_distinct(), ex({}), law=FORM_LAW, other=_other_with("_said")),
    DeskRule("number_twice", "id12", ERROR,
             _("The form %(other)s of this file has the number %(value)s too. Is it the same person, or a slip?"),
             _repeated("_number"), ex({**_OTHER, "id12": "011158000123"}), law=NUMBER_LAW,
             other=_other_with("_number")),
    DeskRule("old_number_twice", "id9", QUESTION,
             _("The form %(other)s of this file has the old number %(value)s too. Whose is it?"),
             filled("_number9") & col("_number9").is_duplicated(), ex({**_OTHER, "id9": "040123456"}),
             other=_other_with("_number9")),
)  # fmt: skip

REGISTER = (
    DeskRule("synthetic_refused", "form_serial", ERROR,
             _("The form %(value)s is of a made-up person and has no place in this register."),
             col("_simulated") & ~col("_synthetic_allowed"), knows({"_synthetic_allowed": False})),
    DeskRule("commune_of_others", "commune_code", ERROR,
             _("The commune %(value)s isn't in your area. Hand the form to its officer."),
             col("_commune_known") & ~col("_commune_covered"), knows({"_commune_covered": False})),
    DeskRule("serial_known", "form_serial", ERROR,
             _("A form %(value)s with other facts was accepted before. Give each form its own serial."),
             col("_serial_known"), knows({"_serial_known": True}), law=FORM_LAW),
    DeskRule("mended_before", "form_serial", ERROR,
             _("The returned row that this one mends was accepted meanwhile."),
             col("_settled"), knows({"_settled": True})),
    DeskRule("counted_already", "form_serial", ERROR,
             _("The register has this person under the number, by the form %(other)s."),
             is_whole("_number") & _holder_alike, knows({"_number_holder": "lo pao may"}), law=NUMBER_LAW,
             other=col("_number_other")),
    DeskRule("number_of_another", "id12", ERROR,
             _("The register has the number %(value)s under another name, by the form %(other)s. Is one a slip?"),
             is_whole("_number") & ~_holder_alike, knows({"_number_holder": "vang a chu"}), law=NUMBER_LAW,
             other=col("_number_other")),
    DeskRule("old_number_of_another", "id9", QUESTION,
             _("The register has the old number %(value)s under another name, by the form %(other)s."),
             col("_old_number_held"), knows({"_old_number_held": True}), other=col("_old_number_other")),
    DeskRule("person_twice", "form_serial", QUESTION,
             _("Name, birth and parents are those of the form %(other)s. Is it the same person?"),
             col("_alike")
        & (col("_alike_other") != col("form_serial")).fill_null(value=True)
        & ~(is_whole("_number") & _holder_alike).fill_null(value=False),
             knows({"_alike": True}), other=col("_alike_other")),
    DeskRule("household_headed", "rel_to_head", ERROR,
             _("The register has another head of this household. One of the two relations is wrong."),
             is_head & filled("_household_code") & col("_headed"),
             knows({"_headed": True}, rel_to_head="01", head_name="LÒ PAO MAY", spouse_name="VÀNG A CHU"),
             law=RESIDENCE_LAW),
)  # fmt: skip
GROUPS = {Group.FILE: FILE, Group.REGISTER: REGISTER}
