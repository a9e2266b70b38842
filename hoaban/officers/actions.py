"""Making officers, giving roles, and four eyes on what changes a legal fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import dated_rules
from hoaban.base.clock import VIETNAM, day_of
from hoaban.officers import rules
from hoaban.officers.models import Approval, Assignment, Officer
from hoaban.web.actor import Actor

ENLIST = "officers.enlist"  # nobody's: by the command line alone


@transaction.atomic
def enlist(
    *, username: str, full_name: str, password: str, by: Actor, at: dt.datetime, title: str = "",
    simulated: bool = False, is_new: bool = False, number: str = "",
) -> Officer:  # fmt: skip
    """Make an officer who can sign in; a known username gets the new name and password.

    Raises NameTaken where the officer must be new and the username is known.
    """
    by.must(ENLIST)
    officer, new = Officer.objects.get_or_create(username=username, defaults={"full_name": full_name})
    if is_new and not new:
        raise rules.NameTaken(username=username)
    officer.full_name, officer.title, officer.simulated = full_name, title, simulated
    officer.number = number or officer.number
    officer.set_password(password)
    officer.save()
    audit.record("officers.enlisted", f"officers.Officer:{officer.pk}", by=by, at=at)
    return officer


@transaction.atomic
def renew(*, officer: Officer, password: str, by: Actor, at: dt.datetime) -> None:
    """Give a new password in place of a forgotten one; the second step must be set up anew."""
    officer.set_password(password)
    officer.save(update_fields=["password"])
    Authenticator.objects.filter(user=officer).delete()
    audit.record("officers.renewed", f"officers.Officer:{officer.pk}", by=by, at=at)


@transaction.atomic
def give_totp(*, officer: Officer, secret: str, by: Actor, at: dt.datetime) -> None:
    """Give an officer an authenticator app with that base32 secret, in place of an earlier one."""
    by.must(ENLIST)
    Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(officer, secret)
    audit.record("officers.second_factor_given", f"officers.Officer:{officer.pk}", by=by, at=at)


@transaction.atomic
def assign(*, officer: Officer, role: str, unit_code: str, unit_level: str, by: Actor, at: dt.datetime) -> Assignment:
    """Give an officer a role in an area from today on; giving it again changes nothing."""
    by.must(ENLIST)
    assignment, new = Assignment.objects.get_or_create(
        officer=officer, role=rules.Role(role), unit_code=unit_code, unit_level=unit_level, valid_to=None,
        defaults={"valid_from": day_of(at)},
    )  # fmt: skip
    if new:
        audit.record(
            "officers.assigned", f"officers.Officer:{officer.pk}", by=by, at=at,
            facts={"role": role, "unit": unit_code, "level": unit_level},
        )  # fmt: skip
    return assignment


@transaction.atomic
def propose(
    *, kind: str, subject: str, commune_code: str, payload: Mapping[str, Any], by: Actor, at: dt.datetime,
    reason: str = "", due_at: dt.datetime | None = None, permission: str = "", person_ids: Sequence[int] = (),
) -> Approval:  # fmt: skip
    """Propose something for a second officer to decide until `due_at`; an open proposal on the subject is returned.

    The second officer must hold `permission` in that commune, or what the kind asks for. Raises
    ProposalUnexplained where the kind wants a reason.
    """
    known = rules.kind_of(kind)
    if known.reason_first and not reason.strip():
        raise rules.ProposalUnexplained()
    days = dated_rules.number("officers.approval_days", day_of(at))
    approval, new = Approval.objects.get_or_create(
        kind=kind, subject=subject, decided_at=None,
        defaults={
            "commune_code": commune_code, "payload": dict(payload), "permission": permission or known.permission,
            "why": reason.strip()[:300], "due_at": due_at or at + dt.timedelta(days=days),
            "proposed_by_id_text": by.id, "proposed_by_name": by.name, "proposed_at": at,
        },
    )  # fmt: skip
    if new:
        _write_down(approval, "proposed", by, at, person_ids)
    return approval


def approve(
    *, approval: Approval, by: Actor, at: dt.datetime, reason: str = "", person_ids: Sequence[int] = ()
) -> Approval:
    """Say yes as the second officer. The caller then does what was proposed, in the same transaction.

    Raises SameOfficer, AlreadyDecided, ProposalExpired, NotAllowed.
    """
    return _decide(approval=approval, approved=True, reason=reason.strip(), by=by, at=at, person_ids=person_ids)


def decline(*, approval: Approval, by: Actor, at: dt.datetime, reason: str, person_ids: Sequence[int] = ()) -> Approval:
    """Say no as the second officer, with the reason.

    Raises SameOfficer, AlreadyDecided, ProposalExpired, NotAllowed, ReasonMissing.
    """
    if not reason.strip():
        raise rules.ReasonMissing()
    return _decide(approval=approval, approved=False, reason=reason.strip(), by=by, at=at, person_ids=person_ids)


@transaction.atomic
def expire(*, by: Actor, at: dt.datetime) -> int:
    """Close the proposals that nobody decided in time, each with a line in the audit; how many."""
    late = list(Approval.objects.select_for_update(skip_locked=True).filter(decided_at=None, due_at__lte=at))
    for one in late:
        one.approved, one.expired, one.decided_at = False, True, at
        one.decided_by_id_text, one.decided_by_name = by.id, by.name
        one.save()
        _write_down(one, "expired", by, at)
    return len(late)


@transaction.atomic
def _decide(
    *, approval: Approval, approved: bool, reason: str, by: Actor, at: dt.datetime, person_ids: Sequence[int]
) -> Approval:
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if approval.expired or (approval.decided_at is None and approval.due_at <= at):
        raise rules.ProposalExpired(due=approval.due_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"))
    if approval.decided_at is not None:
        raise rules.AlreadyDecided(who=approval.decided_by_name)
    if approval.proposed_by_id_text == by.id:
        raise rules.SameOfficer()
    if approval.permission:
        by.must(approval.permission, approval.commune_code or None)
    approval.approved, approval.reason, approval.decided_at = approved, reason[:300], at
    approval.decided_by_id_text, approval.decided_by_name = by.id, by.name
    approval.save()
    _write_down(approval, "approved" if approved else "declined", by, at, person_ids)
    return approval


def _write_down(one: Approval, verb: str, by: Actor, at: dt.datetime, person_ids: Sequence[int] = ()) -> None:
    """Both officers stand in the audit, each with their reason."""
    facts: dict[str, Any] = {"approval": one.pk, "subject": one.subject}
    facts |= {name: value for name, value in (("why", one.why), ("reason", one.reason)) if value}
    if verb != "proposed":
        facts["proposed_by"] = one.proposed_by_id_text
    audit.record(
        f"{one.kind}.{verb}", one.subject, by=by, at=at, facts=facts, commune_code=one.commune_code,
        person_ids=person_ids,
    )  # fmt: skip
