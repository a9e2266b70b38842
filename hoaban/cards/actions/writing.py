"""What several changes of cards do: begin one, end one, write down what was done to many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.partial_date import PartialDate
from hoaban.cards import queries, rules
from hoaban.cards.models import Application, Card
from hoaban.cards.rules import CardState
from hoaban.web.actor import Actor

CHUNK = 100  # cards in one entry of the audit


def begin(*, applications: Sequence[Application], by: Actor, at: dt.datetime) -> list[Card]:
    """Make a card for each approved application; the printer follows `cards.released`."""
    persons = queries.persons_of(applications)
    issued_on = day_of(at)
    cards = []
    for one in applications:
        person = persons[one.person_id]
        cards.append(
            Card.objects.create(
                application=one,
                person_id=one.person_id,
                serial=f"{one.code}-{one.cards.count() + 1}",
                number=person.number,
                commune_code=one.commune_code,
                simulated=one.simulated,
                issued_on=issued_on,
                expires_on=rules.expires_on(PartialDate.parse(person.born), issued_on),
                approved_at=at,
            )
        )
    for start in range(0, len(cards), CHUNK):
        record_cards(action="cards.released", cards=cards[start : start + CHUNK], by=by, at=at)
    return cards


def end(*, card: Card, state: CardState, reason: str, by: Actor, at: dt.datetime) -> Card:
    """End a card in that way, with the reason. Raises WrongStep."""
    rules.check_card_move(CardState(card.state), state, card.serial)
    card.state, card.ended_at, card.end_reason = state, at, reason
    card.save(update_fields=["state", "ended_at", "end_reason"])
    audit.record(
        f"cards.{state.value}", card.subject, by=by, at=at, person_ids=[card.person_id],
        facts={"serial": card.serial, "reason": reason},
    )  # fmt: skip
    return card


def record_cards(*, action: str, cards: Sequence[Card], by: Actor, at: dt.datetime) -> None:
    """Write down what was done to these cards, in one line."""
    audit.record(
        action, cards[0].subject if len(cards) == 1 else "cards.Card", by=by, at=at,
        person_ids=[card.person_id for card in cards],
        facts={"cards": [card.pk for card in cards], "serials": [card.serial for card in cards]},
    )  # fmt: skip
