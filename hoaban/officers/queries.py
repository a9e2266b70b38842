"""Asking about officers: as whom they act, and what waits for a second pair of eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
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


def officers_of(actor_ids: Iterable[str]) -> QuerySet[Officer]:
    """The officers who act under these ids, also those who no longer sign in."""
    found = {one.removeprefix("officer:") for one in actor_ids if one.startswith("officer:")}
    return Officer.objects.filter(pk__in=[one for one in found if one.isdigit()]).order_by("pk")


def waiting(kind: str, actor: Actor) -> QuerySet[Approval]:
    """Proposals of that kind in the actor's area that they may decide: nobody's own, oldest first."""
    found = Approval.objects.filter(kind=kind, decided_at=None).exclude(proposed_by_id_text=actor.id)
    if actor.communes is not None:
        found = found.filter(commune_code__in=actor.communes)
    return found.order_by("proposed_at")


def waiting_for(actor: Actor) -> QuerySet[Approval]:
    """Everything that the actor may decide as the second officer, in all rooms: the first due first."""
    found = Approval.objects.filter(decided_at=None).exclude(proposed_by_id_text=actor.id)
    may = Q(pk__in=[])
    for permission in found.values_list("permission", flat=True).distinct():
        if permission and actor.may(permission):
            area = actor.within(permission).communes
            may |= Q(permission=permission) & (Q() if area is None else Q(commune_code__in=sorted(area)))
    return found.filter(may).order_by("due_at", "pk")


def proposed_by(actor: Actor, since: dt.datetime) -> QuerySet[Approval]:
    """What the actor proposed and waits, or was decided or expired since then, newest first."""
    found = Approval.objects.filter(proposed_by_id_text=actor.id)
    return found.filter(Q(decided_at=None) | Q(decided_at__gte=since)).order_by("-proposed_at")


@dataclass(frozen=True)
class Seen:
    """A proposal in words, with the address where its subject is looked at."""

    approval: Approval
    words: Any
    commune: str
    page: str
    keys: list[Any]


def seen(approvals: Iterable[Approval]) -> list[Seen]:
    """These proposals in words."""
    listed = list(approvals)
    names = places.names({one.commune_code for one in listed})
    found = [(one, rules.kind_of(one.kind)) for one in listed]
    return [
        Seen(
            one, kind.words, names.get(one.commune_code, one.commune_code), kind.page,
            [one.payload.get(key, "") for key in kind.keys],
        )
        for one, kind in found
    ]  # fmt: skip


def approval(approval_id: int) -> Approval:
    """One proposal. Raises NotFound."""
    found = Approval.objects.filter(pk=approval_id).first()
    if found is None:
        raise NotFound(what=str(approval_id))
    return found


def approvals_on(subject: str) -> QuerySet[Approval]:
    """Every proposal on a subject, newest first."""
    return Approval.objects.filter(subject=subject).order_by("-proposed_at")


def open_about(subject: str, kind: str, fact: str, value: object) -> QuerySet[Approval]:
    """What waits on a subject, or is of that kind and names that value among its facts; newest first."""
    named = Q(kind=kind, **{f"payload__facts__{fact}": value})
    return Approval.objects.filter(Q(subject=subject) | named, decided_at=None).order_by("-proposed_at")


def approvals_of(kind: str) -> list[Approval]:
    """Every proposal of a kind that the actor sees, newest first."""
    return list(Approval.objects.filter(kind=kind).order_by("-proposed_at", "-pk")[:1000])
