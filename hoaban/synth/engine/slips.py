"""How a name or a date goes wrong under a hand: one plain function for each slip.

Each takes what is right, in the capitals of the form where it is a name, and gives something else
that could have been written.
"""

from __future__ import annotations

import calendar
import datetime as dt
import unicodedata

from hoaban.synth.engine.facts import Random

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TONES = (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT)
_STOPS = ("C", "CH", "P", "T")  # syllables ending so bear the acute tone or the dot only
_VOWELS = "AEIOUY"


def wrong_tone(name: str, rng: Random) -> str:
    """One syllable with another tone mark, or without its own."""
    syllables = name.split(" ")
    order = rng.permutation(len(syllables))
    for place in order:
        other = _other_tone(syllables[place], rng)
        if other != syllables[place]:
            return " ".join([*syllables[:place], other, *syllables[place + 1 :]])
    return name


def _other_tone(syllable: str, rng: Random) -> str:
    letters = [c for c in unicodedata.normalize("NFD", syllable) if c not in _TONES]
    borne = next((c for c in unicodedata.normalize("NFD", syllable) if c in _TONES), "")
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    allowed = (_ACUTE, _DOT) if plain.endswith(_STOPS) else ("", *_TONES)
    choices = [tone for tone in allowed if tone != borne]
    place = _nucleus(letters)
    if place < 0 or not choices:
        return syllable
    letters.insert(place, choices[int(rng.integers(len(choices)))])
    return unicodedata.normalize("NFC", "".join(letters))


def _nucleus(letters: list[str]) -> int:
    """The place after the vowel that bears the tone, -1 where there is none."""
    vowels = [n for n, c in enumerate(letters) if c in _VOWELS]
    if vowels and letters[:2] in (["Q", "U"], ["G", "I"]) and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return -1
    marked = [n for n in vowels if n + 1 < len(letters) and unicodedata.combining(letters[n + 1])]
    closed = letters[-1] not in _VOWELS
    bearer = marked[-1] if marked else vowels[-1] if closed or len(vowels) == 1 else vowels[-2]
    return bearer + 1 + (bearer in marked)


def variant(name: str, variants: dict[str, list[str]], rng: Random) -> str:
    """The family name in another spelling that people use for it."""
    family, _, rest = name.partition(" ")
    known = variants.get(family, [])
    if not known:
        return name
    return f"{known[int(rng.integers(len(known)))]} {rest}"


def middle_lost_or_added(name: str, added: str) -> str:
    """Without its middle names, or with a usual one where there was none."""
    words = name.split(" ")
    return f"{words[0]} {words[-1]}" if len(words) > 2 else f"{words[0]} {added} {words[-1]}"


def given_first(name: str) -> str:
    """The given name in front, as strangers to the order write it."""
    words = name.split(" ")
    return " ".join([words[-1], *words[:-1]])


def wrong_date(right: dt.date, latest: dt.date, rng: Random) -> dt.date:
    """Another day: day and month changed over, a year or some days off. Never after `latest`."""
    for _ in range(20):
        wrong = _shifted(right, int(rng.integers(4)), rng)
        if wrong != right and wrong <= latest:
            return wrong
    return right - dt.timedelta(days=1)


def _shifted(right: dt.date, way: int, rng: Random) -> dt.date:
    if way == 0 and right.day <= 12:
        return right.replace(month=right.day, day=right.month)
    if way == 1:
        year = right.year + int(rng.choice([-3, -2, -1, -1, 1, 1, 2]))
        return right.replace(year=year, day=min(right.day, calendar.monthrange(year, right.month)[1]))
    if way == 2:
        month = right.month % 12 + 1
        return right.replace(month=month, day=min(right.day, calendar.monthrange(right.year, month)[1]))
    return right + dt.timedelta(days=int(rng.choice([-20, -10, -2, -1, 1, 2, 10, 20])))
