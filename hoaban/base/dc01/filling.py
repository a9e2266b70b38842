"""The words of the workbooks of forms: always Vietnamese, whatever language asks for them."""

from __future__ import annotations

import csv
from functools import cache

from django.utils.translation import override

from hoaban.base import codes
from hoaban.base.dc01 import LABELS, LISTS
from hoaban.base.dc01.workbook import SheetWords
from hoaban.base.words import _

_EXAMPLES = codes.CODES_FOLDER.parent / "intake" / "examples.csv"
_DAY = _("Day/month/year, as 07/03/1958. If the day isn't known: 03/1958; if only the year is: 1958. Never 01/01.")
_NUMBER = _("12 digits of the personal number, or 9 of the old one.")
_HELPS = {
    "province_code": _("The province's code of two digits, as 11."),
    "commune_code": _("The commune's code of five digits, as 03174."),
    "village": _("The present name of the village. An old name is recognised and the present one proposed."),
    "full_name": _("As on the birth certificate, in capitals with tone marks: family name, middle name, given name."),
    "dob": _DAY,
    "dob_precision": _("How far the birth is known: day, month or year. May stay empty."),
    "blood": _("Only with a medical result."),
    "gender": _("Choose from the list."),
    "marital": _("Choose from the list."),
    "birth_reg_place": _("Commune, district, province where the birth was registered."),
    "origin_place": _("Commune, district, province of origin."),
    "ethnicity": _("The official name from the list, not the name of a group."),
    "nationality": _("Choose from the list, or write the country's code."),
    "religion": _("Choose from the list; none is an answer too."),
    "id12": _("12 digits. Leave it empty where there is none."),
    "id9": _("9 digits of the old identity card. Leave it empty where there is none."),
    "perm_address": _("House or village, commune, district, province."),
    "cur_address": _("Only where it differs from the permanent address."),
    "father_name": _("If known."),
    "father_id": _NUMBER,
    "mother_name": _("If known."),
    "mother_id": _NUMBER,
    "spouse_name": _("Where married."),
    "spouse_id": _NUMBER,
    "rep_name": _("For whoever is below 14 or can't act alone."),
    "rep_id": _NUMBER,
    "head_name": _("The head's name, on every form of the household; on the head's own form too."),
    "head_id": _NUMBER,
    "rel_to_head": _("Choose from the list. Each household has one head."),
    "book_no": _("The number of the household book, where there was one. Keeps the family together."),
    "filled_on": _("Day/month/year of filling in, as 20/11/2022."),
    "officer": _("Who collected the form."),
    "form_serial": _("The number printed on the form; each only once."),
}
_INSTRUCTIONS = (
    _("One row is one form DC01, one person. Fill in the sheet DC01 from the second row on."),
    _("Red headers can't be left empty. Anything else may stay empty where nobody knows."),
    _("Click a header's corner to read what belongs there. A wrong entry is warned of at once; you may still keep it."),
    _("Don't merge cells and write no formulas. Columns may be moved, and more may be added; they're kept."),
    _("Keep a family's rows with the same household book or the same head."),
    _("Save as XLSX and send it on the page “Forms received”. The same file twice does no harm."),
    _("Good rows are entered at once. The others come back in a workbook like this one, wrong cells red, each with its"
      " reason. Mend the cells, or choose “Yes” to take what is proposed, and send the workbook again."),
    _("Each column:"),
)  # fmt: skip
_WRONG = {
    "dob": _("Write day/month/year, month/year or the year."),
    "filled_on": _("Write day/month/year, as 20/11/2022."),
    "id12": _("A personal number has 12 digits."),
    "id9": _("An old number has 9 digits."),
    "form_serial": _("This number is on another row already."),
    "commune_code": _("A commune's code has five digits."),
    "full_name": _("Write family name and given name, with a space between."),
} | {f"{who}_id": _NUMBER for who in ("father", "mother", "spouse", "rep", "head")}
_NOT_IN_LIST = _("This isn't in the list. Choose from it, or keep what you wrote and it will be asked.")


@cache
def sheet_words() -> SheetWords:
    """All words of a workbook of forms, in Vietnamese."""
    with override("vi"), _EXAMPLES.open(encoding="utf-8", newline="") as lines:
        return SheetWords(
            headers={column: str(words) for column, words in LABELS.items()},
            helps={column: str(words) for column, words in _HELPS.items()},
            lists={column: [one.name for one in codes.all_codes(name)] for column, name in LISTS.items()},
            wrong_title=str(_("Look again")),
            wrong=dict.fromkeys(LISTS, str(_NOT_IN_LIST)) | {column: str(words) for column, words in _WRONG.items()},
            instructions_title=str(_("Instructions")),
            instructions=[str(words) for words in _INSTRUCTIONS],
            examples_title=str(_("Examples")),
            examples=list(csv.DictReader(lines)),
        )
