"""Requests of citizens, looks that are told of later, breaches and their notice within 72 hours."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import day_of
from hoaban.base.ids import public_code
from hoaban.officers import actions as officers
from hoaban.officers import queries as officer_queries
from hoaban.officers import rules as officer_rules
from hoaban.oversight import queries, rules
from hoaban.oversight.models import Breach, Request, Withholding
from hoaban.oversight.rules import RequestKind, RequestState
from hoaban.people import queries as people
from hoaban.web.actor import Actor


@transaction.atomic
def ask(*, person_id: int, kind: str, text: str, by: Actor, at: dt.datetime, entry_ulid: str = "") -> Request:
    """Take in a citizen's request: from themselves, or at the desk from an officer. An objection to a look stands
    once. Raises NotYours, NotFound.
    """
    person, wanted = people.person(person_id), RequestKind(kind)
    if entry_ulid:
        known = Request.objects.filter(person=person, entry_ulid=entry_ulid).first()
        if known is not None:
            return known
        if person_id not in audit_queries.entry_under(entry_ulid).person_ids:
            raise rules.NotYours()
    made = Request.objects.create(
        code=public_code(), kind=wanted, person=person, commune_code=person.commune_code, entry_ulid=entry_ulid,
        text=text.strip()[:1000], asked_by_id=by.id, received_at=at, due_at=rules.due(wanted, at),
    )  # fmt: skip
    audit.record(
        "oversight.asked", f"oversight.Request:{made.pk}", by=by, at=at, person_ids=[person_id],
        facts={"code": made.code, "kind": made.kind, "entry": entry_ulid},
    )  # fmt: skip
    return made


@transaction.atomic
def answer(*, request_id: int, grants: bool, answer: str, by: Actor, at: dt.datetime) -> Request:
    """Answer a request, yes or no, in words that the citizen reads. Raises Answered, AnswerMissing, OwnLooks."""
    one = Request.objects.select_for_update().get(pk=request_id)
    by.must(rules.PROTECT, one.commune_code)
    if one.state != RequestState.OPEN:
        raise rules.Answered(code=one.code, who=one.answered_by_name)
    if not answer.strip():
        raise rules.AnswerMissing()
    if one.entry_ulid and audit_queries.entry_under(one.entry_ulid).actor_id == by.id:
        raise rules.OwnLooks()
    one.state = RequestState.DONE if grants else RequestState.REFUSED
    one.answer, one.answered_at, one.answered_by_name = answer.strip()[:1000], at, by.name
    one.save(update_fields=["state", "answer", "answered_at", "answered_by_name"])
    audit.record(
        "oversight.answered", f"oversight.Request:{one.pk}", by=by, at=at, person_ids=[one.person_id],
        facts={"code": one.code, "state": one.state},
    )  # fmt: skip
    return one


@transaction.atomic
def propose_withholding(
    *, person_id: int, officer: str, since: dt.datetime, until: dt.date, ground: str, reason: str, by: Actor,
    at: dt.datetime,
) -> Withholding:  # fmt: skip
    """Propose that a person is told later of one officer's looks; a data protection officer decides.

    Nobody names the person in the audit meanwhile. Raises TooLong, EndsBefore, ProposalUnexplained, NotFound.
    """
    person, looker = people.person(person_id), officer_queries.officer(officer)
    by.must(rules.ASK_TO_WITHHOLD, person.commune_code)
    rules.check_until(until, day_of(at))
    if not reason.strip():
        raise officer_rules.ProposalUnexplained()
    made = Withholding.objects.create(
        person=person, commune_code=person.commune_code, actor_id=f"officer:{looker.pk}", actor_name=looker.full_name,
        since=since, until=until, ground=rules.Ground(ground), reason=reason.strip()[:300], asked_by_id=by.id,
        asked_at=at,
    )  # fmt: skip
    officers.propose(
        kind=rules.WITHHOLDING, subject=f"oversight.Withholding:{made.pk}", commune_code=made.commune_code,
        payload={"ground": made.ground, "until": str(until)}, reason=reason, by=by, at=at,
    )  # fmt: skip
    return made


@transaction.atomic
def approve_withholding(*, withholding_id: int, reason: str, by: Actor, at: dt.datetime) -> Withholding:
    """Let a person be told later, as the second officer, who isn't the one whose looks they are.

    Raises SameOfficer, AlreadyDecided, ProposalExpired, OwnLooks, EndsBefore.
    """
    one = Withholding.objects.select_for_update().get(pk=withholding_id)
    if one.actor_id == by.id:
        raise rules.OwnLooks()
    rules.check_until(one.until, day_of(at))
    officers.approve(approval=queries.approval_of(one), by=by, at=at, reason=reason)
    one.approved_at = at
    one.save(update_fields=["approved_at"])
    audit.record(
        "oversight.withheld", f"oversight.Withholding:{one.pk}", by=by, at=at, commune_code=one.commune_code,
        facts={"ground": one.ground, "until": str(one.until)},
    )  # fmt: skip
    return one


@transaction.atomic
def decline_withholding(*, withholding_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Decline to tell a person later, with the reason. Raises SameOfficer, AlreadyDecided, ReasonMissing."""
    one = Withholding.objects.get(pk=withholding_id)
    officers.decline(approval=queries.approval_of(one), by=by, at=at, reason=reason)


