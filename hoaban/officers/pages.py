"""The second officer's page: what waits for them in all rooms."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hoaban.base.clock import now
from hoaban.officers import queries
from hoaban.officers.queries import Seen
from hoaban.web.permissions import ActingRequest, require_permission

LOOKED_BACK_DAYS = 30


@require_permission("officers.home")
def waiting(request: ActingRequest) -> HttpResponse:
    """What waits for this officer as the second one, and what became of their own proposals."""
    at = now()
    to_decide = queries.seen(queries.waiting_for(request.actor)[:200])
    mine = queries.seen(queries.proposed_by(request.actor, at - dt.timedelta(days=LOOKED_BACK_DAYS))[:100])
    page = {
        "to_decide": [(one, _address(one)) for one in to_decide],
        "mine": [(one, _address(one)) for one in mine],
        "soon": at + dt.timedelta(days=2),
        "days": LOOKED_BACK_DAYS,
    }
    return render(request, "officers/waiting.html", page)


def _address(one: Seen) -> str:
    return reverse(one.page, args=one.keys) if one.page else ""
