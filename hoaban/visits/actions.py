"""Promising people a team, noting that they were met, calling it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base import bulk
from hoaban.base.clock import day_of
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.visits import rules
from hoaban.visits.models import Appointment
from hoaban.visits.rules import Promise
from hoaban.web.actor import Actor

CHUNK = 1000  # people in one entry of the audit
OPEN = Q(met_at=None, cancelled_at=None)
CALLED_OFF = "visits.Appointment:called off"  # what a join keeps of those that it ended


@transaction.atomic
def promise(*, plan_ref: str, promises: Sequence[Promise], by: Actor, at: dt.datetime) -> int:
    """Write appointments down for many people at once; how many are new.

    A plan promises a person once, and who has an open appointment of another plan keeps that one. An
    open appointment whose end is past is closed as not met. Raises BackwardsInTime.
    """
    rules.check(promises)
    new = 0
    for first in range(0, len(promises), CHUNK):
        new += _promise(plan_ref, promises[first : first + CHUNK], by, at)
    return new


def _promise(plan_ref: str, promises: Sequence[Promise], by: Actor, at: dt.datetime) -> int:
    wanted = [one.person_id for one in promises]
    Appointment.objects.filter(
        person__in=wanted, met_at=None, cancelled_at=None, ends_at__lte=at
    ).update(cancelled_at=at, why_cancelled=rules.NOT_MET)  # fmt: skip
    before = _promised(plan_ref, wanted)
    bulk.insert("visits_appointment", _rows(plan_ref, promises, at), or_ignore=True)
    new = sorted(_promised(plan_ref, wanted) - before)
    if new:
        audit.record(
            "visits.promised", f"visits.Plan:{plan_ref}", by=by, at=at, person_ids=new, facts={"people": len(new)}
        )
    return len(new)


def _promised(plan_ref: str, person_ids: Sequence[int]) -> set[int]:
    found = Appointment.objects.filter(plan_ref=plan_ref, person__in=person_ids)
    return set(found.values_list("person_id", flat=True))


def _rows(plan_ref: str, promises: Sequence[Promise], at: dt.datetime) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "person_id": one.person_id, "commune_code": one.commune_code, "village_code": one.village_code,
                "team_code": one.team_code, "day": day_of(one.starts_at), "starts_at": one.starts_at,
                "ends_at": one.ends_at, "place": one.place, "plan_ref": plan_ref, "promised_at": at,
                "why_cancelled": "",
            }
            for one in promises
        ]
    )  # fmt: skip


@transaction.atomic
def mark_met(*, person_id: int, at: dt.datetime, by: Actor, met_at: dt.datetime | None = None) -> Appointment | None:
    """Note that somebody with an open appointment was met, there or elsewhere; None where none was open.

    `met_at` says when, if not just now.
    """
    found = Appointment.objects.select_for_update().filter(person=person_id, met_at=None, cancelled_at=None).first()
    if found is None:
        return None
    found.met_at = met_at or at
    found.save(update_fields=["met_at"])
    audit.record("visits.met", found.subject, by=by, at=at, person_ids=[person_id])
    return found


@transaction.atomic
def cancel(*, appointment_ids: Iterable[int], why: str, by: Actor, at: dt.datetime) -> int:
    """Call open appointments off for a reason; how many were. Raises ReasonMissing."""
    if not why.strip():
        raise rules.ReasonMissing
    found = Appointment.objects.select_for_update().order_by("pk")
    chosen = list(found.filter(pk__in=list(appointment_ids), met_at=None, cancelled_at=None))
    Appointment.objects.filter(pk__in=[one.pk for one in chosen]).update(cancelled_at=at, why_cancelled=why.strip())
    by_plan: dict[str, list[int]] = {}
    for one in chosen:
        by_plan.setdefault(one.plan_ref, []).append(one.person_id)
    for plan_ref, person_ids in by_plan.items():
        audit.record(
            "visits.cancelled",
            f"visits.Plan:{plan_ref}",
            by=by,
            at=at,
            person_ids=person_ids,
            facts={"why": why.strip()},
        )
    return len(chosen)


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Appointments follow a join of two records or its parting; again changes nothing.

    Nobody has two open ones: where both have, that of the record which goes is called off, and stands again after
    a parting if it's still to come. Raises NotFound.
    """
    join = people.join(join_id)
    there = Appointment.objects.filter(person=join.stays_id)
    rows = Appointment.objects.exclude(plan_ref__in=there.values("plan_ref"))
    if there.filter(OPEN).exists():
        rows = rows.exclude(OPEN)
    people_actions.take_along(join_id=join_id, rows=rows, by=by, at=at)
    if join.undone_at is None:
        left = list(Appointment.objects.filter(OPEN, person=join.goes_id).values_list("pk", flat=True))
        if left:
            why = gettext("The same person has another appointment, under the record that stays.")
            cancel(appointment_ids=left, why=why, by=by, at=at)
            people_actions.remember(join_id=join_id, what=CALLED_OFF, ids=left, by=by)
        return
    for one in Appointment.objects.filter(pk__in=join.followed.get(CALLED_OFF, []), ends_at__gt=at):
        if not Appointment.objects.filter(OPEN, person=one.person_id).exists():
            one.cancelled_at, one.why_cancelled = None, ""
            one.save(update_fields=["cancelled_at", "why_cancelled"])
            audit.record("visits.taken_up", one.subject, by=by, at=at, person_ids=[one.person_id])
    people_actions.remember(join_id=join_id, what=CALLED_OFF, ids=(), by=by)
