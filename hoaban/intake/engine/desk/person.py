"""What can't be true of one person: ages, parents, spouse."""

from __future__ import annotations

from hoaban.base import codes
from hoaban.base.words import _
from hoaban.intake.engine.desk.rule import (
    ERROR,
    QUESTION,
    SINGLE,
    DeskRule,
    age_when_filled,
    col,
    empty,
    ex,
    filled,
    same,
    year,
    year_in,
)

OLDEST = 120  # years; nobody on a form is older (assumed)
YOUNGEST_PARENT = 13  # assumed
OLDEST_MOTHER = 58  # assumed
_years_to_father = year("_born") - year_in("_father_number")
_years_to_mother = year("_born") - year_in("_mother_number")

RULES = (
    DeskRule("born_after_the_form", "dob", ERROR,
             _("Nobody born on %(value)s can be on a form filled in before."),
             (col("_born") > col("_filled_on")) & filled("_filled_on"),
             ex(dob="07/03/2058", id12="", id9="", marital="1", spouse_name="", rep_name="LÒ PAO SUNG")),
    DeskRule("born_too_long_ago", "dob", ERROR,
             _("Born on %(value)s would be more than 120 years old. Look at the year."),
             age_when_filled > OLDEST, ex(dob="1801", id12="")),
    DeskRule("filled_in_the_future", "filled_on", QUESTION,
             _("The form was filled in on %(value)s, after the file came."),
             col("_filled_on") > col("_received"), ex(filled_on="20/11/2099", dob="07/03/2058", id12="")),
    DeskRule("born_on_new_year", "dob", QUESTION,
             _("Born on 1 January: is the day known, or only the year?"),
             col("_born").str.ends_with("-01-01"), ex(dob="01/01/1958"),
             ex(dob="01/01/1958", dob_precision="year"), proposal=col("_born").str.slice(0, 4)),
    DeskRule("father_too_young", "father_id", QUESTION,
             _("By the number %(value)s the father was a child, or not born, at the birth. Look at both."),
             _years_to_father < YOUNGEST_PARENT, ex(father_id="011050000777"), ex(father_id="011030000777")),
    DeskRule("mother_too_young", "mother_id", QUESTION,
             _("By the number %(value)s the mother was a child, or not born, at the birth. Look at both."),
             _years_to_mother < YOUNGEST_PARENT, ex(mother_id="011150000777"), ex(mother_id="011130000777")),
    DeskRule("mother_too_old", "mother_id", QUESTION,
             _("By the number %(value)s the mother was past childbearing at the birth. Look at both."),
             _years_to_mother > OLDEST_MOTHER, ex(mother_id="011100000777", dob="07/03/1962", id12=""),
             ex(mother_id="011130000777")),
    DeskRule("own_parent", "father_id", QUESTION,
             _("The form gives the person's own number %(value)s to the father."),
             same("_number", "_father_number"), ex(father_id="011158000123")),
    DeskRule("own_mother", "mother_id", QUESTION,
             _("The form gives the person's own number %(value)s to the mother."),
             same("_number", "_mother_number"), ex(mother_id="011158000123")),
    DeskRule("single_with_a_spouse", "marital", QUESTION,
             _("The form says not married and names a spouse."),
             (col("_marital") == SINGLE) & filled("spouse_name"), ex(marital="1"),
             proposal=filled("spouse_name").replace_strict(
                 {True: codes.name("marital_status", "2")}, default=None)),
    DeskRule("a_mans_box_with_a_womans_name", "gender", QUESTION,
             _("The middle name is one that only women bear. Look at the box for the sex."),
             (col("_sex") == "M") & col("_name_fold").str.contains(r"^\S+ (.* )?thi \S"),
             ex(full_name="LÒ THI MAY", gender="Nam", id12="", rel_to_head="26"),
             ex(full_name="LÒ THI MAY"),
             proposal=empty("gender").replace_strict({False: codes.name("gender", "2")}, default=None)),
    DeskRule("parents_alike", "mother_name", QUESTION,
             _("Father and mother have the same name."),
             same("_father_fold", "_mother_fold"), ex(father_name="LÒ PAO VI", mother_name="LÒ PAO VI")),
)  # fmt: skip
