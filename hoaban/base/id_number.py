"""The 12-digit personal identification number and its 9-digit forerunner.

Structure: province or country of birth registration (3), century and sex (1), year of birth (2),
random (6). No check digit. Decree 137/2015 art. 13, Circular 59/2021 art. 4, kept by Decree 70/2024.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoaban.base.partial_date import PartialDate

_TWELVE = re.compile(r"^\d{12}$")
_NINE = re.compile(r"^\d{9}$")


@dataclass(frozen=True)
class IdNumber:
    """A 12-digit number taken apart. Raises ValueError where the text isn't one."""

    text: str

    def __post_init__(self) -> None:
        if not _TWELVE.match(self.text):
            raise ValueError("a personal number has 12 digits")

    @classmethod
    def parse(cls, text: str) -> IdNumber:
        """Read a number with or without spaces."""
        return cls(text.replace(" ", ""))

    @property
    def province(self) -> str:
        """Code of the province (or country) where the birth was registered."""
        return self.text[:3]

    @property
    def sex(self) -> str:
        """`M` or `F`, from the fourth digit."""
        return "MF"[int(self.text[3]) % 2]

    @property
    def birth_year(self) -> int:
        """Year of birth, from the fourth to the sixth digit."""
        return 1900 + 100 * (int(self.text[3]) // 2) + int(self.text[4:6])

    def disagreements(self, sex: str, born: PartialDate) -> list[str]:
        """What the number says otherwise than the person's facts: `sex`, `birth_year`, both or nothing."""
        wrong = []
        if sex in ("M", "F") and self.sex != sex:
            wrong.append("sex")
        if self.birth_year != born.year:
            wrong.append("birth_year")
        return wrong


def prefix(province: str, sex: str, birth_year: int) -> str:
    """The first six digits that law gives somebody; ValueError outside 1900-2399 or for another sex."""
    if not 1900 <= birth_year <= 2399 or sex not in ("M", "F"):
        raise ValueError("the number's structure covers births of 1900-2399, men and women")
    return f"{province}{2 * (birth_year // 100 - 19) + (sex == 'F')}{birth_year % 100:02d}"


def is_old9(text: str) -> bool:
    """Whether the text has the form of a 9-digit identity card number (before 2016)."""
    return bool(_NINE.match(text))
