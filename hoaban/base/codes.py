"""Code lists of the forms: what a code is called, and which code a written word means.

The lists are CSV files in `data/codes/`, each with its certainty. What is written on paper is
looked up without tone marks and by the spellings seen, so that "Mèo" on a form is read as "Mông".
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hoaban.base import names

CODES_FOLDER = Path(__file__).parent.parent / "data" / "codes"
_NOISE = re.compile(r"[^a-z0-9+-]+")  # the signs stay: blood groups A+ and A- differ by them


@dataclass(frozen=True)
class Code:
    """One row of a code list: the code, its official name, other spellings seen on paper."""

    code: str
    name: str
    name_en: str = ""
    spellings: tuple[str, ...] = ()


@cache
def all_codes(code_list: str) -> tuple[Code, ...]:
    """Every row of the list, in the order of the file."""
    with (CODES_FOLDER / f"{code_list}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Code(
                row["code"],
                row["name_vi"],
                row.get("name_en", ""),
                tuple(filter(None, row.get("spelling_variants_seen", "").split("|"))),
            )
            for row in csv.DictReader(lines)
        )


def name(code_list: str, code: str) -> str:
    """What the code is called; the code itself where the list doesn't have it."""
    return _names(code_list).get(code, code)


def code(code_list: str, written: str) -> str:
    """The code that the written word means: a code, an official name or a spelling seen; else ""."""
    return _codes(code_list).get(_key(written), "")


def _key(written: str) -> str:
    return _NOISE.sub(" ", names.fold(written)).strip()


@cache
def _names(code_list: str) -> dict[str, str]:
    return {one.code: one.name for one in all_codes(code_list)}


@cache
def _codes(code_list: str) -> dict[str, str]:
    listed = all_codes(code_list)
    seen = {_key(spelling): one.code for one in listed for spelling in one.spellings}
    return seen | {_key(one.name): one.code for one in listed} | {_key(one.code): one.code for one in listed}
