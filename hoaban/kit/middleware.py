"""Who stands at the station, and what the head of each of its pages says."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.enrolment.rules.station import ENROL
from hoaban.kit import devices, queries, rules
from hoaban.kit.line import Line
from hoaban.kit.store import Station
from hoaban.web.actor import NOBODY, Actor, Kind
from hoaban.web.permissions import ActingRequest, Page, for_anyone, require_permission

P = ParamSpec("P")
STATION = "hoaban.station"  # where the server puts the station into a request's environment
OPEN_LINE = "hoaban.open_line"
OPERATOR = "operator"


class StationRequest(ActingRequest):
    """A request at a station."""

    station: Station
    open_line: Callable[[Station], Line]


class StationMiddleware:
    """Sets `request.station` and `request.actor`."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: Any) -> HttpResponse:
        request.station = request.environ[STATION]
        request.open_line = request.environ[OPEN_LINE]
        request.actor = _who(request)
        return self.answer(request)


def at_station(page: Page[P]) -> Page[P]:
    """Mark a page as one for the operator at the station."""
    return require_permission(ENROL)(_telling(page))


def at_closed_station(page: Page[P]) -> Page[P]:
    """Mark a page as one for whoever stands before the station, PIN or not. It names nobody."""
    return for_anyone(_telling(page))


def _telling(page: Page[P]) -> Page[P]:
    """Say a refusal that no form caught on the page where the operator can go on."""

    @wraps(page)
    def telling(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except Refusal as no:
            messages.error(request, str(no))
            needs_line = isinstance(no, rules.NoList | rules.ForeignList | rules.NotRegistered)
            return redirect("kit:sync" if needs_line else "kit:today")

    return cast("Page[P]", telling)


def _who(request: Any) -> Actor:
    chosen = request.session.get(OPERATOR)
    if chosen is None:
        return NOBODY
    try:
        operators = queries.work_list(request.station).operators
    except Refusal:
        return NOBODY
    for one in operators:
        if one.id == chosen:
            return Actor(Kind.OFFICER, one.id, one.name, frozenset({ENROL}), communes=None)
    return NOBODY


def frame(request: Any) -> dict[str, Any]:
    """Context of the page frame: who stands here, the ways onward, how the station is."""
    ways = [("kit:today", _("Today")), ("kit:find", _("Find")), ("kit:sync", _("Send and receive"))]
    return {
        "actor": request.actor,
        "navigation": [(address, label, request.path == address) for name, label in ways if (address := reverse(name))],
        "simulated": devices.may_mock(),
        "condition": queries.condition(request.station),
        "kit_code": request.station.code,
    }
