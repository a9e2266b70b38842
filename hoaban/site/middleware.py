"""Finds out who acts in a request and tells the database."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hoaban.base.errors import Refusal
from hoaban.officers import queries as officers
from hoaban.web.actor import NOBODY, Actor, acting_as

Answer = Callable[[HttpRequest], HttpResponse]
CITIZEN_SESSION_KEY = "citizen_account"


class LanguageMiddleware:
    """Vietnamese unless the reader chose English: what the browser asks for isn't looked at, since many
    machines of communes are set to English."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Sets `request.actor` and lets the database show what that actor may see, for the whole request."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = _who(request)
        request.actor = actor  # type: ignore[attr-defined]
        with acting_as(actor):
            return self.answer(request)


def _who(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return officers.actor_of(request.user)
    account = request.session.get(CITIZEN_SESSION_KEY)
    if account is not None:
        from hoaban.eid import queries as eid  # type: ignore[attr-defined]

        try:
            citizen: Actor = eid.citizen_actor(account)
            return citizen
        except Refusal:
            del request.session[CITIZEN_SESSION_KEY]
    return NOBODY
