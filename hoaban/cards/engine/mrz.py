"""The machine readable zone of a card: three lines of 30 (TD1, ICAO Doc 9303 part 5).

Vietnam's use of the fields is read from public samples, not from a published standard: the document
number is the last nine digits of the personal number, the whole number stands in the optional field
with a check digit of its own (facts: forms, MRZ).
"""

from __future__ import annotations

import datetime as dt

from hoaban.base import names
from hoaban.base.partial_date import PartialDate

FILLER = "<"
WIDTH = 30
NO_EXPIRY = dt.date(2099, 12, 31)  # assumed: seen on one public example only (facts: forms, MRZ)
_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """The check digit of Doc 9303 part 3: weights 7, 3, 1, letters from A = 10, filler 0."""
    values = (0 if char == FILLER else int(char, 36) for char in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def name_line(full_name: str, width: int = WIDTH) -> str:
    """Family name, two fillers, the other names; shortened as Doc 9303 allows where it doesn't fit.

    Family and given name tell people apart, so the middle names give way first. A shortened name
    always ends with a letter in the last place, which is how a reader sees that it may be shortened.
    """
    words = names.mrz(full_name).split(FILLER)
    while _least_length(words) > width:
        del words[-2]
    excess = _length(words) - width
    for _ in range(excess):
        place = _next_to_shorten(words)
        words[place] = words[place][:-1]
    return (words[0] + 2 * FILLER + FILLER.join(words[1:])).ljust(width, FILLER)[:width]


def date_field(date: PartialDate | dt.date) -> str:
    """`YYMMDD`, with fillers for what isn't known."""
    month, day = (f"{part:02d}" if part else 2 * FILLER for part in (date.month, date.day))
    return f"{date.year % 100:02d}{month}{day}"


def zone(
    *, number: str, full_name: str, born: PartialDate, sex: str, expires_on: dt.date | None
) -> tuple[str, str, str]:
    """The three lines; no `expires_on` means a card without expiry. ValueError for a number that isn't 12 digits."""
    if not (len(number) == 12 and number.isascii() and number.isdigit()):
        raise ValueError("a machine readable zone needs the 12-digit number")
    document = number[-9:]
    optional = number + 2 * FILLER
    first = "IDVNM" + document + check_digit(document) + optional + check_digit(optional)
    birth, expiry = date_field(born), date_field(expires_on or NO_EXPIRY)
    shown_sex = sex if sex in ("M", "F") else FILLER
    second = birth + check_digit(birth) + shown_sex + expiry + check_digit(expiry) + "VNM" + 11 * FILLER
    composite = check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return first, second + composite, name_line(full_name)


def _length(words: list[str]) -> int:
    return sum(map(len, words)) + len(words) - 1 + (len(words) > 1)


def _least_length(words: list[str]) -> int:
    return _length([word[0] for word in words]) if len(words) > 2 else 0


def _next_to_shorten(words: list[str]) -> int:
    """The longest middle name, the later of two; then the longer of family and given name."""
    middle = [place for place in range(1, len(words) - 1) if len(words[place]) > 1]
    places = middle or [0, len(words) - 1]
    return max(places, key=lambda place: (len(words[place]), place))
