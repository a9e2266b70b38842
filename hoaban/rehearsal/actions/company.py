"""Who plays, with what: the size of the play, the clock, and the made-up officers as actors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from hoaban.officers import queries as officers
from hoaban.web.actor import Actor, acting_as

Figures = Mapping[str, int]  # what came of a step, each with its name


@dataclass(frozen=True)
class Company:
    """What every step of the play is given."""

    people_count: int
    seed: int
    clock: Callable[[], dt.datetime]

    @contextmanager
    def acting(self, username: str) -> Iterator[Actor]:
        """One of the cast, with no more than their own rights and area inside the block."""
        with acting_as(officers.actor_of(officers.officer(username))) as actor:
            yield actor
