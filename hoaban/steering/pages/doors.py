"""From house to house: villages with what waits there, and the list of doors to take along."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from hoaban.audit import actions as audit
from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound
from hoaban.places import queries as places
from hoaban.steering import queries
from hoaban.web.permissions import ActingRequest, require_permission

DOORS = "steering.doors"
PURPOSE = "campaign"  # as people.rules.PURPOSES names it
NO_VILLAGE = "0"  # in an address: people of whom the village isn't known


@require_permission(DOORS)
def villages(request: ActingRequest) -> HttpResponse:
    """The villages of the officer's communes, each with how many households wait and for what; no names."""
    communes = request.actor.within(DOORS).communes or frozenset()
    found = queries.villages_waiting(communes, today())
    return render(request, "steering/villages.html", {"villages": found, "at": now(), "none": NO_VILLAGE})


@require_permission(DOORS)
def doors(request: ActingRequest, commune: str, village: str) -> HttpResponse:
    """The households of a village that wait for something, to be printed; that names were seen is written down."""
    if not request.actor.may(DOORS, commune):
        raise Http404
    code = "" if village == NO_VILLAGE else village
    try:
        name = places.village(code).name if code else ""
    except NotFound as no:
        raise Http404 from no
    found = queries.doors_of(commune, code, today())
    shown = [person.pk for door in found for person, _waits in door.people]
    if shown:
        audit.looked(shown, by=request.actor, at=now(), purpose=PURPOSE, fields=["full_name", "born"])
    unit = places.names([commune]).get(commune, commune)
    page = {"doors": found, "village": name, "commune": unit, "people": len(shown), "at": now()}
    return render(request, "steering/doors.html", page)
