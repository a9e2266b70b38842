"""Which of many occasions go wrong: the likelier first, until as many sheets are wrong as the facts say."""

from collections.abc import Callable, Iterable
from math import log
from random import Random
from typing import TypeVar

Occasion = TypeVar("Occasion")


def strike(
    occasions: Iterable[tuple[float, Occasion]], slip: Callable[[Occasion], int], target: float, rng: Random
) -> int:
    """Let occasions go wrong in weighted random order until `target` sheets are; returns how many were."""
    keyed = [(-log(1 - rng.random()) / weight, at, one) for at, (weight, one) in enumerate(occasions) if weight > 0]
    keyed.sort(key=lambda entry: entry[:2])
    wrong = 0
    for _, _, occasion in keyed:
        if wrong >= target:
            break
        wrong += slip(occasion)
    return wrong
