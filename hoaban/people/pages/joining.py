"""Proposing that two records are one person's: choose the other, see both side by side, say which one stays."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.people import actions, forms, queries, rules
from hoaban.people.models import Person
from hoaban.people.pages.changing import JOIN, WAYS, source_of, ways_for
from hoaban.people.pages.opening import CHANGE, person_page, reason_stated
from hoaban.web.permissions import ActingRequest

MOST = 20


@person_page(CHANGE, "join")
def join(request: ActingRequest, person: Person) -> HttpResponse:
    """First the other record, then both side by side with the form of the proposal."""
    if JOIN not in dict(ways_for(person, request.actor)):
        raise Http404
    return _compare(request, person) if request.GET.get("voi") else _choose(request, person)


def _choose(request: ActingRequest, person: Person) -> HttpResponse:
    """Records that are alike, and those found by a name or a number; each list is written down like a search."""
    asked = "text" in request.GET
    form = forms.OtherForm(request.GET if asked else None)
    if asked and form.is_valid():
        found = queries.find(form.cleaned_data["text"], request.actor)
    else:
        found = queries.alike(person.pk)
    others = [one for one in found if one.pk != person.pk and one.joined_to_id is None][:MOST]
    if others:
        audit.record(
            "people.searched", "people.Person", by=request.actor, at=now(), purpose=reason_stated(request),
            facts={"found": len(others)}, person_ids=[one.pk for one in others],
        )  # fmt: skip
    page = {"person": person, "form": form, "others": queries.listed(others), "asked": asked, "label": WAYS[JOIN].label}
    return render(request, "people/choose_other.html", page)


def _compare(request: ActingRequest, person: Person) -> HttpResponse:
    """Both records side by side; the proposal is about the one that stays."""
    other = _other(request, person)
    stays, goes = queries.in_order_of_standing(person.pk, other.pk)
    form = forms.JoinForm(
        request.POST or None, records=[_named(one) for one in (stays, goes)], initial={"stays": stays.pk}
    )
    if form.is_valid():
        said = form.cleaned_data
        if int(said["stays"]) != stays.pk:
            stays, goes = goes, stays
        try:
            actions.propose(
                deed=rules.Deed.JOIN, person_id=stays.pk, facts={"goes_id": goes.pk, "evidence": said["evidence"]},
                source=source_of(WAYS[JOIN].paper, said), by=request.actor, at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("Sent to a second officer, who decides."))
            return redirect("people:person", person.pk)
    audit.looked([other.pk], by=request.actor, at=now(), purpose=reason_stated(request), fields=["join"])
    page = {
        "person": person, "other": other, "form": form, "label": WAYS[JOIN].label,
        "compared": queries.side_by_side(person, other),
    }  # fmt: skip
    return render(request, "people/join.html", page)


def _other(request: ActingRequest, person: Person) -> Person:
    """The record that was chosen, in the officer's area."""
    try:
        other = queries.person(int(request.GET["voi"]))
    except (NotFound, ValueError) as no:
        raise Http404 from no
    if other.pk == person.pk or other.joined_to_id is not None or not request.actor.may(CHANGE, other.commune_code):
        raise Http404
    return other


def _named(one: Person) -> tuple[int, str]:
    number = one.number or gettext("no number")
    return one.pk, f"{one.full_name}, {queries.printed('born', one.born)}, {number}"
