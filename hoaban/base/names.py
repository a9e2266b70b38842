"""Vietnamese names: compared without marks, sorted by the given name, shown as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Order of letters and of tones in Vietnamese dictionaries. The stored sort key keeps PostgreSQL's
# collation out of it: the embedded server has no ICU.
_LETTERS = "a\u0103\u00e2bcd\u0111e\u00eafghijklmno\u00f4\u01a1pqrstu\u01b0vwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # grave, hook, tilde, acute, dot below
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_LETTERS, start=10)}
_D_STROKE = str.maketrans({"\u0111": "d", "\u0110": "D"})


def nfc(text: str) -> str:
    """The text in composed form, outer and doubled spaces removed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case without any mark, for comparing: the letter d with a stroke becomes d."""
    return " ".join(_fold_word(word) for word in text.split())


@lru_cache(100_000)  # a province's names are made of some thousand words
def _fold_word(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.translate(_D_STROKE))
    return "".join(c for c in bare if not unicodedata.combining(c)).lower()


def tokens(text: str) -> list[str]:
    """The folded words of a name, in order, punctuation left out."""
    return re.findall(r"[a-z0-9]+", fold(text))


def title(text: str) -> str:
    """A name written in capitals on a form, as people write it."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in nfc(text).split(" "))


def given(full_name: str) -> str:
    """The given name: the last word."""
    return nfc(full_name).split(" ")[-1]


def family(full_name: str) -> str:
    """The family name: the first word."""
    return nfc(full_name).split(" ")[0]


@lru_cache(100_000)
def _syllable_key(syllable: str) -> str:
    tone = 0
    letters: list[str] = []
    for char in unicodedata.normalize("NFD", syllable.lower()):
        if char in _TONES:
            tone = _TONES.index(char) + 1
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
    return "".join(_RANK.get(letter, "00") for letter in letters) + f".{tone}"


def sort_key(full_name: str) -> str:
    """A plain ASCII key that sorts people as Vietnamese lists do: given name, family, middle."""
    words = nfc(full_name).split(" ")
    order = [words[-1], *words[:-1]]
    return " ".join(_syllable_key(word) for word in order)


def mrz(text: str) -> str:
    """Capitals A-Z only, words joined by one filler, as a machine readable zone wants them."""
    return "<".join(re.findall(r"[A-Z]+", fold(text).upper()))
