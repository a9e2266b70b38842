"""What the form must hold: nothing missing, dates that are dates, numbers that are numbers, known codes."""

from __future__ import annotations

from typing import Any

import polars as pl

from hoaban.base import codes
from hoaban.base.words import _
from hoaban.intake.engine.desk import legacy
from hoaban.intake.engine.desk.rule import (
    ERROR,
    FORM_LAW,
    NUMBER_LAW,
    QUESTION,
    RESIDENCE_LAW,
    DeskRule,
    age_when_filled,
    col,
    differ,
    empty,
    ex,
    filled,
    is_married,
    same,
    sex_in,
    unread,
)
from hoaban.intake.rules import SERIAL

OF_AGE = 18
CHILD = "04"  # code list relationship_to_head
_NO_NAME = r"[^\p{L}\p{M} .'\u2019()-]"  # signs that stand in no name
_DAY = r"^\D*(\d{1,2})\D+(\d{1,2})\D+(\d{4})\D*$"
_DIGITS_ALONE = r"^(\d{2})(\d{2})(\d{4})$"
_LOOKS_LIKE_DIGITS = (["O", "o", "l", "I", "B", "S"], ["0", "0", "1", "1", "8", "5"])
_SEX_WORDS = {"M": codes.name("gender", "1"), "F": codes.name("gender", "2")}
_digits = col("id12").str.replace_all(r"[\s.-]", "").str.replace_many(*_LOOKS_LIKE_DIGITS)


def _as_day(column: str) -> pl.Expr:
    """A day written in an odd way, in the form's own."""
    day, month, year = (
        pl.coalesce(col(column).str.extract(_DAY, group), col(column).str.extract(_DIGITS_ALONE, group))
        for group in (1, 2, 3)
    )
    fits = day.cast(pl.Int32, strict=False).is_between(1, 31) & month.cast(pl.Int32, strict=False).is_between(1, 12)
    return pl.when(fits).then(pl.concat_str([day.str.zfill(2), month.str.zfill(2), year], separator="/"))


def _missing(code: str, field: str, words: Any, severity: Any = QUESTION, **more: Any) -> DeskRule:
    return DeskRule(code, field, severity, words, empty(field), ex(**{field: ""}), **more)


def _unknown(code: str, field: str, read: str) -> DeskRule:
    words = _("“%(value)s” isn't in the list. Take the word that the list has.")
    return DeskRule(code, field, QUESTION, words, unread(read), ex(**{field: "XYZ"}))


def _relatives_number(code: str, field: str, read: str, name: str) -> DeskRule:
    words = _("%(value)s isn't a number: write 12 digits, or the 9 of an old number.")
    bad = ex(**{field: "12345", name: "LÒ PAO SUNG"})
    return DeskRule(code, field, QUESTION, words, unread(read), bad, law=NUMBER_LAW)


