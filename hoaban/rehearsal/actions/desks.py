"""The steps at the desks: cards are released, made, sent and handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hoaban.audit import actions as audit
from hoaban.cards import actions as cards
from hoaban.cards import queries as card_queries
from hoaban.cards.rules import ApplicationState, CardState
from hoaban.rehearsal import rules
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hoaban.rehearsal.actions.company import Company
    from hoaban.rehearsal.actions.playing import Figures

KEPT_BACK = 3  # left before each desk, so that no desk is empty


def make_cards(*, company: Company, by: Actor) -> Figures:
    """Propose, release, make, check, send and hand over, leaving some before each desk."""
    at = company.clock
    with company.acting("cancuoc") as first:
        asked = card_queries.applications_in(ApplicationState.REQUESTED, first.communes)
        cards.propose(application_ids=_all_but_some(asked), by=first, at=at())
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
