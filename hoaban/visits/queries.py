"""Asking about appointments: of a person, of a team, of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from hoaban.base.clock import today
from hoaban.visits import rules
from hoaban.visits.models import Appointment

_OPEN = Q(met_at=None, cancelled_at=None)


def coming_to(person_id: int, on: dt.date | None = None) -> Appointment | None:
    """The appointment that somebody has from that day on (today), None where there is none."""
    return Appointment.objects.filter(_OPEN, person=person_id, day__gte=on or today()).first()


def coming_to_many(person_ids: Iterable[int], on: dt.date) -> QuerySet[Appointment]:
    """The appointments that these people have from that day on."""
    return Appointment.objects.filter(_OPEN, person__in=list(person_ids), day__gte=on)


def due(team_code: str, day: dt.date) -> QuerySet[Appointment]:
    """Whom a team meets on a day, in the order of time."""
    return due_between(team_code, day, day)


def due_between(team_code: str, first: dt.date, last: dt.date) -> QuerySet[Appointment]:
    """Whom a team meets from one day to another, in the order of time; nobody for a team without a name."""
    found = Appointment.objects.filter(_OPEN, team_code=team_code, day__range=(first, last)).exclude(team_code="")
    return found.order_by("starts_at", "place", "person")


def promised_in(commune_code: str, on: dt.date) -> QuerySet[Appointment, int]:
    """Ids of the people of a commune who have an appointment on that day or later."""
    found = Appointment.objects.filter(_OPEN, commune_code=commune_code, day__gte=on)
    return found.values_list("person_id", flat=True)


def coming_in(commune_code: str, on: dt.date) -> QuerySet[Appointment]:
    """The appointments of a commune's people on that day or later, in the order of time."""
    return Appointment.objects.filter(_OPEN, commune_code=commune_code, day__gte=on).order_by("starts_at", "person")


def promised_by(plan_ref: str) -> QuerySet[Appointment]:
    """Every appointment that a plan promised, in the order of time."""
    return Appointment.objects.filter(plan_ref=plan_ref).order_by("starts_at", "person")


def open_after(plan_ref: str, at: dt.datetime) -> QuerySet[Appointment]:
    """The appointments of a plan that begin after a moment and are still open."""
    return promised_by(plan_ref).filter(_OPEN, starts_at__gt=at)


@dataclass(frozen=True)
class Counts:
    """How many appointments ended how. The four add up to `promised`."""

    promised: int = 0
    met: int = 0
    open: int = 0
    not_met: int = 0
    called_off: int = 0


def counts(plan_ref: str, on: dt.date) -> Counts:
    """How many people a plan promised and met; open ones of days gone by count as not met."""
    return _count(Appointment.objects.filter(plan_ref=plan_ref), on)


def _count(found: QuerySet[Appointment], on: dt.date) -> Counts:
    missed = (_OPEN & Q(day__lt=on)) | Q(why_cancelled=rules.NOT_MET)
    return Counts(
        **found.aggregate(
            promised=Count("pk"),
            met=Count("pk", filter=Q(met_at__isnull=False)),
            open=Count("pk", filter=_OPEN & Q(day__gte=on)),
            not_met=Count("pk", filter=missed),
            called_off=Count("pk", filter=Q(cancelled_at__isnull=False) & ~Q(why_cancelled=rules.NOT_MET)),
        )
    )
