"""Drawing a sample that anyone can draw again.

A form's turn is the SHA-256 of "seed:serial"; the sample is the forms with the smallest turns. No
random generator of any language is needed to check a draw: `printf '7:DC01-1' | sha256sum` does.

A stratified draw looks harder where errors gather (questioned rows, the old, those away, villages at the
border) and stays without bias. It has two parts drawn by the same turns:

* the base, the first forms of the whole lot: a simple random sample that alone decides the lot, so that
  the operating curve of its plan holds;
* more forms of each stratum, by a stated importance.

What was drawn of a stratum is its forms with the smallest turns. Given how many those are, each form of the
stratum was as likely as any other, so that estimates weigh a form by (forms in the stratum) / (forms drawn
of it), the inverse of its chance (Horvitz and Thompson 1952, after stratification).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

IMPORTANCE = {  # how much more than its share a stratum gets: the root of its expected error rate over the rest's
    "questioned": 4.0,
    "away": 2.0,
    "border": 2.0,
    "old": 1.5,
    "rest": 1.0,
}  # assumed until rounds have measured them
LEAST = 2  # forms of a stratum, so that its spread can be told


@dataclass(frozen=True)
class Drawn:
    """A form of a stratified sample. `decides` marks the base; `weight` is how many forms of the lot it stands for."""

    serial: str
    stratum: str
    place: int
    decides: bool
    weight: float


def turn(seed: int, serial: str) -> str:
    """The place of a form in the draw of that seed, as 64 hexadecimal digits."""
    return sha256(f"{seed}:{serial}".encode()).hexdigest()


def draw(serials: Iterable[str], size: int, seed: int) -> list[str]:
    """A simple random sample without replacement, in the order of the draw; everything if `size` is more."""
    return sorted(set(serials), key=lambda serial: turn(seed, serial))[:size]


def stratum_of(marks: Iterable[str]) -> str:
    """The stratum of a form with these marks: the most important of them, or the rest."""
    known = [mark for mark in marks if mark in IMPORTANCE]
    return max(known, key=lambda mark: (IMPORTANCE[mark], mark), default="rest")


def allocate(
    sizes: Mapping[str, int], size: int, importance: Mapping[str, float], least: int = LEAST
) -> dict[str, int]:
    """How many forms of each stratum are looked at: by size times importance, at least `least` of each.

    With the importance proportional to the spread of a stratum this is Neyman's allocation (1934). No stratum
    gets more than it has; what it can't take goes to the others. The sum is `size`, or everything if `size` is
    more, or what `least` needs if that is more. Halves are settled by the largest remainder, then by name.
    """
    given = {name: min(least, count) for name, count in sizes.items()}
    left = min(size, sum(sizes.values())) - sum(given.values())
    while left > 0:
        wants = {name: sizes[name] * importance.get(name, 1.0) for name in sizes if given[name] < sizes[name]}
        total = sum(wants.values())
        shares = {name: min(left * want / total, sizes[name] - given[name]) for name, want in wants.items()}
        whole = {name: math.floor(share) for name, share in shares.items()}
        if not any(whole.values()):
            for name in sorted(shares, key=lambda one: (-shares[one], one))[:left]:
                whole[name] = 1
        for name, more in whole.items():
            given[name] += more
        left -= sum(whole.values())
    return given


def draw_stratified(
    strata: Mapping[str, str],
    base: int,
    more: int,
    seed: int,
    importance: Mapping[str, float] = IMPORTANCE,
    least: int = LEAST,
) -> list[Drawn]:
    """A base of `base` forms of the whole lot and `more` of its strata, in the order of the draw.

    `strata` names the stratum of each serial. The base comes first. Further forms go where the base falls short
    of what each stratum would get by importance, so that base and further forms together come nearest to it;
    each stratum is topped up to `least`.
    """
    order = sorted(strata, key=lambda serial: turn(seed, serial))
    chosen, rest = order[:base], order[base:]
    sizes, have = Counter(strata.values()), Counter(strata[serial] for serial in chosen)
    wanted = allocate(sizes, base + more, importance, least)
    extra = allocate({name: max(wanted[name] - have[name], 0) for name in sizes}, more, {}, least=0)
    for name, count in sizes.items():
        extra[name] = max(extra[name], min(count, least) - have[name])
    for serial in rest:
        name = strata[serial]
        if extra[name] > 0:
            extra[name] -= 1
            chosen.append(serial)
    taken = Counter(strata[serial] for serial in chosen)
    return [
        Drawn(serial, strata[serial], place, place <= base, sizes[strata[serial]] / taken[strata[serial]])
        for place, serial in enumerate(chosen, start=1)
    ]