RULES = (
    DeskRule("serial_unreadable", "form_serial", ERROR,
             _("The form's serial is missing or has other signs than letters, digits, dots and dashes."),
             ~col("form_serial").str.contains(SERIAL), ex(form_serial="../x"), law=FORM_LAW),
    DeskRule("commune_unknown", "commune_code", ERROR,
             _("There is no commune with the code “%(value)s”."),
             ~col("_commune_known"), ex(commune_code="99999", village=""), law=FORM_LAW,
             proposal=col("_commune_named")),
    _missing("name_missing", "full_name", _("The full name is missing."), ERROR, law=FORM_LAW),
    DeskRule("name_unreadable", "full_name", ERROR,
             _("“%(value)s” isn't a name: it holds digits or signs, or is too long."),
             (unread("_full_name") | col("full_name").str.contains(_NO_NAME)) & filled("full_name")
             & ~legacy.is_legacy("full_name"),
             ex(full_name="MAY 2"), law=FORM_LAW),
    DeskRule("name_of_one_word", "full_name", QUESTION,
             _("“%(value)s” is one word. Is the family name missing?"),
             filled("full_name") & ~col("full_name").str.contains(" "), ex(full_name="MAY")),
    DeskRule("legacy_font", "full_name", ERROR,
             _("“%(value)s” is written in the old font TCVN3 (.VnTime). Change the text to Unicode."),
             legacy.is_legacy("full_name"), ex(full_name="L\u00df PAO M\u00b8Y"),
             proposal=legacy.in_unicode("full_name")),
    _missing("born_missing", "dob", _("The date of birth is missing. If only the year is known, write the year."),
             ERROR, law=FORM_LAW),
    DeskRule("born_unreadable", "dob", ERROR,
             _("“%(value)s” isn't a date of birth. Write day/month/year, month/year or the year."),
             unread("_born"), ex(dob="31/02/1958"), law=FORM_LAW, proposal=_as_day("dob")),
    _missing("sex_missing", "gender", _("The sex is missing. Tick one of the two boxes."), ERROR, law=FORM_LAW,
             proposal=sex_in("_number").replace_strict(_SEX_WORDS, default=None, return_dtype=pl.String)),
    DeskRule("sex_unreadable", "gender", ERROR,
             _("“%(value)s” isn't one of the two boxes for the sex."),
             unread("_sex"), ex(gender="?"), law=FORM_LAW,
             proposal=sex_in("_number").replace_strict(_SEX_WORDS, default=None, return_dtype=pl.String)),
    _missing("filled_on_missing", "filled_on", _("The day of filling in is missing."), law=FORM_LAW),
    DeskRule("filled_on_unreadable", "filled_on", QUESTION,
             _("“%(value)s” isn't a day. Write day/month/year."),
             unread("_filled_on"), ex(filled_on="00/00"), law=FORM_LAW, proposal=_as_day("filled_on")),
    DeskRule("old_number_in_new_box", "id12", ERROR,
             _("%(value)s has 9 digits: it's an old number. Write it in the box of the old number."),
             unread("_number") & (_digits.str.len_chars() == 9), ex(id12="040123456"), law=NUMBER_LAW),
    DeskRule("number_unreadable", "id12", ERROR,
             _("%(value)s isn't a personal number: it has 12 digits."),
             unread("_number") & (_digits.str.len_chars() != 9), ex(id12="0111580001"), law=NUMBER_LAW,
             proposal=pl.when(_digits.str.contains(r"^\d{11,12}$")).then(_digits.str.zfill(12))),
    DeskRule("old_number_unreadable", "id9", QUESTION,
             _("%(value)s isn't an old number: it has 9 digits."),
             unread("_number9"), ex(id9="12")),
    _relatives_number("father_number_unreadable", "father_id", "_father_number", "father_name"),
    _relatives_number("mother_number_unreadable", "mother_id", "_mother_number", "mother_name"),
    _relatives_number("spouse_number_unreadable", "spouse_id", "_spouse_number", "spouse_name"),
    _relatives_number("representative_number_unreadable", "rep_id", "_representative_number", "rep_name"),
    DeskRule("head_number_unreadable", "head_id", QUESTION,
             _("%(value)s isn't a number: write 12 digits, or the 9 of an old number."),
             ~col("head_id").str.replace_all(r"[\s.]", "").str.contains(r"^(\d{12}|\d{9}|)$"),
             ex(head_id="12345"), law=NUMBER_LAW),
    _unknown("relation_unknown", "rel_to_head", "_relation_to_head"),
    _unknown("ethnicity_unknown", "ethnicity", "_ethnicity"),
    _unknown("religion_unknown", "religion", "_religion"),
    _unknown("marital_unknown", "marital", "_marital"),
    _unknown("blood_unknown", "blood", "_blood"),
    _missing("ethnicity_missing", "ethnicity", _("The ethnicity is missing."), law=FORM_LAW),
    _missing("marital_missing", "marital", _("The marital status is missing."), law=FORM_LAW),
    _missing("nationality_missing", "nationality", _("The nationality is missing."), law=FORM_LAW),
    _missing("birth_registration_missing", "birth_reg_place", _("The place of birth registration is missing."),
             law=FORM_LAW),
    _missing("permanent_address_missing", "perm_address", _("The permanent address is missing."), law=RESIDENCE_LAW),
    _missing("village_missing", "village", _("The village is missing."), law=FORM_LAW),
    DeskRule("father_missing", "father_name", QUESTION, _("The father's name is missing."),
             # a child who bears its mother's family name has no declared father, unless it is the head's
             empty("father_name") & ~(
                 same("_family_fold", "_mother_family")
                 & (age_when_filled < OF_AGE).fill_null(value=False)
                 & ~((col("_relation_to_head") == CHILD) & differ("_head_fold", "_mother_fold"))
             ),
             ex(father_name=""),
             ex(father_name="", mother_name="LÒ PAO VI", marital="1", spouse_name="", id12="", id9="", dob="2015",
                rep_name="LÒ PAO VI", rel_to_head="19", head_name="LÒ PAO SUNG"), law=FORM_LAW),
    _missing("mother_missing", "mother_name", _("The mother's name is missing."), law=FORM_LAW),
    DeskRule("spouse_missing", "spouse_name", QUESTION,
             _("Married, and the spouse's name is missing."),
             is_married & empty("spouse_name"), ex(spouse_name=""), ex(spouse_name="", marital="1"), law=FORM_LAW),
)  # fmt: skip
