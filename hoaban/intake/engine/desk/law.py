"""What the law says of a number, of marriage and of whom a form must name."""

from __future__ import annotations

import polars as pl

from hoaban.base import codes
from hoaban.base.words import _
from hoaban.intake.engine.desk.rule import (
    ERROR,
    FORM_LAW,
    MARRIAGE_LAW,
    NUMBER_LAW,
    QUESTION,
    DeskRule,
    age_when_filled,
    col,
    differ,
    empty,
    ex,
    filled,
    is_married,
    is_whole,
    sex_in,
    sex_known,
    unread,
    year,
    year_in,
)

MARRIAGE_AGE = {"M": 20, "F": 18}
OLD_NUMBER_AGE = 14  # Decree 05/1999 art. 3
REPRESENTED_BELOW = 14
_PROVINCES = [one.code for one in codes.all_codes("birth_provinces")]
_SEX_WORDS = {"M": codes.name("gender", "1"), "F": codes.name("gender", "2")}
_marriage_age = col("_sex").replace_strict(MARRIAGE_AGE, default=None, return_dtype=pl.Int32)
_province_in_number = pl.when(is_whole("_number")).then(col("_number").str.slice(0, 3))

RULES = (
    DeskRule("number_denies_sex", "gender", ERROR,
             _("The number says another sex. Look at the number and at the box for the sex."),
             sex_known & (sex_in("_number") != col("_sex")), ex(id12="011058000123"), law=NUMBER_LAW,
             proposal=sex_in("_number").replace_strict(_SEX_WORDS, default=None, return_dtype=pl.String)),
    DeskRule("number_denies_birth_year", "dob", ERROR,
             _("The number says another year of birth than %(value)s. Look at both."),
             year_in("_number") != year("_born"), ex(id12="011159000123"), law=NUMBER_LAW,
             proposal=pl.concat_str([
                 col("dob").str.extract(r"^(.*?)\d{4}\s*$"), year_in("_number").cast(pl.String),
             ])),
    DeskRule("number_denies_registration_place", "birth_reg_place", QUESTION,
             _("The number begins with the code of another province than “%(value)s”."),
             differ("_birth_province", "_number_province"), ex(birth_reg_place="Lai Chau"), law=NUMBER_LAW),
    DeskRule("number_of_no_province", "id12", QUESTION,
             _("%(value)s begins with no province's code. It may be of somebody born abroad: look again."),
             ~_province_in_number.is_in(_PROVINCES), ex(id12="099158000123"), law=NUMBER_LAW),
    DeskRule("old_number_of_a_child", "id9", QUESTION,
             _("Nobody below 14 has an old number. Whose is %(value)s?"),
             filled("_number9") & (age_when_filled < OLD_NUMBER_AGE),
             ex(dob="07/03/2012", id12="", marital="1", spouse_name="", rep_name="LÒ PAO SUNG"),
             ex(dob="07/03/1999", id12=""), law=_("Decree 05/1999 art. 3")),
    DeskRule("married_under_age", "marital", QUESTION,
             _("Married below the age of marriage. Look at the date of birth."),
             is_married & (age_when_filled < _marriage_age), ex(dob="07/03/2010", id12="011310000123"),
             law=MARRIAGE_LAW),
    DeskRule("spouse_of_the_same_sex", "spouse_id", QUESTION,
             _("The spouse's number %(value)s says the same sex as the form. Look at both numbers and the box."),
             sex_known & (sex_in("_spouse_number") == col("_sex")), ex(spouse_id="011155000777"),
             ex(spouse_id="011055000777"), law=MARRIAGE_LAW),
    DeskRule("father_by_a_womans_number", "father_id", QUESTION,
             _("The father's number %(value)s is a woman's."),
             sex_in("_father_number") == "F", ex(father_id="011130000777"), ex(father_id="011030000777"),
             law=NUMBER_LAW),
    DeskRule("mother_by_a_mans_number", "mother_id", QUESTION,
             _("The mother's number %(value)s is a man's."),
             sex_in("_mother_number") == "M", ex(mother_id="011032000777"), ex(mother_id="011132000777"),
             law=NUMBER_LAW),
    DeskRule("representative_missing", "rep_name", QUESTION,
             _("Whoever is below 14 needs a legal representative on the form."),
             empty("rep_name") & (age_when_filled < REPRESENTED_BELOW),
             ex(dob="07/03/2012", id12="", id9="", marital="1", spouse_name=""), law=FORM_LAW),
    DeskRule("nationality_with_number", "nationality", QUESTION,
             _("A personal number is given to citizens of Vietnam. The form says “%(value)s”."),
             filled("_number") & filled("_nationality") & ~unread("_nationality") & (col("_nationality") != "VN"),
             ex(nationality="LA"), law=NUMBER_LAW),
)  # fmt: skip
