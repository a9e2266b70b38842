"""How a page of one person or one household opens: in the officer's area, for a stated purpose, written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hoaban.audit import actions as audit
from hoaban.base.clock import VIETNAM, now, today
from hoaban.base.errors import NotFound
from hoaban.people import queries, rules
from hoaban.people.forms import DaysForm, Pairs, pairs
from hoaban.people.models import Household
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission

PURPOSE = "people.purpose"
READ, CHANGE = "people.read", rules.CHANGE


def person_page(
    permission: str, *fields: str
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:  # fmt: skip
    """A page of one person, given as the second argument."""

    def mark(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_permission(permission)
        @wraps(page)
        def opened(request: ActingRequest, /, person_id: int, **more: str) -> HttpResponse:
            one = _found(lambda: queries.person(person_id))
            return _opened(request, [one.pk], fields) or page(request, one, **more)

        return opened

    return mark


def household_page(
    permission: str, *fields: str
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:  # fmt: skip
    """A page of one household, given as the second argument."""

    def mark(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_permission(permission)
        @wraps(page)
        def opened(request: ActingRequest, household_id: int) -> HttpResponse:
            home: Household = _found(lambda: queries.household(household_id))
            ids = [one.pk for one in queries.members(home)]
            return _opened(request, ids, fields) or page(request, home)

        return opened

    return mark


def reason_stated(request: ActingRequest) -> str:
    """Why the officer opens records, or "" where they haven't said."""
    why = str(request.session.get(PURPOSE, ""))
    return why if why in rules.PURPOSES else ""


def ask_why(request: ActingRequest) -> HttpResponse:
    """To the page that asks, and from there to where the officer wanted to go."""
    return redirect(f"{reverse('people:purpose')}?{urlencode({'toi': request.get_full_path()})}")


def days_asked(request: ActingRequest) -> tuple[DaysForm, dt.date, dt.datetime, bool]:
    """The picker, the day asked for, the moment of what was known, and whether they are other than now."""
    form = DaysForm(request.GET if request.GET.keys() & {"ngay", "biet"} else None, initial={"ngay": today()})
    day, moment = today(), now()
    if form.is_valid():
        day = form.cleaned_data["ngay"] or day
        if known := form.cleaned_data["biet"]:
            moment = min(moment, dt.datetime.combine(known, dt.time.max, VIETNAM))
    return form, day, moment, form.is_bound and form.is_valid()


def communes_of(request: ActingRequest) -> Pairs:
    """The communes of the officer's area, by name."""
    communes = request.actor.communes
    found = pairs((one.key, one.full_name) for one in places.communes() if communes is None or one.key in communes)
    return sorted(found, key=lambda pair: pair[1])


def _found(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except NotFound as no:
        raise Http404 from no


def _opened(request: ActingRequest, person_ids: list[int], fields: tuple[str, ...]) -> HttpResponse | None:
    """Write down that these records are opened; the way to the question where no purpose was stated."""
    why = reason_stated(request)
    if not why:
        return ask_why(request)
    audit.looked(person_ids, by=request.actor, at=now(), purpose=why, fields=fields)
    return None
