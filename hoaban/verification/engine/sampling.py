"""Drawing a sample that anyone can draw again.

A form's turn is the SHA-256 of "seed:serial"; the sample is the forms with the smallest turns. No
random generator of any language is needed to check a draw: `printf '7:DC01-1' | sha256sum` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def turn(seed: int, serial: str) -> str:
    """The place of a form in the draw of that seed, as 64 hexadecimal digits."""
    return sha256(f"{seed}:{serial}".encode()).hexdigest()


def draw(serials: Iterable[str], size: int, seed: int) -> list[str]:
    """A simple random sample without replacement, in the order of the draw; everything if `size` is more."""
    return sorted(set(serials), key=lambda serial: turn(seed, serial))[:size]
