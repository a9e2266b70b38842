"""Promising people a team, noting that they were met, calling it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import bulk
from hoaban.base.clock import day_of
from hoaban.visits import rules
from hoaban.visits.models import Appointment
from hoaban.visits.rules import Promise
from hoaban.web.actor import Actor

CHUNK = 1000  # people in one entry of the audit


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
