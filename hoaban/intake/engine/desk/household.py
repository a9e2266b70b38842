"""What can't be true of a household: its head, and how each is related to the head.

Columns beginning with `_heads_` are those of the head's own form where it is in the file.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from hoaban.base import codes
from hoaban.base.words import _
from hoaban.intake.engine.desk.rule import (
    ERROR,
    HEAD,
    QUESTION,
    RESIDENCE_LAW,
    DeskRule,
    among,
    col,
    differ,
    ex,
    filled,
    is_head,
    same,
    sex_known,
    year,
)

SEX_OF_RELATION = {
    "02": "F", "03": "M", "06": "F", "07": "M", "08": "M", "09": "F", "10": "M", "11": "F", "12": "M",
    "13": "F", "14": "M", "15": "F", "16": "M", "17": "F",
}  # fmt: skip
SPOUSES, CHILDREN, PARENTS, PARENTS_IN_LAW = ("02", "03"), ("04", "05"), ("08", "09"), ("10", "11")
ELDER, YOUNGER, IN_LAW = ("16", "17"), ("18",), "23"
YEARS_TO_A_PARENT = 12  # assumed: below this nobody is somebody's child

_WORDS = {one.code: one.name for one in codes.all_codes("relationship_to_head")}
_sex_of_relation = col("_relation_to_head").replace_strict(SEX_OF_RELATION, default=None, return_dtype=pl.String)
_years_below_head = year("_born") - year("_heads_born")
_parent_is_head = same("_father_fold", "_head_fold") | same("_mother_fold", "_head_fold")
_parent_by_number = same("_father_number", "_head_number") | same("_mother_number", "_head_number")
_is_heads_parent = same("_name_fold", "_heads_father") | same("_name_fold", "_heads_mother")
_other_parents = differ("_father_fold", "_heads_father") & (
    differ("_mother_fold", "_heads_mother") | (col("_mother_fold") == "") | (col("_heads_mother") == "")
)
_same_parents = same("_father_fold", "_heads_father") & same("_mother_fold", "_heads_mother")
_before_head = (col("_born") < col("_heads_born")) & ~col("_heads_born").str.starts_with(col("_born"))
_after_head = (col("_born") > col("_heads_born")) & ~col("_born").str.starts_with(col("_heads_born"))
_CHU = {
    "full_name": "GIÀNG A CHU", "gender": "Nam", "rel_to_head": "01", "dob": "05/06/1955", "id12": "", "id9": "",
    "spouse_name": "LÒ PAO MAY", "father_name": "GIÀNG A PAO", "mother_name": "VÀNG THI SUA",
}  # fmt: skip
_KIN = {"spouse_name": "", "marital": "1", "id12": "", "id9": ""}
_HEADS = tuple(
    {"full_name": f"LÒ PAO {chr(65 + n % 26)}{chr(65 + n // 26)}", "id12": "", "id9": "", "book_no": f"{n}",
     "rel_to_head": "01", "head_name": f"LÒ PAO {chr(65 + n % 26)}{chr(65 + n // 26)}", "dob": f"0{n % 9 + 1}/04/1961"}
    for n in range(60)
)  # fmt: skip


def _by_sex(man: str, woman: str) -> pl.Expr:
    """The relation's word for a man or a woman."""
    words = {"M": _WORDS[man], "F": _WORDS[woman]}
    return col("_sex").replace_strict(words, default=None, return_dtype=pl.String)


def _rule(code: str, message: Any, fails: pl.Expr, *examples: Any, **more: Any) -> DeskRule:
    return DeskRule(code, "rel_to_head", QUESTION, message, fails, *examples, **more)


