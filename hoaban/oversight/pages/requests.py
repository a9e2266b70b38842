"""Requests of citizens about their own data: asked on their page or at the desk, answered by a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.oversight import actions, queries, rules
from hoaban.oversight.forms import AnswerForm, AskForm, DeskAskForm
from hoaban.oversight.rules import RequestKind
from hoaban.people import queries as people
from hoaban.web.permissions import ActingRequest, for_citizen, require_permission

if TYPE_CHECKING:
    from hoaban.oversight.models import Request


@for_citizen
def my_requests(request: ActingRequest) -> HttpResponse:
    """What a citizen may ask about their own data, and what became of what they asked."""
    person_id = request.actor.person_id
    assert person_id is not None
    form = AskForm(request.POST or None)
    if form.is_valid():
        actions.ask(person_id=person_id, **form.cleaned_data, by=request.actor, at=now())
        return redirect("oversight:my-requests")
    return render(request, "oversight/my_requests.html", {"form": form, "rows": _told(queries.requests_of(person_id))})


@for_citizen
def disagree(request: ActingRequest, ulid: str) -> HttpResponse:
    """One button: the citizen doesn't agree with a look; it becomes a case with a deadline."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    person_id = request.actor.person_id
    assert person_id is not None
    try:
        actions.ask(person_id=person_id, kind=RequestKind.OBJECT, text="", entry_ulid=ulid, by=request.actor, at=now())
    except Refusal as no:
        raise Http404 from no
    return redirect("oversight:my-requests")


@require_permission("oversight.protect")
def requests(request: ActingRequest) -> HttpResponse:
    """The requests of the area, those that wait first, each with its day."""
    form = DeskAskForm(request.POST or None)
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            person_id = people.by_number(asked.pop("number")).pk
            made = actions.ask(person_id=person_id, **asked, by=request.actor, at=now())
        except Refusal as no:
            form.add_error("number", str(no))
        else:
            return redirect("oversight:request", made.code)
    page = {"form": form, "rows": _told(queries.requests(request.actor)[:200]), "now": now()}
    return render(request, "oversight/requests.html", page)


@require_permission("oversight.protect")
def one_request(request: ActingRequest, code: str) -> HttpResponse:
    """One request: what was asked, about which look, and its answer."""
    try:
        one = queries.request(code)
    except NotFound as missing:
        raise Http404 from missing
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        grants, words = form.cleaned_data["grants"] == "yes", form.cleaned_data["answer"]
        try:
            actions.answer(request_id=one.pk, grants=grants, answer=words, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("oversight:request", code)
    actions.note_reading(asked={"request": code}, person_id=one.person_id, by=request.actor, at=now())
    [row] = _told([one])
    page = {"row": row, "form": form, "look": queries.look_under(one.entry_ulid), "now": now()}
    return render(request, "oversight/request.html", page)


def _told(found: Iterable[Request]) -> list[tuple[Request, object, object]]:
    return [
        (one, rules.REQUEST_WORDS[RequestKind(one.kind)], rules.STATE_WORDS[rules.RequestState(one.state)])
        for one in found
    ]
