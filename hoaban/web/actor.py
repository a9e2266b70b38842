"""Who is acting and from where: an officer, a citizen, an agency or a job, and what the database shows them.

The database enforces the area a second time by row security: `acting_as` tells the connection who
acts, and the policies compare. A connection to which nothing was told sees no person at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.db import InterfaceError, OperationalError, connection

from hoaban.base.errors import NotAllowed


class Kind(StrEnum):
    """What sort of actor."""

    OFFICER = "officer"
    CITIZEN = "citizen"
    AGENCY = "agency"
    JOB = "job"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Actor:
    """Somebody responsible for an act.

    `communes` are the codes of the communes in the actor's areas, None for all of them; `areas` are the
    same by permission, for who has several roles in different areas; `person_id` is set for a citizen.
    """

    kind: Kind
    id: str
    name: str
    permissions: frozenset[str] = frozenset()
    communes: frozenset[str] | None = frozenset()
    person_id: int | None = None
    areas: Mapping[str, frozenset[str] | None] | None = field(default=None, compare=False)

    def may(self, permission: str, commune: str | None = None) -> bool:
        """Whether the actor has the permission, and in that commune if one is named."""
        if self.kind is Kind.JOB:
            return True
        if permission not in self.permissions:
            return False
        return commune is None or self.within(permission).covers(commune)

    def within(self, permission: str) -> Actor:
        """The actor as far as the areas of one permission go: a role in one commune isn't one in another."""
        if self.areas is None or self.areas.get(permission, self.communes) == self.communes:
            return self
        return replace(self, communes=self.areas[permission])

    def covers(self, commune: str) -> bool:
        """Whether the commune lies in the actor's areas."""
        return self.communes is None or commune in self.communes

    def must(self, permission: str, commune: str | None = None) -> None:
        """Raise NotAllowed unless the actor may."""
        if not self.may(permission, commune):
            raise NotAllowed(permission=permission)


@dataclass(frozen=True)
class Origin:
    """From where somebody acts: the address in the network, and what stood there (a browser, a kit, a console)."""

    address: str = ""
    terminal: str = ""


NOBODY = Actor(Kind.NOBODY, "", "")
NOWHERE = Origin()
_acting: ContextVar[Actor] = ContextVar("acting", default=NOBODY)
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def job_actor(name: str) -> Actor:
    """The program itself, acting in a job or a command of that name: sees and may do all."""
    return Actor(Kind.JOB, name, name, communes=None)


def acting() -> Actor:
    """Who acts at present."""
    return _acting.get()


def origin() -> Origin:
    """From where whoever acts at present does so; the audit writes it down with every entry."""
    return _origin.get()


@contextmanager
def coming_from(address: str = "", terminal: str = "") -> Iterator[Origin]:
    """Say from where somebody acts inside the block; what isn't named stays as it was."""
    before = _origin.get()
    here = Origin(address or before.address, terminal or before.terminal)
    _origin.set(here)
    try:
        yield here
    finally:
        _origin.set(before)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Let the database show what this actor may see inside the block."""
    before = _acting.get()
    _acting.set(actor)
    _tell(actor)
    try:
        yield actor
    finally:
        _acting.set(before)
        if not connection.needs_rollback:
            try:
                _tell(before)
            except (OperationalError, InterfaceError):  # the database went away: whoever asks next tells a new one
                connection.close()


def _tell(actor: Actor) -> None:
    communes = "*" if actor.communes is None else ",".join(sorted(actor.communes))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hoaban.communes', %s, false), set_config('hoaban.person', %s, false),"
            " set_config('hoaban.actor', %s, false)",
            [communes, str(actor.person_id or ""), actor.id],
        )
