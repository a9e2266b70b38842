"""Forms for tests: a faultless one, and files of them."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

from hoaban.base.dc01 import COLUMNS

_serials, _names = itertools.count(1), itertools.count(1)
FAULTLESS = {
    "province_code": "11",
    "commune_code": "03174",
    "village": "Nam Khan 1",
    "full_name": "LÒ PAO MAY",
    "dob": "07/03/1958",
    "dob_precision": "day",
    "blood": "O",
    "gender": "Nu",
    "marital": "2",
    "birth_reg_place": "Nam Khan, Dien Bien",
    "origin_place": "Nam Khan, Dien Bien",
    "ethnicity": "Thái",
    "nationality": "VN",
    "religion": "00",
    "id12": "011158000123",
    "id9": "040123456",
    "perm_address": "Nam Khan 1, Nam Khan",
    "father_name": "LÒ PAO SUNG",
    "mother_name": "VÀNG PAO VI",
    "spouse_name": "GIÀNG A CHU",
    "head_name": "GIÀNG A CHU",
    "rel_to_head": "02",
    "book_no": "110000001",
    "filled_on": "20/11/2022",
    "officer": "Officer",
}


def form(**written: str) -> dict[str, str]:
    """A faultless form with a serial of its own, changed as said."""
    serial = {"form_serial": f"SYN-T{next(_serials):05d}"}
    return dict.fromkeys(COLUMNS, "") | FAULTLESS | serial | written


def unnumbered(**written: str) -> dict[str, str]:
    """A faultless form of somebody without any number, another name each time."""
    number = next(_names)
    name = "LÒ PAO " + "".join(chr(65 + number // 26**place % 26) for place in range(3))
    return form(**({"id12": "", "id9": "", "full_name": name} | written))


def write_csv(path: Path, *forms: dict[str, str]) -> Path:
    """A file of these forms."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.DictWriter(lines, fieldnames=list(forms[0]))
        rows.writeheader()
        rows.writerows(forms)
    return path
