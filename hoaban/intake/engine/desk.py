"""The rules of the desk: each one expression over the columns of a file, with its message.

A rule's expression is true where the row is at fault. It sees the written columns, the read ones
(`reading`), and what the register knows of the row: `_number_known`, `_old_number_known`,
`_serial_known`, `_headed`, `_commune_known`, `_commune_covered`, `_synthetic_allowed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from hoaban.base import codes
from hoaban.base.words import _
from hoaban.intake.rules import SERIAL, Severity

ERROR, QUESTION = Severity.ERROR, Severity.QUESTION
HEAD = "01"
OLDEST = 120  # years; nobody on a form is older (assumed)
SEX_OF_RELATION = {
    "02": "F", "03": "M", "06": "F", "07": "M", "08": "M", "09": "F", "10": "M", "11": "F", "12": "M",
    "13": "F", "14": "M", "15": "F", "16": "M", "17": "F",
}  # fmt: skip
MARRIED = "2"
MARRIAGE_AGE = {"M": 20, "F": 18}  # Law on Marriage and Family 52/2014 art. 8


@dataclass(frozen=True)
class DeskRule:
    """A rule of the desk: where a row is at fault (`fails`), in which column, how badly, in which words."""

    code: str
    field: str
    severity: Severity
    message: Any
    fails: pl.Expr


def _c(name: str) -> pl.Expr:
    return pl.col(name)


def _empty(name: str) -> pl.Expr:
    return _c(name) == ""


def _unread(name: str) -> pl.Expr:
    return _c(name).is_null()


def _year(name: str) -> pl.Expr:
    return _c(name).str.slice(0, 4).cast(pl.Int32, strict=False)


_whole_number = _c("_number").str.len_chars() == 12
_fourth_digit = _c("_number").str.slice(3, 1).cast(pl.Int32, strict=False)
_number_sex = pl.when(_fourth_digit % 2 == 0).then(pl.lit("M")).otherwise(pl.lit("F"))
_number_year = 1900 + 100 * (_fourth_digit // 2) + _c("_number").str.slice(4, 2).cast(pl.Int32, strict=False)
_age_when_filled = _year("_filled_on") - _year("_born")
_sex_of_relation = _c("_relation_to_head").replace_strict(SEX_OF_RELATION, default=None, return_dtype=pl.String)
_marriage_age = _c("_sex").replace_strict(MARRIAGE_AGE, default=None, return_dtype=pl.Int32)
_sex_known = _c("_sex").is_in(["M", "F"])
_is_head = _c("_relation_to_head") == HEAD
_names_themselves = _c("full_name").str.to_lowercase() == _c("head_name").str.to_lowercase()
_in_household = ["commune_code", "_household_code"]
_heads_before = _is_head.cast(pl.Int32).cum_sum().over(_in_household) - 1
_is_married = _c("_marital") == MARRIED


def _repeated(name: str) -> pl.Expr:
    """True from the second row on that has this text."""
    return ~_empty(name) & ~_c(name).is_first_distinct()


def _is_other_spelling(column: str, code_list: str) -> pl.Expr:
    official = {text: True for one in codes.all_codes(code_list) for text in (one.name.upper(), one.code)}
    return ~_c(column).str.to_uppercase().replace_strict(official, default=False, return_dtype=pl.Boolean)


def _unknown_code(code: str, field: str, read: str) -> DeskRule:
    words = _("“%(value)s” isn't in the list. Take the word that the list has.")
    return DeskRule(code, field, QUESTION, words, _unread(read))


def _missing(code: str, field: str, severity: Severity, words: Any) -> DeskRule:
    return DeskRule(code, field, severity, words, _empty(field))


DESK_RULES = (
    # what the register can't do without
    DeskRule("serial_unreadable", "form_serial", ERROR,
             _("The form's serial is missing or has other signs than letters, digits, dots and dashes."),
             ~_c("form_serial").str.contains(SERIAL)),
    DeskRule("serial_twice", "form_serial", ERROR,
             _("Another form with other facts has the serial %(value)s. Give each form its own."),
             _c("_serial_known") | _repeated("form_serial")),
    DeskRule("synthetic_refused", "form_serial", ERROR,
             _("The form %(value)s is of a made-up person and has no place in this register."),
             _c("_simulated") & ~_c("_synthetic_allowed")),
    DeskRule("commune_unknown", "commune_code", ERROR,
             _("There is no commune with the code %(value)s."),
             ~_c("_commune_known")),
    DeskRule("commune_of_others", "commune_code", ERROR,
             _("The commune %(value)s isn't in your area. Hand the form to its officer."),
             _c("_commune_known") & ~_c("_commune_covered")),
    DeskRule("name_unreadable", "full_name", ERROR,
             _("The full name is missing or isn't a name."),
             _unread("_full_name") | _empty("_full_name") | _c("full_name").str.contains(r"\d")),
    DeskRule("born_unreadable", "dob", ERROR,
             _("“%(value)s” isn't a date of birth. Write day/month/year, month/year or the year."),
             _unread("_born") | _empty("_born")),
    DeskRule("born_impossible", "dob", ERROR,
             _("Nobody can be born on %(value)s and be on this form."),
             (_c("_born") > _c("_filled_on")) & ~_empty("_filled_on") | (_age_when_filled > OLDEST)),
    DeskRule("sex_unreadable", "gender", ERROR,
             _("The sex is missing or unreadable. Tick one of the two boxes."),
             _unread("_sex") | _empty("_sex")),
    DeskRule("filled_on_unreadable", "filled_on", QUESTION,
             _("The day of filling in is missing or unreadable."),
             _unread("_filled_on") | _empty("filled_on")),
    # the number, by Decree 137/2015 art. 13
    DeskRule("number_unreadable", "id12", ERROR,
             _("%(value)s isn't a personal number: it has 12 digits."),
             _unread("_number")),
    DeskRule("number_denies_sex", "gender", ERROR,
             _("The number says another sex. Look at the number and at the box for the sex."),
             _whole_number & _sex_known & (_number_sex != _c("_sex"))),
    DeskRule("number_denies_birth_year", "dob", ERROR,
             _("The number says another year of birth than %(value)s. Look at both."),
             _whole_number & (_number_year != _year("_born"))),
    DeskRule("number_twice", "id12", ERROR,
             _("Another person has the number %(value)s. Is it the same person, or a slip?"),
             _c("_number_known") | _repeated("_number")),
    DeskRule("old_number_unreadable", "id9", QUESTION,
             _("%(value)s isn't an old number: it has 9 digits."),
             _unread("_number9")),
    DeskRule("old_number_twice", "id9", QUESTION,
             _("Another person has the old number %(value)s."),
             _c("_old_number_known") | _repeated("_number9")),
    # the household
    DeskRule("head_names_another", "rel_to_head", ERROR,
             _("The form says “head” and names another person as head."),
             _is_head & ~_empty("head_name") & ~_names_themselves),
    DeskRule("second_head", "rel_to_head", ERROR,
             _("This household has a head already. One of the two relations is wrong."),
             _is_head & ~_empty("_household_code") & (_c("_headed") | (_heads_before > 0))),
    DeskRule("relation_denies_sex", "rel_to_head", QUESTION,
             _("“%(value)s” doesn't fit the sex on the form."),
             _sex_known & (_sex_of_relation != _c("_sex"))),
    _unknown_code("relation_unknown", "rel_to_head", "_relation_to_head"),
    # the person
    DeskRule("married_under_age", "marital", QUESTION,
             _("Married below the age of marriage. Look at the date of birth."),
             _is_married & (_age_when_filled < _marriage_age)),
    DeskRule("born_on_new_year", "dob", QUESTION,
             _("Born on 1 January: is the day known, or only the year?"),
             _c("_born").str.ends_with("-01-01")),
    _unknown_code("ethnicity_unknown", "ethnicity", "_ethnicity"),
    DeskRule("ethnicity_by_another_name", "ethnicity", QUESTION,
             _("“%(value)s” is the name of a group. Write the official name of the ethnicity."),
             ~_unread("_ethnicity") & ~_empty("ethnicity") & _is_other_spelling("ethnicity", "ethnic_groups")),
    _unknown_code("religion_unknown", "religion", "_religion"),
    _unknown_code("marital_unknown", "marital", "_marital"),
    _unknown_code("blood_unknown", "blood", "_blood"),
    # what is missing and can be asked for
    _missing("birth_registration_missing", "birth_reg_place", QUESTION,
             _("The place of birth registration is missing.")),
    _missing("permanent_address_missing", "perm_address", QUESTION, _("The permanent address is missing.")),
    _missing("ethnicity_missing", "ethnicity", QUESTION, _("The ethnicity is missing.")),
    _missing("father_missing", "father_name", QUESTION, _("The father's name is missing.")),
    _missing("mother_missing", "mother_name", QUESTION, _("The mother's name is missing.")),
    DeskRule("spouse_missing", "spouse_name", QUESTION,
             _("Married, and the spouse's name is missing."),
             _is_married & _empty("spouse_name")),
    DeskRule("village_unknown", "village", QUESTION,
             _("The commune has no village called “%(value)s”. Is it an old name?"),
             _c("_commune_known") & _c("_village_code").is_null()),
)  # fmt: skip
BY_CODE = {rule.code: rule for rule in DESK_RULES}


def findings(rows: pl.DataFrame) -> pl.DataFrame:
    """Every fault and doubt of every row: line, code, field, severity, value. All at once, none stops another."""
    judged = rows.select(
        "line",
        *{rule.field for rule in DESK_RULES},
        *(rule.fails.fill_null(False).alias(f"?{rule.code}") for rule in DESK_RULES),
    )
    return pl.concat(
        judged.filter(f"?{rule.code}").select(
            "line",
            code=pl.lit(rule.code),
            field=pl.lit(rule.field),
            severity=pl.lit(rule.severity.value),
            value=_c(rule.field).str.slice(0, 300),
        )
        for rule in DESK_RULES
    )


def states(lines: pl.Series, found: pl.DataFrame) -> pl.Series:
    """What becomes of each line: returned for an error, questioned for a question, else accepted."""
    worst = found.group_by("line").agg(returned=(pl.col("severity") == ERROR.value).any())
    joined = lines.to_frame("line").join(worst, on="line", how="left", maintain_order="left")
    return joined.select(
        pl.when("returned").then(pl.lit("returned"))
        .when(pl.col("returned").is_not_null()).then(pl.lit("questioned"))
        .otherwise(pl.lit("accepted"))
    ).to_series()  # fmt: skip
