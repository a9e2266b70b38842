"""Words as they get misspelt: tone marks, sounds of the dialect, family names with two spellings."""

import unicodedata
from random import Random

from ..facts import Facts

TONES = "\u0300\u0301\u0303\u0309\u0323"
VOWELS = "AEIOUY"
SOUNDS = (("GI", "D"), ("CH", "TR"), ("TR", "CH"), ("S", "X"), ("X", "S"), ("L", "N"), ("N", "L"), ("D", "GI"))
FIXED = 0.6  # a family name with two spellings is what goes wrong in that share of such names (assumed)


def other_tone(word: str, rng: Random) -> str:
    """The word with another tone mark, with none, or with one it never had."""
    letters = list(unicodedata.normalize("NFD", word))
    at = next((index for index, letter in enumerate(letters) if letter in TONES), None)
    if at is not None:
        letters[at] = rng.choice([tone for tone in TONES if tone != letters[at]] + [""])
    else:
        vowels = [index for index, letter in enumerate(letters) if letter in VOWELS]
        if not vowels:
            return word
        place = vowels[-2] if len(vowels) > 1 and vowels[-1] == len(letters) - 1 else vowels[-1]
        while place + 1 < len(letters) and unicodedata.combining(letters[place + 1]):
            place += 1
        letters.insert(place + 1, rng.choice(TONES))
    return unicodedata.normalize("NFC", "".join(letters))


def other_sound(word: str) -> str:
    """The word with the first sound a neighbouring dialect gives it."""
    for sound, heard in SOUNDS:
        if word.startswith(sound) and not word.startswith(("NG", "NH")) and len(word) > len(sound):
            return heard + word[len(sound) :]
    return word


def misspelt(name: str, rng: Random, facts: Facts) -> str:
    """A name written as somebody heard it."""
    words = name.split()
    variants = sorted(facts.spellings.get(words[0], ()))
    if variants and rng.random() < FIXED:
        return " ".join([rng.choice(variants), *words[1:]])
    fixed = {facts.word["title", key] for key in ("M", "F", "mong")}
    open_words = [index for index, word in enumerate(words) if word not in fixed] or [len(words) - 1]
    at = rng.choice(open_words[-2:])
    sounded = other_sound(words[at])
    words[at] = sounded if sounded != words[at] and rng.random() < 0.35 else other_tone(words[at], rng)
    return " ".join(words)
