"""The text in a card's QR code.

Fields and their order are read from public cards, not from a published standard (facts: forms, QR);
`old9` may be empty. The code isn't signed: it finds a card, it proves nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hoaban.base.partial_date import PartialDate

SEPARATOR = "|"


@dataclass(frozen=True)
class QrText:
    """The seven fields as text, in the order in which they stand."""

    number: str
    old_number: str
    full_name: str
    born: str
    sex: str
    residence: str
    issued_on: str

    def __str__(self) -> str:
        fields = (
            self.number,
            self.old_number,
            self.full_name,
            self.born,
            self.sex,
            self.residence,
            self.issued_on,
        )
        return SEPARATOR.join(field.replace(SEPARATOR, " ") for field in fields)


def write(
    *,
    number: str,
    old_number: str,
    full_name: str,
    born: PartialDate,
    sex: str,
    residence: str,
    issued_on: dt.date,
) -> QrText:
    """The fields of a card; `sex` is the printed word. An unknown day or month is left out."""
    return QrText(
        number,
        old_number,
        full_name.upper(),
        born.vietnamese().replace("/", ""),
        sex,
        residence,
        f"{issued_on:%d%m%Y}",
    )


def read(text: str) -> QrText | None:
    """The fields of a scanned text, or None where it isn't the QR of a card. Later fields are ignored."""
    parts = text.strip().split(SEPARATOR)
    if len(parts) < 7 or not (len(parts[0]) == 12 and parts[0].isascii() and parts[0].isdigit()):
        return None
    return QrText(*(part.strip() for part in parts[:7]))
