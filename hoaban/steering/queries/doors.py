"""Doors to knock on: which households of a village wait for something, and for what.

For who goes from house to house. It tells names, years of birth and what to ask or bring; no number, no address
and nothing else of the register.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hoaban.base.words import _
from hoaban.campaign import queries as campaign
from hoaban.campaign.rules import Segment
from hoaban.cards import queries as cards
from hoaban.intake import queries as intake
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.places import queries as places
from hoaban.verification import queries as verification
from hoaban.visits import queries as visits

if TYPE_CHECKING:
    from hoaban.people.models import Person
    from hoaban.visits.models import Appointment


class Need(StrEnum):
    """What somebody waits for."""

    VISIT = "visit"
    CARD = "card"
    HOME = "home"
    QUESTION = "question"


NEED_WORDS = {
    Need.VISIT: _("A team comes"),
    Need.CARD: _("Card ready at the commune"),
    Need.HOME: _("80 or older, no card yet"),
    Need.QUESTION: _("To ask about the form"),
}


@dataclass
class Waits:
    """What one person waits for: when and where a team comes, what of the form is to be asked."""

    needs: set[Need] = field(default_factory=set)
    visit: Appointment | None = None
    fields: list[str] = field(default_factory=list)

    @property
    def others(self) -> list[Any]:
        """What needs no more than to be named."""
        return [NEED_WORDS[need] for need in (Need.CARD, Need.HOME) if need in self.needs]


@dataclass(frozen=True)
class VillageDoors:
    """How many households of a village wait, and how many people for what."""

    commune_code: str
    commune: str
    code: str
    name: str
    doors: int
    counts: list[tuple[Any, int]]


@dataclass(frozen=True)
class Door:
    """A household, by its head, with those who wait."""

    head: str
    people: list[tuple[Person, Waits]]


def villages_waiting(communes: Collection[str], on: dt.date) -> list[VillageDoors]:
    """The villages of these communes with what waits there on that day; those where nothing waits are left out."""
    rows = [
        (person_id, village, household_id or -person_id, commune, waits)
        for commune in sorted(communes)
        if (waiting := _waiting(commune, on))
        for person_id, village, household_id in _of(commune, waiting).values_list("pk", "village_code", "household_id")
        for waits in [waiting[person_id]]
    ]
    doors: dict[tuple[str, str], set[int]] = defaultdict(set)
    needs: dict[tuple[str, str], Counter[Need]] = defaultdict(Counter)
    for _person, village, household, commune, waits in rows:
        doors[commune, village].add(household)
        needs[commune, village].update(waits.needs)
    names = places.village_names({village for _commune, village in doors})
    units = places.names({commune for commune, _village in doors})
    found = [
        VillageDoors(
            commune, units.get(commune, commune), village, names.get(village, village), len(households),
            [(NEED_WORDS[need], needs[commune, village][need]) for need in Need],
        )
        for (commune, village), households in doors.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.commune, one.name == "", one.name))


def doors_of(commune: str, village: str, on: dt.date) -> list[Door]:
    """The households of a village that wait for something on that day, in the order of their heads' names."""
    waiting = _waiting(commune, on)
    found = list(_of(commune, waiting).filter(village_code=village))
    homes: dict[int, list[Person]] = defaultdict(list)
    for one in found:
        homes[one.household_id or -one.pk].append(one)
    heads = {
        one.household_id: one
        for one in people.living_in(commune).filter(household__in=list(homes), relation_to_head=people_rules.HEAD)
    }
    listed = [
        (head.sort_key if (head := heads.get(home)) else members[0].sort_key,
         Door(head.full_name if head else "", [(one, waiting[one.pk]) for one in members]))
        for home, members in homes.items()
    ]  # fmt: skip
    return [door for _key, door in sorted(listed, key=lambda pair: pair[0])]


def count_doors(communes: Iterable[str], on: dt.date) -> int:
    """How many households of these communes wait for something."""
    return sum(one.doors for one in villages_waiting(list(communes), on))


def _of(commune: str, waiting: Collection[int]) -> Any:
    return people.living_in(commune).filter(pk__in=list(waiting))


def _waiting(commune: str, on: dt.date) -> dict[int, Waits]:
    """What the people of a commune wait for, by person."""
    found: dict[int, Waits] = defaultdict(Waits)
    for visit in visits.coming_in(commune, on):
        found[visit.person_id].needs.add(Need.VISIT)
        found[visit.person_id].visit = visit
    for person_id in cards.ready_in({commune}).values_list("person_id", flat=True):
        found[person_id].needs.add(Need.CARD)
    for person_id in campaign.without_card(commune, Segment.HOME, on).values_list("pk", flat=True):
        found[person_id].needs.add(Need.HOME)
    checked = set(verification.checked_in(commune))
    for person_id, labels in intake.questions_in(commune).items():
        if person_id not in checked:
            found[person_id].needs.add(Need.QUESTION)
            found[person_id].fields = labels
    return dict(found)
