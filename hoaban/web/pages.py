"""The gallery: every component in every state, for those who build pages and for the tests that walk it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from hoaban.web import samples
from hoaban.web.permissions import ActingRequest, for_anyone


@for_anyone
def gallery(request: ActingRequest) -> HttpResponse:
    """All components; `?form=bad` fills the form wrongly."""
    return render(request, "web/gallery.html", samples.everything(wrong="wrong" in request.GET))


@for_anyone
def error(request: ActingRequest, status: int) -> HttpResponse:
    """How an error page looks."""
    if status not in (400, 403, 404, 500, 503):
        raise Http404
    return render(request, f"{status}.html", status=status)
