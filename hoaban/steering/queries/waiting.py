"""What waits for one officer today, pile by pile, and only what their role may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hoaban.base.clock import day_of
from hoaban.base.words import _
from hoaban.cards import queries as cards
from hoaban.eid import queries as eid
from hoaban.enrolment import queries as enrolment
from hoaban.intake import queries as intake
from hoaban.matching import queries as matching
from hoaban.services import queries as services
from hoaban.steering.queries import doors
from hoaban.verification import queries as verification
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
    on = day_of(at)
    found = [
        *_doors(actor, on), *_forms(actor), *_checks(actor), *_enrolments(actor), *_cards(actor, on), *_accounts(actor),
        *_applications(actor, on),
    ]  # fmt: skip
    return sorted((pile for pile in found if pile.count), key=lambda pile: not pile.is_late)


def _doors(actor: Actor, on: dt.date) -> list[Pile]:
    if not actor.may("steering.doors"):
        return []
    communes = actor.within("steering.doors").communes or frozenset()
    return [Pile(_("Households to go to"), "steering:villages", doors.count_doors(communes, on))]


def _forms(actor: Actor) -> list[Pile]:
    if not actor.may("intake.read"):
        return []
    return [Pile(_("Forms returned, to be mended"), "intake:waiting", intake.count_to_mend(actor))]


def _checks(actor: Actor) -> list[Pile]:
    found = []
    if actor.may("verification.check"):
        unchecked = verification.count_unchecked(actor.communes)
        found.append(Pile(_("Forms drawn, to be checked"), "verification:rounds", unchecked))
    if actor.may("verification.decide"):
        corrections = verification.to_decide(actor).count()
        found.append(Pile(_("Corrections to decide as the second officer"), "verification:corrections", corrections))
    return found


def _enrolments(actor: Actor) -> list[Pile]:
    found = []
    if actor.may("enrolment.review"):
        held = enrolment.in_state("held").count()
        found.append(Pile(_("Enrolments held, to be looked at"), "enrolment:packets", held))
    if actor.may("matching.review"):
        pairs = matching.waiting_for(actor).count()
        found.append(Pile(_("Pairs to judge: one person or two?"), "matching:cases", pairs))
    return found


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


def _accounts(actor: Actor) -> list[Pile]:
    if not actor.may("eid.read"):
        return []
    return [Pile(_("Accounts not yet activated: slips"), "eid:waiting", eid.waiting(actor.communes).count())]


def _applications(actor: Actor, on: dt.date) -> list[Pile]:
    if not actor.may("services.decide"):
        return []
    waiting = services.waiting(actor.communes)
    return [
        Pile(_("Applications past their day"), "services:desk", waiting.filter(due_on__lt=on).count(), is_late=True),
        Pile(_("Applications to decide"), "services:desk", waiting.filter(due_on__gte=on).count()),
    ]
