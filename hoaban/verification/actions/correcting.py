"""From a finding to a corrected register: the checker sends it, a second officer decides."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.officers import actions as officers
from hoaban.officers import queries as officer_queries
from hoaban.officers import rules as officer_rules
from hoaban.people import actions as people
from hoaban.people import queries as people_queries
from hoaban.people import rules as people_rules
from hoaban.verification import queries, rules
from hoaban.verification.models import Lot, SampledForm
from hoaban.verification.rules import LotState
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval

EXPIRED = "verification.correction.expired"  # recorded by officers when nobody decided in time


@transaction.atomic
def propose(*, lot_id: int, by: Actor, at: dt.datetime) -> int:
    """Send the corrections that `by` found in a lot to a second officer; how many forms."""
    lot = queries.one_lot(lot_id)
    by.must(rules.level(lot.level).permission, lot.commune_code)
    mine = queries.to_send(lot_id, by).select_for_update().order_by("pk").prefetch_related("findings")
    for one in mine:
        officers.propose(
            kind=rules.CORRECTION, subject=one.subject, commune_code=one.commune_code,
            payload={"serial": one.serial, "changes": _changes(one)}, by=by, at=at,
        )  # fmt: skip
        one.sent_at = at
        one.save(update_fields=["sent_at"])
    return len(mine)


@transaction.atomic
def approve(*, form_id: int, by: Actor, at: dt.datetime) -> SampledForm:
    """Correct the register as the paper says, as the second officer; doing it twice is once.

    Raises officers.SameOfficer, officers.AlreadyDecided, RegisterMoved, and what the register refuses.
    """
    one = _locked(form_id)
    by.must(rules.DECIDE, one.commune_code)
    if one.corrected_at is not None:
        return one
    approval = _open_approval(one, by)
    person = people_queries.person(one.person_id)
    if since := queries.moved(one, people_queries.stored(person)):
        raise rules.RegisterMoved(serial=one.serial, changes=", ".join(since))
    officers.approve(approval=approval, by=by, at=at)
    changes = _changes(one)
    people.correct(
        person_id=one.person_id, changes=changes, source=people_rules.source("finding", one.reference),
        by=by, at=at, expected_version=person.version,
    )  # fmt: skip
    one.corrected_at = at
    one.save(update_fields=["corrected_at"])
    audit.record(
        "verification.corrected", one.subject, by=by, at=at, person_ids=[one.person_id],
        facts={"fields": sorted(changes), "found_by": one.checker_name},
    )  # fmt: skip
    return one


@transaction.atomic
def decline(*, form_id: int, reason: str, by: Actor, at: dt.datetime) -> SampledForm:
    """Leave the register as it is, as the second officer, with the reason; in an open lot the form is checked again.

    Raises officers.SameOfficer, officers.AlreadyDecided, officers.ReasonMissing.
    """
    Lot.objects.keep_open_of(form_id)
    one = _locked(form_id)
    by.must(rules.DECIDE, one.commune_code)
    officers.decline(approval=_open_approval(one, by), by=by, at=at, reason=reason)
    one.declined_at, one.decline_reason = at, reason.strip()[:300]
    audit.record(
        "verification.declined", one.subject, by=by, at=at, person_ids=[one.person_id],
        facts={"findings": _changes(one), "reason": one.decline_reason},
    )  # fmt: skip
    if one.lot.state == LotState.OPEN:
        one.findings.all().delete()
        one.forget_check()
    one.save()
    return one


@transaction.atomic
def take_back(*, form_id: int, by: Actor, at: dt.datetime) -> None:
    """Give a form whose correction nobody decided in time back to its checker, to be sent again."""
    one = _locked(form_id)
    if one.sent_at is not None and one.corrected_at is None and one.declined_at is None:
        one.sent_at = None
        one.save(update_fields=["sent_at"])
        audit.record("verification.taken_back", one.subject, by=by, at=at, person_ids=[one.person_id])


def _locked(form_id: int) -> SampledForm:
    found = SampledForm.objects.select_for_update(of=("self",)).select_related("lot").defer(*queries.HEAVY_OF_LOT)
    return found.get(pk=form_id)


def _changes(one: SampledForm) -> dict[str, str]:
    return {found.field: found.paper_value for found in one.findings.all() if found.changes_the_register}


def _open_approval(one: SampledForm, by: Actor) -> Approval:
    """The proposal that waits; who checked the form is no second officer."""
    if one.checker_id == by.id:
        raise officer_rules.SameOfficer()
    approval = officer_queries.approvals_on(one.subject).first()
    if approval is None:
        raise rules.NothingSent(serial=one.serial)
    if approval.decided_at is not None and not approval.expired:
        raise officer_rules.AlreadyDecided(who=approval.decided_by_name)
    return approval
