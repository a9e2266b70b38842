"""The steps at the desks: cards, accounts, a service, the day's figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hoaban.audit import actions as audit
from hoaban.base import clock
from hoaban.base.partial_date import PartialDate
from hoaban.cards import actions as cards
from hoaban.cards import queries as card_queries
from hoaban.cards.rules import ApplicationState, CardState
from hoaban.eid import actions as eid
from hoaban.eid import queries as eid_queries
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.rules.review import State as EnrolmentState
from hoaban.kit import queries as kit_queries
from hoaban.kit.store import Station
from hoaban.people import queries as people
from hoaban.rehearsal import queries, rules
from hoaban.services import actions as services
from hoaban.services.rules import Who
from hoaban.steering import actions as steering
from hoaban.web.actor import Actor, acting_as

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hoaban.rehearsal.actions.company import Company, Figures

STAY = dt.timedelta(days=180)
KEPT_BACK = 3  # left before each desk, so that no desk is empty


def make_cards(*, company: Company, by: Actor) -> Figures:
    """Propose, release, make, check, send and hand over, leaving some before each desk."""
    at = company.clock
    with company.acting("cancuoc") as first:
        asked = card_queries.applications_in(ApplicationState.REQUESTED, first.communes)
        numbered = [one.pk for one in people.many(asked.values_list("person_id", flat=True)) if one.number]
        cards.propose(application_ids=_all_but_some(asked.filter(person__in=numbered)), by=first, at=at())
    with company.acting("cancuoc2") as second:
        cards.release(application_ids=_all_but_some(card_queries.to_release(second)), by=second, at=at())
    audit.run_due()
    with company.acting("cancuoc") as first:
        made = card_queries.cards_in(CardState.PERSONALISED, first.communes)
        cards.pass_check(card_ids=_all_but_some(made), by=first, at=at())
        batch = cards.make_batch(commune_code=rules.COMMUNE, by=first, at=at())
        cards.send_batch(batch_id=batch.pk, by=first, at=at())
    with company.acting("congan.xa") as officer:
        cards.arrive(batch_id=batch.pk, by=officer, at=at())
        ready = card_queries.ready_in(officer.communes)
        handed = [
            cards.hand_over(card_id=card.pk, shown=card.number, by=officer, at=at())
            for card in card_queries.cards(CardState.AT_COMMUNE, officer.communes).filter(pk__in=_all_but_some(ready))
        ]
    return {"made": batch.count, "handed_over": len(handed)}


def _all_but_some(found: QuerySet[Any]) -> list[int]:
    return list(found.values_list("pk", flat=True))[KEPT_BACK:]


def activate_accounts(*, company: Company, by: Actor) -> Figures:
    """Some of those who were enrolled activate their accounts with the secret code of their slip."""
    station = Station(queries.station_folder())
    at, activated = company.clock, 0
    for enrolment in enrolments.in_state(EnrolmentState.CLEARED):
        account = eid_queries.account_of(enrolment.person_id or 0)
        if account is None or not enrolment.number or activated == rules.ACTIVATED:
            continue
        code = kit_queries.activation_code(station, kit_queries.sealed(station, enrolment.ulid), enrolment.taken_at)
        eid.activate(number=enrolment.number, slip_code=code, password=rules.PASSWORD, by=by, at=at())
        activated += 1
    return {"activated": activated}


def declare_residence(*, company: Company, by: Actor) -> Figures:
    """Citizens declare that somebody comes to stay with them; the desk approves the first."""
    guests = people.living_in(rules.NEIGHBOUR).filter(born__lt=queries.GROWN_BEFORE).exclude(number="")
    at, sent = company.clock, []
    for host, guest in zip(eid_queries.holders(rules.COMMUNE)[: rules.DECLARED], guests, strict=False):
        account = eid_queries.account_of(host)
        assert account is not None
        with acting_as(eid_queries.citizen_actor(account.pk)) as citizen:
            who = Who(number=guest.number, full_name=guest.full_name, born=PartialDate.parse(guest.born))
            first_day = clock.day_of(at())
            sent.append(
                services.apply_for_temporary_residence(
                    key=f"rehearsal-{host}",
                    who=who,
                    first_day=first_day,
                    last_day=first_day + STAY,
                    agreed=False,
                    by=citizen,
                    at=at(),
                )
            )
    with company.acting("motcua") as clerk:
        services.approve(application_id=sent[0].pk, by=clerk, at=at())
    return {"declared": len(sent), "approved": 1}


def close_day(*, company: Company, by: Actor) -> Figures:
    """Keep the figures of every commune as they stand, for the weekly report."""
    with company.acting("canbo.tinh") as officer:
        closing = steering.close_day(by=officer, at=company.clock())
    return {"figures": closing.figures.count()}
