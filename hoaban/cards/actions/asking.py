"""From a cleared enrolment to the release of a card by two officers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from hoaban.audit import actions as audit
from hoaban.base.ids import public_code
from hoaban.cards import queries, rules
from hoaban.cards.actions import writing
from hoaban.cards.models import Application, Card
from hoaban.cards.rules import ApplicationState, CardState
from hoaban.enrolment import queries as enrolment
from hoaban.officers import actions as officers
from hoaban.web.actor import Actor

EXPIRED = "cards.release.expired"  # recorded by officers when nobody decided in time


@transaction.atomic
def request(
    *, enrolment_id: int, person_id: int, commune_code: str, simulated: bool, by: Actor, at: dt.datetime
) -> Application:
    """Ask for a card from a cleared enrolment; asking again returns the first answer.

    Raises AlreadyAskedFor where another application of the person is open.
    """
    asked = Application.objects.filter(enrolment=enrolment_id).first()
    if asked is not None:
        return asked
    _refuse_second(person_id)
    cards = Card.objects.filter(person=person_id)
    application = Application.objects.create(
        code=_new_code(enrolment.enrolment(enrolment_id).slip_code),
        person_id=person_id,
        enrolment_id=enrolment_id,
        commune_code=commune_code,
        kind=rules.kind_of(
            cards.filter(state=CardState.HANDED_OVER).exists(), cards.filter(state=CardState.LOST).exists()
        ),
        simulated=simulated,
        requested_at=at,
    )
    audit.record(
        "cards.requested", application.subject, by=by, at=at, person_ids=[person_id],
        facts={"code": application.code, "kind": application.kind},
    )  # fmt: skip
    return application


@transaction.atomic
def propose(*, application_ids: Iterable[int], by: Actor, at: dt.datetime) -> int:
    """Propose applications for release, as the first officer who has looked at them; how many.

    Raises WrongStep, NoNumberYet.
    """
    chosen = queries.locked_applications(application_ids)
    persons = queries.persons_of(chosen)
    for one in chosen:
        by.must(rules.RELEASE, one.commune_code)
        rules.check_application_move(ApplicationState(one.state), ApplicationState.PROPOSED, one.code)
        if not persons[one.person_id].number:
            raise rules.NoNumberYet(code=one.code)
        officers.propose(
            kind=rules.RELEASE, subject=one.subject, commune_code=one.commune_code, payload={"code": one.code},
            by=by, at=at,
        )  # fmt: skip
        one.state, one.proposed_at = ApplicationState.PROPOSED, at
        one.save(update_fields=["state", "proposed_at"])
    return len(chosen)


@transaction.atomic
def release(*, application_ids: Iterable[int], by: Actor, at: dt.datetime) -> list[Card]:
    """Release proposed applications for production, as the second officer; the cards to be made.

    Raises WrongStep, officers.SameOfficer.
    """
    chosen = queries.locked_applications(application_ids)
    for one in chosen:
        by.must(rules.RELEASE, one.commune_code)
        rules.check_application_move(ApplicationState(one.state), ApplicationState.APPROVED, one.code)
        officers.approve(approval=queries.open_approval(one), by=by, at=at)
        one.state, one.approved_at = ApplicationState.APPROVED, at
        one.save(update_fields=["state", "approved_at"])
    return writing.begin(applications=chosen, by=by, at=at)


@transaction.atomic
def decline(*, application_id: int, reason: str, by: Actor, at: dt.datetime) -> Application:
    """Decline a proposed application, as the second officer, with the reason.

    Raises WrongStep, officers.SameOfficer, officers.ReasonMissing.
    """
    [application] = queries.locked_applications([application_id])
    by.must(rules.RELEASE, application.commune_code)
    rules.check_application_move(ApplicationState(application.state), ApplicationState.DECLINED, application.code)
    officers.decline(approval=queries.open_approval(application), by=by, at=at, reason=reason)
    application.state, application.declined_at = ApplicationState.DECLINED, at
    application.decline_reason = reason.strip()
    application.save(update_fields=["state", "declined_at", "decline_reason"])
    audit.record("cards.declined", application.subject, by=by, at=at, person_ids=[application.person_id])
    return application


@transaction.atomic
def take_back_proposal(*, application_id: int, by: Actor, at: dt.datetime) -> None:
    """Put an application whose proposal nobody decided in time back among those to propose."""
    [application] = queries.locked_applications([application_id])
    if application.state == ApplicationState.PROPOSED:
        application.state, application.proposed_at = ApplicationState.REQUESTED, None
        application.save(update_fields=["state", "proposed_at"])
        audit.record("cards.proposal_taken_back", application.subject, by=by, at=at, person_ids=[application.person_id])


def _refuse_second(person_id: int) -> None:
    open_one = (
        Application.objects.filter(person=person_id)
        .filter(Q(state__in=rules.UNDECIDED) | Q(cards__state__in=rules.IN_MAKING))
        .first()
    )
    if open_one is not None:
        raise rules.AlreadyAskedFor(code=open_one.code)


def _new_code(on_slip: str) -> str:
    """The code on the person's slip, or another where somebody has the same: stations draw them apart."""
    code = on_slip
    while Application.objects.filter(code=code).exists():
        code = public_code()
    return code
