"""What a station is told before it leaves: who is expected, when and where, and who works it.

The list is signed by the server and sealed for the one station. It carries just the facts by which
the team recognises a person and reads the entry back to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from hoaban.base import names
from hoaban.base.clock import day_of

STATION_DAYS = 30  # a station works this long without a network


@dataclass(frozen=True)
class Operator:
    """An officer who may open the station, by a PIN of which only the hash travels."""

    id: str
    name: str
    pin_hash: str


@dataclass(frozen=True)
class Commune:
    """A commune of the province, to choose where somebody lives who isn't on the list."""

    code: str
    name: str


@dataclass(frozen=True)
class Expected:
    """A person on the list."""

    person_id: int
    number: str
    full_name: str
    sex: str
    born: str
    address: str
    commune_code: str
    father: str = ""
    mother: str = ""
    spouse: str = ""
    starts_at: str = ""
    place: str = ""
    wants_card: bool = True
    wants_eid: bool = True


@dataclass(frozen=True)
class WorkList:
    """A version of a station's list, with the key its packets are sealed for."""

    version: int
    kit: str
    team: str
    made_at: str
    recipient: str
    operators: tuple[Operator, ...]
    communes: tuple[Commune, ...]
    people: tuple[Expected, ...]


def find(people: Iterable[Expected], typed: str) -> list[Expected]:
    """People whose number ends in the digits typed and whose name holds all the words, without marks.

    A card's QR may be scanned instead: its first field is the number.
    """
    words = names.tokens(typed.split("|")[0])
    digits = [word for word in words if word.isdigit()]
    letters = [word for word in words if not word.isdigit()]
    return [
        one
        for one in people
        if all(one.number.endswith(ending) for ending in digits)
        and all(any(part.startswith(word) for part in names.tokens(one.full_name)) for word in letters)
    ]


def on_day(people: Iterable[Expected], day: dt.date) -> list[Expected]:
    """Who is expected on that day in Vietnam, earliest first."""
    met = [one for one in people if one.starts_at and day_of(dt.datetime.fromisoformat(one.starts_at)) == day]
    return sorted(met, key=lambda one: (one.starts_at, names.sort_key(one.full_name)))
