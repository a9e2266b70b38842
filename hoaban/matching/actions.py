"""Looking for doubles of the enrolled, and deciding suspected pairs by four eyes."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.errors import NotAllowed
from hoaban.enrolment import actions as enrolments
from hoaban.enrolment import queries as enrolment
from hoaban.enrolment.rules import review as enrolling
from hoaban.matching import queries, rules
from hoaban.matching.models import Case, Look, Print, Review
from hoaban.matching.rules import Standing, State, Verdict
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.enrolment.models import Enrolment


@transaction.atomic
def look(*, enrolment_id: int, by: Actor, at: dt.datetime) -> Standing:
    """Look for doubles of the enrolled in the register and among earlier enrolments; clear, let wait or hold.

    Each suspected pair becomes a case; a pair that was decided before isn't asked about again. Looking
    again does what is left to do. Raises NotFound.
    """
    with acting_as(job_actor("matching.look")):  # doubles may be in any commune
        _one_at_a_time()
        one = enrolment.enrolment(enrolment_id)
        if one.state != enrolling.State.RECEIVED:
            return Standing(one.state)
        _keep_prints(one)
        for suspect in queries.suspects_of(one):
            _open(one, suspect, by, at)
        return _settle(one, by, at)


@transaction.atomic
def review(*, case_id: int, verdict: Verdict, reason: str, by: Actor, at: dt.datetime) -> Case:
    """Give a verdict on a pair, as one of two officers; the second that agrees decides it.

    Then whoever of the two waits is cleared or held. Where both records are found to be one person's, their join is
    proposed to an officer of the register. Raises NotFound, NotAllowed, AlreadyReviewed, AlreadyDecided,
    OwnEnrolment, ReasonMissing.
    """
    _one_at_a_time()
    case = queries.case(case_id, by.communes)
    by.must(rules.REVIEW, case.commune_code)
    given = [rules.Given(row.officer_id, Verdict(row.verdict), row.reason) for row in queries.reviews_of(case)]
    new = rules.Given(by.id, verdict, reason.strip())
    if rules.is_repeat(new, given):
        return case
    rules.check_review(new, State(case.state), queries.operators_of(case))
    Review.objects.create(case=case, officer_id=by.id, officer_name=by.name, verdict=verdict, reason=new.reason, at=at)
    _record("matching.reviewed", case, by, at, verdict=verdict)
    state = rules.decided([*(one.verdict for one in given), verdict])
    if state is not State.OPEN:
        _decide(case, state, by, at)
    if state is State.SAME:
        with suppress(people_rules.AnotherWaits, NotAllowed):  # proposed later, by the clock
            propose_join(case_id=case.pk, by=by, at=at)
        case.refresh_from_db()
    return case


@transaction.atomic
def propose_join(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Propose to join both records of a pair that was found to be one person; proposing it again is once.

    The record with a number stays, else the older one. Raises NotFound, people.AnotherWaits, NotAllowed.
    """
    with acting_as(job_actor("matching.propose_join")):  # both may have moved meanwhile
        case = queries.case(case_id, None)
        if case.state != State.SAME or case.proposal_id is not None or queries.is_joined(case):
            return case
        stays, goes = people.in_order_of_standing(case.person_id, case.other_id)
        case.proposal = people_actions.propose(
            deed=people_rules.Deed.JOIN, person_id=stays.pk, facts={"goes_id": goes.pk, "evidence": _verdicts(case)},
            source=people_rules.source("pair", case.pk), by=by, at=at,
        )  # fmt: skip
        case.save(update_fields=["proposal"])
    return case


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Pairs and prints follow a join of two records or its parting; again changes nothing.

    The pair of the two is decided by it: one person, or after a parting two. Whoever was held for it goes on, save
    where the person has been enrolled already. Raises NotFound.
    """
    _one_at_a_time()
    enrolments.follow_join(join_id=join_id, by=by, at=at)
    join = people.join(join_id)
    people_actions.take_along(join_id=join_id, rows=Print.objects.all(), by=by, at=at)
    for field in ("person", "other"):
        rows = queries.may_follow(join.stays_id, field)
        people_actions.take_along(join_id=join_id, rows=rows, field=field, by=by, at=at)
    state = State.SAME if join.undone_at is None else State.DIFFERENT
    for case in queries.cases_of(join.goes_id):
        if case.other_of(join.goes_id) == join.stays_id and case.state != state:
            _decide(case, state, by, at)
    for person_id in sorted([join.stays_id, join.goes_id]):
        _let_go_on(person_id, by, at)


def _verdicts(case: Case) -> str:
    """What the reviewers who agreed rest on, for the second officer."""
    said = [one for one in queries.reviews_of(case) if one.verdict == Verdict.SAME]
    return "; ".join(f"{one.officer_name}: {one.reason}" for one in said)[:500]


def _let_go_on(person_id: int, by: Actor, at: dt.datetime) -> None:
    """Somebody held because the register had them twice goes on under the record that they have now."""
    held = Look.objects.filter(cleared_at=None).exclude(held_at=None)
    found = enrolment.of_person(person_id).filter(state=enrolling.State.HELD, pk__in=held.values("enrolment")).first()
    if found is not None and not queries.is_cleared(person_id):
        reason = gettext("The two records were joined, or parted again: the person stands in the register once.")
        enrolments.release(enrolment_id=found.pk, reason=reason, by=by, at=at)


def _decide(case: Case, state: State, by: Actor, at: dt.datetime) -> None:
    case.state, case.decided_at = state, at
    case.save(update_fields=["state", "decided_at"])
    _record("matching.decided", case, by, at, state=state)
    with acting_as(job_actor("matching.decide")):
        waiting = [
            one.pk
            for person_id in sorted([case.person_id, case.other_id])
            for one in enrolment.of_person(person_id)
            if one.state == enrolling.State.RECEIVED
        ]
    for enrolment_id in waiting:
        look(enrolment_id=enrolment_id, by=by, at=at)


def _settle(one: Enrolment, by: Actor, at: dt.datetime) -> Standing:
    """Clear an enrolment, hold it or let it wait, as its pairs stand."""
    row, _new = Look.objects.update_or_create(
        enrolment_id=one.pk, defaults={"commune_code": one.commune_code, "looked_at": at}
    )
    person_id = queries.person_of(one)
    pairs = [
        rules.Pair(State(case.state), queries.is_cleared(case.other_of(person_id)))
        for case in queries.cases_of(person_id)
        if not queries.is_joined(case)
    ]
    standing = rules.standing(pairs, let_pass=row.held_at is not None)
    if standing is Standing.CLEARED:
        enrolments.clear(enrolment_id=one.pk, by=by, at=at)
        row.cleared_at = at
        audit.record(
            "matching.cleared", f"enrolment.Enrolment:{one.pk}", by=by, at=at,
            facts={"enrolment": one.pk, "person": person_id}, person_ids=[person_id],
        )  # fmt: skip
    elif standing is Standing.HELD:
        reason = gettext("Two officers say that the register has this person twice. Look at both records first.")
        enrolments.hold(enrolment_id=one.pk, reason=reason, by=by, at=at)
        row.held_at = at
    row.save(update_fields=["held_at", "cleared_at"])
    return standing


def _open(one: Enrolment, suspect: queries.Suspect, by: Actor, at: dt.datetime) -> None:
    """Ask two officers about a pair, unless it was asked about before."""
    person_id, other = queries.person_of(one), suspect.person
    if any(case.other_of(person_id) == other.pk for case in queries.cases_of(person_id)):
        return
    case = Case.objects.create(
        enrolment=one, person_id=person_id, other=other, commune_code=one.commune_code,
        other_commune_code=other.commune_code, bits=suspect.likeness.bits, same_prints=suspect.same_prints,
        evidence=[{"field": row.field, "level": row.level, "bits": row.bits} for row in suspect.likeness.evidence],
        simulated=one.simulated, opened_at=at,
    )  # fmt: skip
    _record("matching.case_opened", case, by, at, bits=case.bits, same_prints=case.same_prints)


def _keep_prints(one: Enrolment) -> None:
    """Keep the digests of an enrolment's prints, once."""
    if Print.objects.filter(enrolment=one).exists():
        return
    person_id = queries.person_of(one)
    Print.objects.bulk_create(
        Print(enrolment=one, person_id=person_id, finger=finger, digest=digest)
        for finger, digest in sorted(queries.digests_of(one).items())
    )


def _one_at_a_time() -> None:
    """Wait for whoever else looks or decides: two enrolled at once must see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('matching'))")


def _record(action: str, case: Case, by: Actor, at: dt.datetime, **facts: object) -> None:
    audit.record(action, case.subject, by=by, at=at, facts=facts, person_ids=[case.person_id, case.other_id])
