"""What stands in the head of every page: the ways onward that the reader may take."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from hoaban.base.words import _
from hoaban.rehearsal import queries as rehearsal
from hoaban.web.actor import NOBODY
from hoaban.web.permissions import CITIZEN

# (permission, address name, label), in the order of the work
WAYS: list[tuple[str, str, Any]] = [
    ("officers.home", "steering:home", _("Today's work")),
    ("steering.doors", "steering:villages", _("From house to house")),
    ("officers.home", "officers:waiting", _("Second officer")),
    ("people.read", "people:find", _("People")),
    ("places.read", "places:find", _("Places")),
    ("intake.read", "intake:batches", _("Forms")),
    ("verification.check", "verification:rounds", _("Checks")),
    ("campaign.read", "campaign:board", _("Campaign")),
    ("enrolment.read", "enrolment:packets", _("Enrolment")),
    ("matching.review", "matching:cases", _("One or two?")),
    ("cards.read", "cards:desk", _("Cards")),
    ("services.decide", "services:desk", _("Services")),
    ("steering.board", "steering:board", _("Board")),
    ("audit.read", "oversight:entries", _("Audit")),
    (CITIZEN, "services:citizen-home", _("My page")),
    (CITIZEN, "oversight:who-looked", _("Who looked")),
]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the page frame: `actor`, `navigation` as (address, label, is_current), `simulated`."""
    actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        "navigation": [
            (address, label, request.path == address)
            for permission, name, label in WAYS
            if permission in actor.permissions and (address := _address(name))
        ],
        "simulated": settings.HOABAN_SYNTHETIC,
        "demo_accounts": rehearsal.accounts,  # asked for by the sign-in pages alone
    }


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
