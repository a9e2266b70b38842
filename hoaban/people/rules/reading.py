"""How facts written on paper are read: name case, codes, dates of which a part may be unknown."""

from __future__ import annotations

import re
from collections.abc import Callable

from hoaban.base import codes, names
from hoaban.base.errors import Refusal
from hoaban.base.id_number import is_old9
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.people.rules.facts import Life, fact_of

_SPACES_AND_DOTS = re.compile(r"[\s.]")
_ISO = re.compile(r"^\d{4}-\d{2}(-\d{2})?$")
LONGEST_NAME = 120
_SEX_OF_CODE = {"1": "M", "2": "F"}


class Unreadable(Refusal):
    """What is written can't be that fact."""

    code = "people.unreadable"
    message = _("%(written)s can't be read as: %(label)s.")


def read(name: str, written: str) -> str:
    """The stored value of a fact from what is written; a stored value passes unchanged; "" stays "".

    Raises Unreadable, NotAFact.
    """
    fact = fact_of(name)
    text = names.nfc(written)
    if not text:
        return ""
    try:
        if fact.codes:
            return _found(codes.code(fact.codes, text))
        return _READERS.get(fact.name, str)(text)
    except (ValueError, LookupError) as error:
        raise Unreadable(written=written, label=fact.label) from error


def read_born(written: str, precision: str = "") -> str:
    """A date of birth as stored, known as far as `precision` (`day`, `month`, `year`) says.

    Where only the year is known and the form reads 01/01, the year alone is kept. Raises Unreadable.
    """
    try:
        return _born(names.nfc(written), precision)
    except ValueError as error:
        raise Unreadable(written=written, label=fact_of("born").label) from error


def _born(text: str, precision: str = "") -> str:
    if _ISO.match(text):
        date = PartialDate.parse(text)
    else:
        date = PartialDate.parse_vietnamese(text.replace("-", "/").replace(".", "/"))
    if precision == "year":
        date = PartialDate(date.year)
    elif precision == "month" and date.month:
        date = PartialDate(date.year, date.month)
    return str(date)


def _sex(text: str) -> str:
    if text in ("M", "F"):
        return text
    return _SEX_OF_CODE[codes.code("gender", text)]


def _number(text: str) -> str:
    digits = _SPACES_AND_DOTS.sub("", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 12):
        raise ValueError(text)
    return digits


def _old_number(text: str) -> str:
    digits = _SPACES_AND_DOTS.sub("", text)
    if not is_old9(digits):
        raise ValueError(text)
    return digits


def _any_number(text: str) -> str:
    digits = _SPACES_AND_DOTS.sub("", text)
    return digits if is_old9(digits) else _number(digits)


def _nationality(text: str) -> str:
    return codes.code("nationalities", text) or text[:3].upper()


def _name(text: str) -> str:
    if not names.tokens(text) or len(text) > LONGEST_NAME:
        raise ValueError(text)
    return names.title(text) if text.isupper() else text


def _found(code: str) -> str:
    if not code:
        raise LookupError
    return code


_READERS: dict[str, Callable[[str], str]] = {
    "full_name": _name,
    "born": _born,
    "sex": _sex,
    "nationality": _nationality,
    "number": _number,
    "number9": _old_number,
    "life": lambda text: Life(text).value,
    **{f"{kind}_name": _name for kind in ("father", "mother", "spouse", "representative")},
    **{f"{kind}_number": _any_number for kind in ("father", "mother", "spouse", "representative")},
}
