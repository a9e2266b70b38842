"""What every request passes: its language, who acts in it and what the database shows them, compression."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from hoaban.base.errors import Refusal
from hoaban.eid import queries as eid
from hoaban.officers import queries as officers
from hoaban.web.actor import NOBODY, Actor, Kind, acting_as, coming_from

logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
CITIZEN_SESSION_KEY = "citizen_account"
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{2,45}")
_BROWSERS = ("Edg", "OPR", "CocCoc", "Firefox", "Chrome", "Version", "curl")  # the most telling name first
_MACHINES = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
CITIZEN_SIGNED_IN_AT = "citizen_signed_in_at"  # seconds since 1970


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


class CompressMiddleware:
    """Sends text compressed where the browser takes it; pictures, fonts and documents are small already.

    Each answer is padded by a random length and tokens of forms are masked anew each time, so that its size tells
    nobody what a page holds (the BREACH attack).
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self._gzip = GZipMiddleware(answer)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = self.answer(request)
        if not response.headers.get("Content-Type", "").startswith(("text/", "image/svg+xml")):
            return response
        response = self._gzip.process_response(request, response)
        if response.has_header("Content-Encoding"):
            response.headers.pop("ETag", None)  # files are asked for again by their date
        return response


def _say_what_cannot_be_kept(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """What the database can't hold (a NUL, a number beyond its columns) is the sender's to mend, and no fault."""
    if isinstance(exception, DataError):
        logger.warning("refused what can't be kept, sent to %s", request.resolver_match)
        return render(request, "400.html", status=400)
    return None


class ActorMiddleware:
    """Sets `request.actor` and lets the database show what that actor may see, for the whole request."""

    process_exception = staticmethod(_say_what_cannot_be_kept)  # as Django calls it

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = _who(request)
        request.actor = actor  # type: ignore[attr-defined]
        with acting_as(actor), coming_from(_address(request), _browser(request)):
            if _lacks_second_factor(request, actor):
                messages.warning(request, _("Your account has no second step yet. Set it up before you work."))
                return redirect("mfa_activate_totp")
            return self.answer(request)


def _lacks_second_factor(request: HttpRequest, actor: Actor) -> bool:
    return (
        settings.HOABAN_SECOND_FACTOR
        and actor.kind is Kind.OFFICER
        and not request.path.startswith(("/dong-chi/", "/static/", "/ngon-ngu"))
        and not officers.has_second_factor(request.user)
    )


def _address(request: HttpRequest) -> str:
    """The client's address. What a proxy of ours says it passed on is believed, what anybody else says isn't."""
    passed_by = [*request.headers.get("X-Forwarded-For", "").split(","), request.META.get("REMOTE_ADDR", "")]
    for address in reversed([one.strip() for one in passed_by]):
        if address not in settings.HOABAN_PROXIES:
            return address[:45] if _ADDRESS.fullmatch(address) else ""
    return ""


def _browser(request: HttpRequest) -> str:
    """The browser and its machine in two words: "Firefox 128, Windows"."""
    said = request.headers.get("User-Agent", "")
    found = next((one for name in _BROWSERS if (one := re.search(rf"{name}/(\d{{1,4}})", said))), None)
    machine = next((name for name in _MACHINES if name in said), "")
    browser = f"{found[0].split('/')[0]} {found[1]}" if found else ""
    return ", ".join(part for part in (browser, machine) if part)


def _who(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return officers.actor_of(request.user)
    account = request.session.get(CITIZEN_SESSION_KEY)
    if account is not None:
        try:
            return eid.citizen_actor(account, request.session.get(CITIZEN_SIGNED_IN_AT))
        except Refusal:
            del request.session[CITIZEN_SESSION_KEY]
    return NOBODY
