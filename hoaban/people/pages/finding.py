"""Find somebody by all that is known of them, and say why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.people import queries, rules
from hoaban.people.forms import FindForm, PurposeForm
from hoaban.people.models import Person
from hoaban.people.pages.opening import PURPOSE, READ, ask_why, communes_of, reason_stated
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission

MOST = 50


@require_permission(READ)
def find(request: ActingRequest) -> HttpResponse:
    """Find somebody in the officer's area; each search has its purpose and is written down."""
    asked = bool(request.GET.keys() & {"text", "head", "village"})
    if asked and not reason_stated(request):
        return ask_why(request)
    communes = communes_of(request)
    form = FindForm(request.GET if asked else None, communes=communes)
    found: list[Person] = []
    others: list[Person] = []
    wanted = _wanted(request, form, [code for code, _name in communes]) if form.is_valid() else None
    if wanted is not None:
        found = queries.found(wanted, MOST)
        others = queries.otherwise_spelt(wanted, MOST, found) if len(found) < MOST else []
        _write_down(request, [*found, *others])
    page = {
        "form": form, "found": queries.listed(found), "others": queries.listed(others), "most": MOST,
        "searched": wanted is not None, "purpose": rules.PURPOSES.get(reason_stated(request), ""),
    }  # fmt: skip
    return render(request, "people/find.html", page)


@require_permission(READ)
def purpose(request: ActingRequest) -> HttpResponse:
    """Ask why, remember the answer, go on to the record."""
    form = PurposeForm(request.POST or None)
    onward = request.GET.get("toi", "")
    if form.is_valid():
        request.session[PURPOSE] = form.cleaned_data["purpose"]
        safe = url_has_allowed_host_and_scheme(onward, {request.get_host()})
        return HttpResponseRedirect(onward if safe else reverse("people:find"))
    return render(request, "people/purpose.html", {"form": form})


def _wanted(request: ActingRequest, form: FindForm, area: list[str]) -> queries.Wanted | None:
    """What the officer asks for; a village is looked up in the commune that is chosen or the only one."""
    said = form.cleaned_data
    communes = [said["commune"]] if said.get("commune") else area
    village = ""
    if said["village"]:
        if len(communes) != 1:
            form.refuse(rules.CommuneNeeded(field="commune"))
            return None
        try:
            village = places.village_named(communes[0], said["village"]).code
        except NotFound:
            form.refuse(rules.NoSuchVillage(field="village", village=said["village"]))
            return None
    everywhere = request.actor.communes is None and not said.get("commune")
    wanted = queries.Wanted(said["text"], said["born"], village, said["head"], None if everywhere else communes)
    if not wanted.is_enough:
        form.refuse(rules.TooLittleAsked(field="text"))
        return None
    return wanted


def _write_down(request: ActingRequest, found: list[Person]) -> None:
    """A search shows names: it's written down like a look, under the people it showed."""
    facts: dict[str, Any] = {"found": len(found)}
    audit.record(
        "people.searched", "people.Person", by=request.actor, at=now(), facts=facts,
        person_ids=[person.pk for person in found], purpose=reason_stated(request),
    )  # fmt: skip
