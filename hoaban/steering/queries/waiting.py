"""What waits for one officer today, pile by pile, and only what their role may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hoaban.base.clock import day_of
from hoaban.base.words import _
from hoaban.cards import queries as cards
from hoaban.enrolment import queries as enrolment
from hoaban.intake import queries as intake
from hoaban.web.actor import Actor


@dataclass(frozen=True)
class Pile:
    """Work of one kind: what it is, the name of the page where it's done, how much of it waits."""

    label: Any
    page: str
    count: int
    is_late: bool = False


def piles(actor: Actor, at: dt.datetime) -> list[Pile]:
    """What waits for the actor, in the order of the work; what is late stands first."""
    found = [*_forms(actor), *_enrolments(actor), *_cards(actor, day_of(at))]
    return sorted((pile for pile in found if pile.count), key=lambda pile: not pile.is_late)


def _forms(actor: Actor) -> list[Pile]:
    if not actor.may("intake.read"):
        return []
    return [Pile(_("Forms returned, to be mended"), "intake:batches", intake.count_to_mend(actor))]


def _enrolments(actor: Actor) -> list[Pile]:
    if not actor.may("enrolment.review"):
        return []
    return [Pile(_("Enrolments held, to be looked at"), "enrolment:packets", enrolment.in_state("held").count())]


def _cards(actor: Actor, on: dt.date) -> list[Pile]:
    if not actor.may("cards.read"):
        return []
    counts = cards.waiting(actor, on)
    offered = [
        ("cards.read", Pile(_("Cards that are late"), "cards:late", counts.late, is_late=True)),
        ("cards.release", Pile(_("Cards to propose"), "cards:to-propose", counts.to_propose)),
        ("cards.release", Pile(_("Cards to release as the second officer"), "cards:to-release", counts.to_release)),
        ("cards.produce", Pile(_("Cards made, to be checked"), "cards:to-check", counts.to_check)),
        ("cards.produce", Pile(_("Cards to pack"), "cards:batches", counts.to_pack)),
        ("cards.hand_over", Pile(_("Cards on the way, to be taken in"), "cards:batches", counts.on_the_way)),
        ("cards.hand_over", Pile(_("Cards to hand over"), "cards:counter", counts.ready)),
    ]
    return [pile for permission, pile in offered if actor.may(permission)]