@transaction.atomic
def disclose_ended(*, by: Actor, at: dt.datetime) -> int:
    """Tell of the looks whose day has come; how many withholdings ended. The person reads from now on that there
    was one, and every look that it held back."""
    over = Withholding.objects.select_for_update().filter(ended_at=None, until__lt=day_of(at))
    ended = [one for one in over if one.approved_at is not None]
    for one in ended:
        one.ended_at = at
        one.save(update_fields=["ended_at"])
        audit.record(
            "oversight.disclosed", f"oversight.Withholding:{one.pk}", by=by, at=at, person_ids=[one.person_id],
            facts={"ground": one.ground, "until": str(one.until)},
        )  # fmt: skip
    return len(ended)


@transaction.atomic
def record_breach(
    *, kind: str, what: str, happened_from: dt.datetime, happened_to: dt.datetime, noticed_at: dt.datetime, by: Actor,
    at: dt.datetime, officer: str = "", terminal: str = "",
) -> Breach:  # fmt: skip
    """Record a breach. The clock of 72 hours runs from when it was noticed."""
    by.must(rules.PROTECT)
    actor_id = f"officer:{officer_queries.officer(officer).pk}" if officer else ""
    made = Breach.objects.create(
        code=public_code(), kind=rules.BreachKind(kind), what=what.strip()[:1000], happened_from=happened_from,
        happened_to=happened_to, noticed_at=noticed_at, due_at=rules.breach_due(noticed_at), actor_id=actor_id,
        terminal=terminal.strip()[:60], recorded_by_name=by.name,
    )  # fmt: skip
    audit.record(
        "oversight.breach_recorded", f"oversight.Breach:{made.pk}", by=by, at=at,
        facts={"code": made.code, "kind": made.kind},
    )  # fmt: skip
    return made


@transaction.atomic
def notify(
    *, breach_id: int, consequences: str, measures: str, late_because: str, people_told: bool, by: Actor,
    at: dt.datetime,
) -> Breach:  # fmt: skip
    """Write down that the notice went to the ministry, with what it says; again adds to it. Raises LateUnexplained."""
    by.must(rules.PROTECT)
    one = Breach.objects.select_for_update().get(pk=breach_id)
    if one.notified_at is None and at > one.due_at and not late_because.strip():
        raise rules.LateUnexplained()
    one.consequences, one.measures = consequences.strip()[:1000], measures.strip()[:1000]
    one.late_because = late_because.strip()[:500] or one.late_because
    one.notified_at = one.notified_at or at
    if people_told and one.people_told_at is None:
        one.people_told_at = at
    one.save()
    audit.record("oversight.breach_notified", f"oversight.Breach:{one.pk}", by=by, at=at, facts={"code": one.code})
    return one


@transaction.atomic
def close_breach(*, breach_id: int, by: Actor, at: dt.datetime) -> Breach:
    """Close a breach of which the ministry was told. Raises NotNotified."""
    by.must(rules.PROTECT)
    one = Breach.objects.select_for_update().get(pk=breach_id)
    if one.notified_at is None:
        raise rules.NotNotified()
    if one.closed_at is None:
        one.closed_at = at
        one.save(update_fields=["closed_at"])
        audit.record("oversight.breach_closed", f"oversight.Breach:{one.pk}", by=by, at=at, facts={"code": one.code})
    return one
