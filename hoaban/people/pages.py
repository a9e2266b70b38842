"""Pages of the register: find somebody, see their record, its history and who looked at it.

A record opens only after the officer has said why; the answer is remembered until they sign out, and
each opening is written to the audit with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.people import queries, rules
from hoaban.people.forms import FindForm, PurposeForm
from hoaban.people.models import Person
from hoaban.web.permissions import ActingRequest, require_permission

PURPOSE = "people.purpose"
MOST = 50

Opened = Callable[[ActingRequest, Person], HttpResponse]


@require_permission("people.read")
def find(request: ActingRequest) -> HttpResponse:
    """Find somebody in the officer's area."""
    form = FindForm(request.GET if "text" in request.GET else None)
    found: list[Person] = []
    if form.is_valid():
        found = queries.find(form.cleaned_data["text"], request.actor, limit=MOST)
        _write_down(request, found)
    page = {"form": form, "found": queries.listed(found), "searched": form.is_bound and form.is_valid(), "most": MOST}
    return render(request, "people/find.html", page)


@require_permission("people.read")
def purpose(request: ActingRequest) -> HttpResponse:
    """Ask why, remember the answer, go on to the record."""
    form = PurposeForm(request.POST or None)
    onward = request.GET.get("toi", "")
    if form.is_valid():
        request.session[PURPOSE] = form.cleaned_data["purpose"]
        safe = url_has_allowed_host_and_scheme(onward, {request.get_host()})
        return HttpResponseRedirect(onward if safe else reverse("people:find"))
    return render(request, "people/purpose.html", {"form": form})


def _opening(*fields: str) -> Callable[[Opened], Callable[..., HttpResponse]]:
    """A page of one person: in the officer's area, for a stated purpose, and written down."""

    def mark(page: Opened) -> Callable[..., HttpResponse]:
        @require_permission("people.read")
        @wraps(page)
        def opened(request: ActingRequest, person_id: int) -> HttpResponse:
            try:
                person = queries.person(person_id)
            except NotFound as no:
                raise Http404 from no
            why = request.session.get(PURPOSE)
            if why not in rules.PURPOSES:
                return redirect(f"{reverse('people:purpose')}?{urlencode({'toi': request.get_full_path()})}")
            audit.looked([person.pk], by=request.actor, at=now(), purpose=why, fields=fields)
            return page(request, person)

        return opened

    return mark


@_opening("record")
def person(request: ActingRequest, person: Person) -> HttpResponse:
    """Everything that the register says of somebody, each fact with its source."""
    life = rules.LIFE_WORDS[rules.Life(person.life)]
    return render(request, "people/person.html", {"person": person, "record": queries.record_of(person), "life": life})


@_opening("history")
def history(request: ActingRequest, person: Person) -> HttpResponse:
    """Every change of the record, newest first."""
    return render(request, "people/history.html", {"person": person, "changes": queries.said_changes(person.pk)})


@_opening("looks")
def who_looked(request: ActingRequest, person: Person) -> HttpResponse:
    """Who opened the record, when and why."""
    looks = [
        (entry, rules.PURPOSES.get(entry.purpose, entry.purpose)) for entry in audit_queries.who_looked(person.pk)[:100]
    ]
    return render(request, "people/who_looked.html", {"person": person, "looks": looks})


def _write_down(request: ActingRequest, found: list[Person]) -> None:
    """A search shows names: it's written down like a look, under the people it showed."""
    facts: dict[str, Any] = {"found": len(found)}
    audit.record(
        "people.searched", "people.Person", by=request.actor, at=now(), facts=facts,
        person_ids=[person.pk for person in found], purpose=request.session.get(PURPOSE, ""),
    )  # fmt: skip
