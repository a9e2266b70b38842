"""Asking about officers: as whom they act, and what waits for a second pair of eyes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Q, QuerySet

from hoaban.base.clock import today
from hoaban.base.errors import NotFound
from hoaban.officers import rules
from hoaban.officers.models import Approval, Assignment, Officer
from hoaban.places import queries as places
from hoaban.web.actor import Actor, Kind

Area = frozenset[str] | None  # communes, None for all


def actor_of(officer: Any) -> Actor:
    """As whom an officer acts today: the permissions of their roles, each in the areas of the roles it comes from."""
    day = today()
    held = list(
        Assignment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=day), officer=officer, valid_from__lte=day
        ).annotate(under=places.keys_under("unit_code", "unit_level", day))
    )
    communes: Area = frozenset()
    areas: dict[str, Area] = {}
    for one in held:
        area = None if one.unit_level == "province" else frozenset(one.under)
        communes = _together(communes, area)
        for permission in rules.permissions_of({one.role}):
            areas[permission] = _together(areas.get(permission, frozenset()), area)
    return Actor(
        kind=Kind.OFFICER,
        id=f"officer:{officer.pk}",
        name=officer.full_name,
        permissions=rules.permissions_of({one.role for one in held}),
        communes=communes,
        areas=areas,
    )


def _together(one: Area, other: Area) -> Area:
    return None if one is None or other is None else one | other


def has_second_factor(officer: Any) -> bool:
    """Whether the officer signs in with more than a password."""
    return bool(is_mfa_enabled(officer))


def officer(username: str) -> Officer:
    """The officer under that name. Raises NotFound."""
    found = Officer.objects.filter(username=username).first()
    if found is None:
        raise NotFound(what=username)
    return found


def officers() -> QuerySet[Officer]:
    """Everybody who may sign in, by username."""
    return Officer.objects.filter(is_active=True).order_by("username")


def roles_of(officer: Officer) -> QuerySet[Assignment]:
    """What the officer holds today."""
    day = today()
    return officer.assignments.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def assignments_of(actor_ids: Iterable[str]) -> dict[str, list[Assignment]]:
    """Every role that these officers ever held, by the id under which they act."""
    officers = {actor_id.removeprefix("officer:") for actor_id in actor_ids if actor_id.startswith("officer:")}
    held: dict[str, list[Assignment]] = {}
    for one in Assignment.objects.filter(officer__in=[pk for pk in officers if pk.isdigit()]).order_by("id"):
        held.setdefault(f"officer:{one.officer_id}", []).append(one)
    return held


def waiting(kind: str, actor: Actor) -> QuerySet[Approval]:
    """Proposals of that kind in the actor's area that they may decide: nobody's own, oldest first."""
    found = Approval.objects.filter(kind=kind, decided_at=None).exclude(proposed_by_id_text=actor.id)
    if actor.communes is not None:
        found = found.filter(commune_code__in=actor.communes)
    return found.order_by("proposed_at")


def approval(approval_id: int) -> Approval:
    """One proposal. Raises NotFound."""
    found = Approval.objects.filter(pk=approval_id).first()
    if found is None:
        raise NotFound(what=str(approval_id))
    return found


def approvals_on(subject: str) -> QuerySet[Approval]:
    """Every proposal on a subject, newest first."""
    return Approval.objects.filter(subject=subject).order_by("-proposed_at")
