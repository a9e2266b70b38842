"""Words written otherwise than the official list, the map or the family writes them."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from hoaban.base import codes
from hoaban.base.words import _
from hoaban.intake.engine.desk.rule import ETHNIC_LIST, QUESTION, DeskRule, col, empty, ex, filled, unread

_VARIANTS = Path(__file__).parents[3] / "data" / "intake" / "family_name_variants.csv"
with _VARIANTS.open(encoding="utf-8", newline="") as _lines:
    _PAIRS = [(row["variant"].upper(), row["family_name"].upper()) for row in csv.DictReader(_lines)]
_OFFICIAL = {text: True for one in codes.all_codes("ethnic_groups") for text in (one.name.upper(), one.code)}
_ETHNIC_NAMES = {one.code: one.name for one in codes.all_codes("ethnic_groups")}
_ALIKE = {f"{one}|{other}" for pair in _PAIRS for one, other in (pair, pair[::-1])}
_family, _fathers = (col(name).str.to_uppercase().str.extract(r"^(\S+)") for name in ("full_name", "father_name"))
_rest = col("full_name").str.extract(r"^\S+(.*)$")


def _sons(mother_name: str) -> list[dict[str, str]]:
    son = {
        "gender": "Nam", "dob": "1990", "id12": "", "id9": "", "rel_to_head": "26", "marital": "1", "spouse_name": "",
        "mother_name": mother_name, "mother_id": "011158000123",
    }  # fmt: skip
    return [{**son, "full_name": name} for name in ("LÒ A DIA", "LÒ A SUNG")]


_UNITS_LAW = _("Resolutions of the National Assembly on units")


def _old_map(code: str, field: str) -> DeskRule:
    return DeskRule(code, field, QUESTION,
                    _("“%(value)s” names a district or province of an older map. Write the present one."),
                    filled(f"_{field}_now"), ex(**{field: "Nam Khan, Nam Po, Lai Chau"}),
                    ex(**{field: "Nam Khan, Nam Po, Dien Bien"}), law=_UNITS_LAW,
                    proposal=col(f"_{field}_now"))  # fmt: skip


RULES = (
    DeskRule("ethnicity_by_another_name", "ethnicity", QUESTION,
             _("“%(value)s” is the name of a group. Write the official name of the ethnicity."),
             ~unread("_ethnicity") & filled("ethnicity")
             & ~col("ethnicity").str.to_uppercase().replace_strict(
                 _OFFICIAL, default=False, return_dtype=pl.Boolean),
             ex(ethnicity="Th\u00e1i den"), law=ETHNIC_LIST,
             proposal=col("_ethnicity").replace_strict(_ETHNIC_NAMES, default=None, return_dtype=pl.String)),
    DeskRule("village_by_old_name", "village", QUESTION,
             _("“%(value)s” is an old name. Write the present one."),
             filled("_village_now"), ex(village="Nam Khan Cu"), law=_("Resolution 148 of the provincial council"),
             proposal=col("_village_now")),
    _old_map("birth_place_on_an_old_map", "birth_reg_place"),
    _old_map("origin_on_an_old_map", "origin_place"),
    _old_map("address_on_an_old_map", "perm_address"),
    _old_map("current_address_on_an_old_map", "cur_address"),
    DeskRule("village_unknown", "village", QUESTION,
             _("The commune has no village called “%(value)s”. Is it an old name?"),
             col("_commune_known") & filled("village") & col("_village_code").is_null(), ex(village="Nowhere")),
    DeskRule("family_name_unlike_fathers", "full_name", QUESTION,
             _("The father's family name is spelt otherwise. Look at the birth certificate."),
             pl.concat_str([_family, _fathers], separator="|").is_in(sorted(_ALIKE)),
             ex(full_name="DÀNG PAO MAY", father_name="GIÀNG A SUNG"),
             ex(full_name="GIÀNG PAO MAY", father_name="GIÀNG A SUNG"),
             proposal=pl.concat_str([_fathers, _rest])),
    DeskRule("name_said_otherwise", "full_name", QUESTION,
             _("Other forms of the file write this person's name otherwise."),
             filled("_name_by_others") & ~empty("full_name")
             & (col("_name_by_others") != col("full_name").str.to_uppercase()),
             ex(*_sons("LÒ PAO MÁY")), ex(*_sons("LÒ PAO MAY")),
             proposal=col("_name_by_others")),
)  # fmt: skip
