"""A card on its way into its holder's hand, and what ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.ids import public_code
from hoaban.cards import queries, rules
from hoaban.cards.actions import writing
from hoaban.cards.models import Batch, Card
from hoaban.cards.rules import CardState
from hoaban.web.actor import Actor, acting_as, job_actor


@transaction.atomic
def make_batch(*, commune_code: str, by: Actor, at: dt.datetime) -> Batch:
    """Pack every checked card of a commune into one batch. Raises NothingToPack."""
    by.must("cards.produce", commune_code)
    waiting = list(
        Card.objects.select_for_update()
        .filter(commune_code=commune_code, state=CardState.CHECKED, batch=None)
        .order_by("pk")
    )
    if not waiting:
        raise rules.NothingToPack()
    batch = Batch.objects.create(code=public_code(), commune_code=commune_code, count=len(waiting), made_at=at)
    Card.objects.filter(pk__in=[card.pk for card in waiting]).update(batch=batch)
    audit.record(
        "cards.batch_made", batch.subject, by=by, at=at,
        facts={"commune": commune_code, "serials": [card.serial for card in waiting]},
    )  # fmt: skip
    return batch


@transaction.atomic
def send_batch(*, batch_id: int, by: Actor, at: dt.datetime) -> Batch:
    """Send a packed batch off. Raises WrongStep."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    by.must("cards.produce", batch.commune_code)
    if batch.state is not rules.BatchState.PACKED:
        raise rules.WrongStep(what=batch.code, state=batch.state_words)
    batch.sent_at = at
    batch.save(update_fields=["sent_at"])
    batch.cards.filter(state=CardState.CHECKED).update(state=CardState.SENT, sent_at=at)
    audit.record("cards.batch_sent", batch.subject, by=by, at=at, facts={"count": batch.count})
    return batch


@transaction.atomic
def arrive(*, batch_id: int, missing: Iterable[str] = (), by: Actor, at: dt.datetime) -> Batch:
    """Take in a batch at the commune; cards named as missing stay on the way and are looked for.

    Raises WrongStep, NotInThatBatch.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    by.must("cards.hand_over", batch.commune_code)
    if batch.state is not rules.BatchState.SENT:
        raise rules.WrongStep(what=batch.code, state=batch.state_words)
    sent = batch.cards.filter(state=CardState.SENT)
    absent = rules.check_missing(sent.values_list("serial", flat=True), missing)
    batch.arrived_at = at
    batch.arrived_count = sent.exclude(serial__in=absent).update(state=CardState.AT_COMMUNE, arrived_at=at)
    batch.save(update_fields=["arrived_at", "arrived_count"])
    audit.record(
        "cards.batch_arrived", batch.subject, by=by, at=at,
        facts={"count": batch.arrived_count, "missing": sorted(absent)},
    )  # fmt: skip
    return batch


@transaction.atomic
def hand_over(*, card_id: int, shown: str, by: Actor, at: dt.datetime) -> Card:
    """Hand a card to its holder, whose number (12 digits or the last 4) was shown; doing it twice is once.

    The card it replaces is withdrawn. Raises NotTheHolder, WrongStep.
    """
    card = queries.locked_cards([card_id])[0]
    by.must("cards.hand_over", card.commune_code)
    if card.state == CardState.HANDED_OVER:
        return card
    rules.check_handover(card.number, shown, CardState(card.state), card.serial)
    with acting_as(job_actor("cards.hand_over")):  # the old card may lie in another commune's area
        for old in Card.objects.select_for_update().filter(person=card.person_id, state=CardState.HANDED_OVER):
            reason = gettext("replaced by card %(serial)s") % {"serial": card.serial}
            writing.end(card=old, state=CardState.WITHDRAWN, reason=reason, by=by, at=at)
    card.state, card.handed_over_at = CardState.HANDED_OVER, at
    card.save(update_fields=["state", "handed_over_at"])
    audit.record(
        "cards.handed_over", card.subject, by=by, at=at, person_ids=[card.person_id],
        facts={"serial": card.serial, "shown": len(shown.replace(" ", ""))},
    )  # fmt: skip
    return card


@transaction.atomic
def withdraw(*, card_id: int, reason: str, by: Actor, at: dt.datetime) -> Card:
    """Take a card out of use, with the reason. Raises WrongStep, ReasonMissing."""
    card = queries.locked_cards([card_id])[0]
    by.must("cards.hand_over", card.commune_code)
    return writing.end(card=card, state=CardState.WITHDRAWN, reason=rules.check_reason(reason), by=by, at=at)


@transaction.atomic
def report_lost(*, card_id: int, reason: str, by: Actor, at: dt.datetime) -> Card:
    """Write down that a card is lost, by its holder or on the way. Raises WrongStep, ReasonMissing."""
    card = queries.locked_cards([card_id])[0]
    by.must("cards.hand_over", card.commune_code)
    return writing.end(card=card, state=CardState.LOST, reason=rules.check_reason(reason), by=by, at=at)
