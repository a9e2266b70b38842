"""When two records of one person are joined or parted: one person, one live card."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.cards import queries, rules
from hoaban.cards.actions import writing
from hoaban.cards.models import Application, Card
from hoaban.cards.rules import ApplicationState, CardState
from hoaban.officers import actions as officers
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.people.models import Join

# What a join keeps of what it ended here
HELD, IN_MAKING, DECLINED = "cards.Card:in hand", "cards.Card:in making", "cards.Application:declined"


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Applications and cards follow a join of two records or its parting; again changes nothing.

    A card of the record that goes lives on only if it bears the number that stands and the record that stays has no
    other; else it is withdrawn, and what is asked for under both is declined under the one that goes. A parting gives
    the card back into use if it bears its holder's number and hasn't expired, has one in the making made anew, and
    opens the application again. Raises NotFound.
    """
    join = people.join(join_id)
    if join.undone_at is None:
        _end_second(join, by, at)
    for rows in (Card.objects.all(), Application.objects.all()):
        people_actions.take_along(join_id=join_id, rows=rows, by=by, at=at)
    if join.undone_at is not None:
        _take_up(join, by, at)


def _end_second(join: Join, by: Actor, at: dt.datetime) -> None:
    reason = gettext("The holder's record was joined to another one of the same person.")
    has_other = _live(join.stays_id).exists()
    ended: dict[str, list[int]] = {HELD: [], IN_MAKING: [], DECLINED: []}
    for card in _live(join.goes_id).select_for_update().order_by("pk"):
        if not rules.outlives_join(card.number, join.stays.number, has_other):
            ended[HELD if card.state == CardState.HANDED_OVER else IN_MAKING].append(card.pk)
            writing.end(card=card, state=CardState.WITHDRAWN, reason=reason, by=by, at=at)
    asked = Application.objects.filter(state__in=rules.UNDECIDED)
    if has_other or asked.filter(person=join.stays_id).exists():
        for one in queries.locked_applications(asked.filter(person=join.goes_id).values_list("pk", flat=True)):
            ended[DECLINED].append(one.pk)
            _decline(one, reason, by, at)
    for what, ids in ended.items():
        if ids:
            people_actions.remember(join_id=join.pk, what=what, ids=ids, by=by)


def _decline(one: Application, reason: str, by: Actor, at: dt.datetime) -> None:
    if one.state == ApplicationState.PROPOSED:
        officers.decline(approval=queries.open_approval(one), by=by, at=at, reason=reason)
    one.state, one.declined_at, one.decline_reason = ApplicationState.DECLINED, at, reason
    one.save(update_fields=["state", "declined_at", "decline_reason"])
    audit.record("cards.declined", one.subject, by=by, at=at, person_ids=[one.person_id])


def _take_up(join: Join, by: Actor, at: dt.datetime) -> None:
    """What the join ended lives again where that's lawful by now."""
    number = join.goes.number
    for card in queries.locked_cards(join.followed.get(HELD, [])):
        if rules.comes_back(card.number, number, card.expires_on, _live(join.goes_id).exists(), day_of(at)):
            card.state, card.ended_at, card.end_reason = CardState.HANDED_OVER, None, ""
            card.save(update_fields=["state", "ended_at", "end_reason"])
            writing.record_cards(action="cards.taken_up", cards=[card], by=by, at=at)
    for card in queries.locked_cards(join.followed.get(IN_MAKING, [])):
        if number and not _live(join.goes_id).filter(state__in=rules.IN_MAKING).exists():
            writing.begin(applications=[card.application], by=by, at=at)
    for one in queries.locked_applications(join.followed.get(DECLINED, [])):
        if not Application.objects.filter(person=join.goes_id, state__in=rules.UNDECIDED).exists():
            one.state, one.proposed_at, one.declined_at, one.decline_reason = ApplicationState.REQUESTED, None, None, ""
            one.save(update_fields=["state", "proposed_at", "declined_at", "decline_reason"])
            audit.record("cards.reopened", one.subject, by=by, at=at, person_ids=[one.person_id])
    for what in (HELD, IN_MAKING, DECLINED):
        people_actions.remember(join_id=join.pk, what=what, ids=(), by=by)


def _live(person_id: int) -> QuerySet[Card]:
    return Card.objects.filter(person=person_id, state__in=rules.LIFE)
