"""Requests of citizens, looks told of later, breaches and whom they touched."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet

from hoaban.audit import queries as audit
from hoaban.base.errors import NotFound
from hoaban.officers import queries as officers
from hoaban.officers import rules as officer_rules
from hoaban.oversight import rules
from hoaban.oversight.models import Breach, Request, Withholding
from hoaban.oversight.queries.telling import Told, tell
from hoaban.oversight.rules import RequestState
from hoaban.places import queries as places
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval


def requests(actor: Actor) -> QuerySet[Request]:
    """The requests of the actor's area: those that wait first, the first due first."""
    found = Request.objects.select_related("person")
    if actor.communes is not None:
        found = found.filter(commune_code__in=sorted(actor.communes))
    return found.order_by("answered_at", "due_at")


def waiting_requests(actor: Actor) -> QuerySet[Request]:
    """The requests that wait for an answer, the first due first."""
    return requests(actor).filter(state=RequestState.OPEN).order_by("due_at")


def request(code: str) -> Request:
    """The request under that code. Raises NotFound."""
    found = Request.objects.select_related("person").filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def requests_of(person_id: int) -> QuerySet[Request]:
    """What a citizen asked, newest first."""
    return Request.objects.filter(person=person_id).order_by("-received_at")


def count_withheld(person_id: int) -> int:
    """How many entries about a person are told of later. How many, and no more: neither who nor when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oversight_count_withheld(%s)", [person_id])
        return int(cursor.fetchone()[0])


def withholdings() -> QuerySet[Withholding]:
    """Looks that are told of later, in the actor's area, newest first."""
    return Withholding.objects.select_related("person").order_by("-asked_at")


def withholding(withholding_id: int) -> Withholding:
    """One of them. Raises NotFound."""
    found = Withholding.objects.select_related("person").filter(pk=withholding_id).first()
    if found is None:
        raise NotFound(what=withholding_id)
    return found


def approval_of(one: Withholding) -> Approval:
    """What a second officer decides or decided of it. Raises NotFound."""
    found = officers.approvals_on(f"oversight.Withholding:{one.pk}").first()
    if found is None:
        raise NotFound(what=one.pk)
    return found


@dataclass(frozen=True)
class WithheldRow:
    """A withholding with who proposed it and how it stands."""

    one: Withholding
    ground: str
    approval: Approval
    may_decide: bool
    is_running: bool


def withheld_rows(actor: Actor, on: dt.date) -> list[WithheldRow]:
    """The withholdings of the area, each with its approval."""
    listed = list(withholdings()[:200])
    found = {one.subject: one for one in reversed(officers.approvals_of(rules.WITHHOLDING))}
    return [
        WithheldRow(
            one, str(rules.GROUND_WORDS[rules.Ground(one.ground)]), approval,
            may_decide=approval.decided_at is None and approval.proposed_by_id_text != actor.id
            and actor.may(rules.WITHHOLD, one.commune_code),
            is_running=one.approved_at is not None and one.ended_at is None and one.until >= on,
        )
        for one in listed
        for approval in [found[f"oversight.Withholding:{one.pk}"]]
    ]  # fmt: skip


def breaches() -> QuerySet[Breach]:
    """Every breach, open ones first, the first due first."""
    return Breach.objects.order_by("-closed_at", "due_at")


def breach(code: str) -> Breach:
    """The breach under that code. Raises NotFound."""
    found = Breach.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


@dataclass(frozen=True)
class Touched:
    """Whom a breach touched, counted from the audit."""

    entries: int
    people: int
    communes: list[tuple[str, int]]
    is_all: bool


def touched_by(one: Breach) -> Touched:
    """Whose records were opened or changed in the breach's time: by its officer, from its terminal, or by all."""
    entries, people, communes = audit.touched(
        one.happened_from, one.happened_to, actor_id=one.actor_id, terminal=one.terminal
    )
    return Touched(entries, people, communes, is_all=not one.actor_id and not one.terminal)


def touched_places(one: Breach) -> list[tuple[str, int]]:
    """The communes of whom a breach touched, by name, most people first."""
    counts = touched_by(one).communes
    names = places.names({code for code, _count in counts})
    return [(names.get(code, code), count) for code, count in counts]


def look_under(ulid: str) -> Told | None:
    """The look to which a citizen objected, in words; None where the request is about none."""
    return tell([audit.entry_under(ulid)])[0] if ulid else None


def roles_that_may(permission: str) -> str:
    """Who holds a permission, in words."""
    return ", ".join(
        sorted(str(officer_rules.ROLE_TITLES[role]) for role in officer_rules.PERMISSIONS.get(permission, ()))
    )
