"""Telling the audit: to the citizen whom it is about, and to the auditor who asks whether its seals hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hoaban.audit import queries as audit
from hoaban.audit import rules as audit_rules
from hoaban.base.clock import VIETNAM, day_of
from hoaban.officers import queries as officers
from hoaban.officers import rules as officer_rules
from hoaban.oversight import rules
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.audit.models import Entry
    from hoaban.officers.models import Assignment


@dataclass(frozen=True)
class Told:
    """One entry in words: when, who, in which role, what and why."""

    ulid: str
    at: dt.datetime
    who: str
    role: str
    what: str
    act: str
    parts: str
    why: str
    is_look: bool
    place: str = ""
    origin: str = ""


def tell(entries: Iterable[Entry], me: str = "") -> list[Told]:
    """These entries in words; what `me` did is told as done by yourself."""
    listed = list(entries)
    held = _held({one.actor_id for one in listed})
    units = places.names({one.commune_code for one in listed if one.commune_code})
    return [
        Told(
            ulid=one.ulid, at=one.at, who=_who(one, me),
            role=rules.roles_on(held.get(one.actor_id, []), day_of(one.at)),
            what=str(rules.action_in_words(one.action)), act=str(rules.entry_in_words(one.action)),
            parts=rules.parts_in_words(one.action, one.facts),
            why=str(rules.purpose_in_words(one.purpose)), is_look=one.action in rules.LOOKS,
            place=units.get(one.commune_code, one.commune_code),
            origin=", ".join(part for part in (one.terminal, one.address) if part),
        )
        for one in listed
    ]  # fmt: skip


def looks_at(person_id: int) -> QuerySet[Entry]:
    """Every time somebody opened the record or found its name, newest first."""
    return audit.touching(person_id).filter(action__in=sorted(rules.LOOKS))


def done_for(person_id: int) -> QuerySet[Entry]:
    """Everything else that was done about the person, newest first."""
    return audit.touching(person_id).exclude(action__in=sorted(rules.LOOKS))


@dataclass(frozen=True)
class Wanted:
    """What an auditor asks for; empty parts don't matter."""

    first_day: dt.date | None = None
    last_day: dt.date | None = None
    actor: str = ""
    action: str = ""
    number: str = ""
    thing: str = ""
    commune: str = ""
    origin: str = ""

    def as_facts(self) -> dict[str, str]:
        """How the audit keeps what was asked."""
        days = {"first_day": str(self.first_day or ""), "last_day": str(self.last_day or "")}
        asked = days | {
            "actor": self.actor, "action": self.action, "number": self.number, "thing": self.thing,
            "commune": self.commune, "origin": self.origin,
        }  # fmt: skip
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Found:
    """The entries that an auditor asked for, and the person whom they named."""

    entries: QuerySet[Entry]
    person_id: int | None
    must_name_somebody: bool


def find(wanted: Wanted, actor: Actor) -> Found:
    """The entries that are wanted. Whose area isn't the whole province names somebody of it. Raises NotFound."""
    person_id = people.by_number(wanted.number).pk if wanted.number else None
    entries = audit.entries(
        since=_midnight(wanted.first_day),
        before=_midnight(wanted.last_day + dt.timedelta(days=1)) if wanted.last_day else None,
        actor=wanted.actor, action=wanted.action, person_id=person_id,
        thing=wanted.thing, commune_code=wanted.commune, origin=wanted.origin,
    )  # fmt: skip
    too_wide = actor.communes is not None and person_id is None
    return Found(entries.none() if too_wide else entries, person_id, too_wide)


def may_see(entry: Entry, actor: Actor) -> bool:
    """Whether an entry is about somebody in the auditor's area."""
    return actor.communes is None or people.many(entry.person_ids).exists()


def proof_of(entry: Entry) -> audit.Proof | None:
    """The proof of a sealed entry, computed from what the entry says now; None while it isn't sealed."""
    try:
        return audit.proof_of(entry)
    except audit_rules.NotSealed:
        return None


def _who(entry: Entry, me: str) -> str:
    if me and entry.actor_id == me:
        return str(rules.YOURSELF)
    return str(rules.THE_PROGRAM) if entry.actor_kind == "job" else entry.actor_name


def _held(actor_ids: set[str]) -> dict[str, list[rules.Held]]:
    assigned = officers.assignments_of(actor_ids)
    units = places.names({one.unit_code for roles in assigned.values() for one in roles})
    return {actor_id: [_in_words(one, units) for one in roles] for actor_id, roles in assigned.items()}


def _in_words(one: Assignment, units: dict[str, str]) -> rules.Held:
    title = str(officer_rules.ROLE_TITLES[officer_rules.Role(one.role)])
    unit = units.get(one.unit_code, "") if one.unit_level == "commune" else ""
    return rules.Held(title, unit, one.valid_from, one.valid_to)


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), VIETNAM) if day else None
