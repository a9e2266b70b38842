"""The one mark that every page carries: who may ask for it.

`@require_permission("cards.issue")` for officers, `@for_citizen` for a signed-in citizen,
`@for_anyone` for open pages, `@for_machines` for addresses that check keys themselves. A test walks
all addresses and fails on one without a mark.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.csrf import csrf_exempt

from hoaban.web.actor import Actor, Kind, acting_as

P = ParamSpec("P")
Page = Callable[Concatenate[Any, P], HttpResponse]

CITIZEN = "citizen"
ANYONE = "anyone"
MACHINES = "machines"


class ActingRequest(HttpRequest):
    """A request in which the site has found out who acts."""

    actor: Actor


def require_permission(permission: str) -> Callable[[Page[P]], Page[P]]:
    """Only officers with that permission; others are told that they may not, and no more.

    On such a page an officer of several roles sees the areas of those that give the permission."""

    def mark(page: Page[P]) -> Page[P]:
        @wraps(page)
        def guarded(request: ActingRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.actor.kind is not Kind.OFFICER:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if not request.actor.may(permission):
                return render(request, "403.html", status=403)
            narrowed = request.actor.within(permission)
            if narrowed is request.actor:
                return page(request, *args, **kwargs)
            with acting_as(narrowed):
                request.actor = narrowed
                return page(request, *args, **kwargs)

        return cast("Page[P]", _marked(guarded, permission))

    return mark


def for_citizen(page: Page[P]) -> Page[P]:
    """Only a citizen who has signed in with their e-ID."""

    @wraps(page)
    def guarded(request: ActingRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.kind is not Kind.CITIZEN:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.CITIZEN_LOGIN_URL))
        return page(request, *args, **kwargs)

    return cast("Page[P]", _marked(guarded, CITIZEN))


def for_anyone(page: Page[P]) -> Page[P]:
    """Open to all."""
    return cast("Page[P]", _marked(page, ANYONE))


def for_machines(page: Page[P]) -> Page[P]:
    """For programs, which sign their requests; no cookies and so no cross-site token."""
    return cast("Page[P]", _marked(csrf_exempt(page), MACHINES))


def _marked(page: Any, permission: str) -> Any:
    page.permission = permission
    return page
