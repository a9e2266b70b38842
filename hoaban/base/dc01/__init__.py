"""The form DC01: its columns in the order of the paper, and what each is called."""

from __future__ import annotations

from hoaban.base.words import _

LABELS = {
    "province_code": _("Province"),
    "commune_code": _("Commune"),
    "village": _("Village"),
    "full_name": _("Full name"),
    "dob": _("Born"),
    "dob_precision": _("Birth known to the"),
    "blood": _("Blood group"),
    "gender": _("Sex"),
    "marital": _("Marital status"),
    "birth_reg_place": _("Place of birth registration"),
    "origin_place": _("Place of origin"),
    "ethnicity": _("Ethnicity"),
    "nationality": _("Nationality"),
    "religion": _("Religion"),
    "id12": _("Personal number"),
    "id9": _("Old number (9 digits)"),
    "perm_address": _("Permanent address"),
    "cur_address": _("Current address"),
    "father_name": _("Father"),
    "father_id": _("Father's number"),
    "mother_name": _("Mother"),
    "mother_id": _("Mother's number"),
    "spouse_name": _("Spouse"),
    "spouse_id": _("Spouse's number"),
    "rep_name": _("Representative"),
    "rep_id": _("Representative's number"),
    "head_name": _("Head of the household"),
    "head_id": _("Head's number"),
    "rel_to_head": _("Relation to the head"),
    "book_no": _("Household book"),
    "filled_on": _("Filled in on"),
    "officer": _("Collected by"),
    "form_serial": _("Serial of the form"),
}
COLUMNS = tuple(LABELS)
REQUIRED = frozenset({"commune_code", "full_name", "dob", "gender", "form_serial"})
PRECISIONS = {"day": _("day"), "month": _("month"), "year": _("year")}  # how far a birth is known, as files say it
LISTS = {  # the code list from which a column is chosen
    "blood": "blood_group", "gender": "gender", "marital": "marital_status", "ethnicity": "ethnic_groups",
    "nationality": "nationalities", "religion": "religions", "rel_to_head": "relationship_to_head",
}  # fmt: skip
