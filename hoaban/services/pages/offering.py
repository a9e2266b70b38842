"""What can be asked for, open to all: for whom, how long it takes, and which papers (none)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from hoaban.services import queries, rules
from hoaban.services.rules import Definition
from hoaban.web.permissions import ActingRequest, for_anyone


@for_anyone
def services(request: ActingRequest) -> HttpResponse:
    """Every service that can be asked for here."""
    return render(request, "services/services.html", {"services": queries.services()})


@for_anyone
def start(request: ActingRequest, slug: str) -> HttpResponse:
    """One service: for whom, how long, which papers and where they are read from, what will be asked."""
    return render(request, "services/start.html", {"service": wanted(slug)})


def wanted(slug: str) -> Definition:
    """The service of an address. Raises Http404."""
    try:
        return queries.service(slug)
    except rules.NoSuchService as missing:
        raise Http404 from missing