RULES = (
    DeskRule("head_names_another", "rel_to_head", ERROR,
             _("The form says “head” and names another person as head."),
             is_head & differ("_name_fold", "_head_fold") & ~same("_number_or_old", "_head_number"),
             ex(rel_to_head="Chu ho", marital="1", spouse_name=""),
             ex(rel_to_head="Chu ho", head_name="LÒ PAO MAY"), law=RESIDENCE_LAW),
    DeskRule("second_head", "rel_to_head", ERROR,
             _("This household has a head already. One of the two relations is wrong."),
             is_head & filled("_household_code") & (col("_heads_before") > 0),
             ex({"full_name": "LÒ PAO VANG", "head_name": "LÒ PAO VANG", "rel_to_head": "01", "id12": "", "id9": "",
                 "dob": "02/02/1950"},
                rel_to_head="01", head_name="LÒ PAO MAY"), law=RESIDENCE_LAW),
    DeskRule("household_without_head", "head_name", QUESTION,
             _("No form of this household is its head's. Did the form of “%(value)s” come?"),
             filled("_household_code") & (col("_heads") == 0) & ~col("_headed") & col("_first_of_household")
             & col("_whole_file"),
             ex(*_HEADS, book_no="110000003"), ex(*_HEADS, _CHU), law=RESIDENCE_LAW),
    _rule("relation_denies_sex", _("“%(value)s” doesn't fit the sex on the form."),
          sex_known & (_sex_of_relation != col("_sex")), ex(rel_to_head="03"),
          proposal=pl.when(among("_relation_to_head", *SPOUSES)).then(_by_sex("03", "02"))
          .when(among("_relation_to_head", "06", "07")).then(_by_sex("07", "06"))
          .when(among("_relation_to_head", *PARENTS)).then(_by_sex("08", "09"))
          .when(among("_relation_to_head", *ELDER)).then(_by_sex("16", "17"))),
    _rule("spouse_called_otherwise", _("The form names the head as spouse and says “%(value)s”."),
          (same("_spouse_fold", "_head_fold") | same("_spouse_number", "_head_number")) & ~is_head
          & ~among("_relation_to_head", *SPOUSES) & filled("_relation_to_head"),
          ex(rel_to_head="23"), proposal=_by_sex("03", "02")),
    _rule("spouse_of_another", _("“%(value)s” of the head, and the form names another spouse."),
          among("_relation_to_head", *SPOUSES) & differ("_spouse_fold", "_head_fold")
          & ~same("_spouse_number", "_head_number"), ex(spouse_name="VÀNG A SINH")),
    _rule("spouse_not_mutual", _("The head's form names another spouse."),
          among("_relation_to_head", *SPOUSES) & differ("_name_fold", "_heads_spouse")
          & ~same("_number_or_old", "_heads_spouse_number"),
          ex({**_CHU, "spouse_name": "SÙNG THI DUA"}), ex(_CHU)),
    _rule("child_of_others", _("“%(value)s” of the head, and neither parent on the form is the head."),
          (col("_relation_to_head") == "04") & filled("_father_fold") & filled("_mother_fold")
          & filled("_head_fold") & ~_parent_is_head & ~_parent_by_number,
          ex(rel_to_head="04", **_KIN), ex(rel_to_head="04", father_name="GIÀNG A CHU", **_KIN),
          proposal=pl.when(filled("_spouse_fold")).then(_by_sex("07", "06"))),
    _rule("child_called_otherwise", _("The head is a parent on the form, which says “%(value)s”."),
          (_parent_is_head | _parent_by_number) & ~is_head & ~among("_relation_to_head", *CHILDREN)
          & filled("_relation_to_head"),
          ex(rel_to_head="19", father_name="GIÀNG A CHU", **_KIN), proposal=pl.lit(_WORDS["04"])),
    _rule("parent_not_named_by_head", _("“%(value)s” of the head, whose form names another parent."),
          (((col("_relation_to_head") == "08") & differ("_name_fold", "_heads_father"))
           | ((col("_relation_to_head") == "09") & differ("_name_fold", "_heads_mother")))
          & ~same("_number_or_old", "_heads_father_number") & ~same("_number_or_old", "_heads_mother_number"),
          ex({**_CHU, "mother_name": "VÀNG THI SUA"}, rel_to_head="09", dob="07/03/1930", **_KIN),
          ex({**_CHU, "mother_name": "LÒ PAO MAY"}, rel_to_head="09", dob="07/03/1930", **_KIN),
          proposal=_by_sex("10", "11")),
    _rule("parent_called_in_law", _("The head's form names this person as parent, this form says “%(value)s”."),
          among("_relation_to_head", *PARENTS_IN_LAW)
          & (_is_heads_parent | same("_number_or_old", "_heads_father_number")
             | same("_number_or_old", "_heads_mother_number")),
          ex({**_CHU, "mother_name": "LÒ PAO MAY"}, rel_to_head="11", dob="07/03/1930", **_KIN),
          proposal=_by_sex("08", "09")),
    _rule("child_too_old", _("“%(value)s” of the head, and not younger by a child's years."),
          among("_relation_to_head", *CHILDREN) & (_years_below_head < YEARS_TO_A_PARENT),
          ex(_CHU, rel_to_head="04", father_name="GIÀNG A CHU", **_KIN),
          ex(_CHU, rel_to_head="04", father_name="GIÀNG A CHU", **(_KIN | {"dob": "1990"}))),
    _rule("parent_too_young", _("“%(value)s” of the head, and not older by a parent's years."),
          among("_relation_to_head", *PARENTS, *PARENTS_IN_LAW) & (_years_below_head > -YEARS_TO_A_PARENT),
          ex({**_CHU, "mother_name": "LÒ PAO MAY"}, rel_to_head="09", **_KIN)),
    _rule("grandparent_too_young", _("“%(value)s” of the head, and not older by two generations."),
          among("_relation_to_head", "12", "13", "14", "15", "21") & (_years_below_head > -2 * YEARS_TO_A_PARENT),
          ex(_CHU, rel_to_head="13", dob="07/03/1940", **_KIN)),
    _rule("elder_is_younger", _("“%(value)s” of the head, and born after the head."),
          among("_relation_to_head", *ELDER) & _after_head,
          ex(_CHU, rel_to_head="17", father_name="GIÀNG A PAO", mother_name="VÀNG THI SUA", **_KIN),
          proposal=pl.lit(_WORDS["18"])),
    _rule("younger_is_elder", _("“%(value)s” of the head, and born before the head."),
          among("_relation_to_head", *YOUNGER) & _before_head,
          ex(_CHU, rel_to_head="18", dob="07/03/1950", father_name="GIÀNG A PAO", mother_name="VÀNG THI SUA", **_KIN),
          proposal=_by_sex("16", "17")),
    _rule("sibling_of_other_parents", _("“%(value)s” of the head, and the two forms name other parents."),
          among("_relation_to_head", *ELDER, *YOUNGER) & _other_parents,
          ex(_CHU, rel_to_head="18", dob="07/03/1960", **_KIN), proposal=pl.lit(_WORDS[IN_LAW])),
    _rule("sibling_called_in_law", _("The parents are those of the head, and the form says “%(value)s”."),
          (col("_relation_to_head") == IN_LAW) & _same_parents,
          ex(_CHU, rel_to_head="23", father_name="GIÀNG A PAO", mother_name="VÀNG THI SUA", **_KIN),
          proposal=pl.when(_before_head).then(_by_sex("16", "17")).otherwise(pl.lit(_WORDS["18"]))),
    _rule("head_without_relation", _("The head on the form is the person themselves, and the relation isn't “head”."),
          same("_number", "_head_number") & ~is_head & filled("_relation_to_head"),
          ex(head_id="011158000123"), proposal=pl.lit(_WORDS[HEAD])),
)  # fmt: skip
