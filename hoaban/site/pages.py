"""The site's own pages: the front door, the language switch and the pulse."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hoaban.web.permissions import ActingRequest, for_anyone, for_machines


@for_anyone
def front(request: ActingRequest) -> HttpResponse:
    """The front door: for citizens first, for officers below."""
    return render(request, "site/front.html")


@for_anyone
@require_POST
def language(request: ActingRequest) -> HttpResponse:
    """Remember the language the reader chose and go back to where they were."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, request.POST["language"], max_age=31_536_000)
    return response


@for_machines
def health(request: ActingRequest) -> HttpResponse:
    """Whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
