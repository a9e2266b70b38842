"""What stands on a card and in its chip."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _

NO_EXPIRY_WORDS = _("No expiry")
VIETNAMESE_NATIONALITY = _("Viet Nam")


@dataclass(frozen=True)
class CardContent:
    """What stands on one card and in its chip. Words are Vietnamese as printed; "" is unknown."""

    serial: str
    code: str
    number: str
    old_number: str
    full_name: str
    born: PartialDate
    sex: str
    sex_word: str
    nationality: str
    ethnicity: str
    religion: str
    origin: str
    birth_place: str
    residence: str
    father: str
    mother: str
    spouse: str
    issued_on: dt.date
    expires_on: dt.date | None
    expiry_words: str
    simulated: bool
    marks: str = ""
