"""The desk of the commune: what is due first, and the decision on one application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hoaban.audit import actions as audit
from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound, Refusal
from hoaban.services import actions, queries, rules
from hoaban.services.forms import DeclineForm, ReturnForm
from hoaban.services.models import Application
from hoaban.services.pages import telling
from hoaban.web.forms import Form
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Tone

MOST = 100


@dataclass(frozen=True)
class Row:
    """One application that waits."""

    code: str
    service: str
    about: str
    applicant: str
    sent_at: Any
    due_on: Any
    tone: Tone
    left: str
    is_returned: bool


@require_permission("services.decide")
def desk(request: ActingRequest) -> HttpResponse:
    """Applications that wait, what is due first on top."""
    communes = request.actor.communes
    rows = [_row(one) for one in queries.waiting(communes)[:MOST]]
    page = {"rows": rows, "with_citizens": queries.with_citizens(communes), "most": MOST}
    return render(request, "services/desk.html", page)


@require_permission("services.decide")
def application(request: ActingRequest, code: str) -> HttpResponse:
    """One application: approve it, send it back or decline it."""
    one = _found(request, code)
    service = queries.service(one.definition)
    back, no = ReturnForm(service=service), DeclineForm()
    if request.method == "POST":
        back, no, done = _decided(request, one, service)
        if done:
            messages.success(request, _("Application %(code)s: %(done)s.") % {"code": one.code, "done": done})
            return redirect("services:desk")
    audit.looked(
        [one.applicant_id, one.about_id], by=request.actor, at=now(), purpose="service", fields=["application"]
    )
    tone, left = telling.days_left(one.due_on, today())
    page = {
        "application": one, "service": service, "facts": telling.officers_facts_of(one), "back": back, "no": no,
        "tone": tone, "left": left, "fault": telling.fault_of(one), "mender": telling.mender_of(one),
        "is_open": one.state in rules.OPEN and one.mender != rules.Mender.CITIZEN,
        "history": telling.history_of(one),
    }  # fmt: skip
    return render(request, "services/application.html", page)


def _decided(
    request: ActingRequest, one: Application, service: rules.Definition
) -> tuple[ReturnForm, DeclineForm, str]:
    """What the officer decided, in a word, "" where a rule or the form says no; and the forms to show then."""
    decision = request.POST.get("decision", "")
    back = ReturnForm(request.POST if decision == "return" else None, service=service)
    no = DeclineForm(request.POST if decision == "decline" else None)
    act: dict[str, tuple[Form | None, Callable[..., Application], str]] = {
        "approve": (None, actions.approve, _("approved")),
        "return": (back, actions.send_back, _("sent back")),
        "decline": (no, actions.decline, _("declined")),
    }
    if decision not in act:
        return back, no, ""
    form, decide, done = act[decision]
    if form is not None and not form.is_valid():
        return back, no, ""
    try:
        decide(application_id=one.pk, by=request.actor, at=now(), **(form.cleaned_data if form else {}))
    except Refusal as refusal:
        if form is None:
            messages.error(request, str(refusal))
        else:
            form.refuse(refusal)
        return back, no, ""
    return back, no, done


def _found(request: ActingRequest, code: str) -> Application:
    try:
        return queries.application(code, request.actor.communes)
    except NotFound as missing:
        raise Http404 from missing


def _row(one: Application) -> Row:
    tone, left = telling.days_left(one.due_on, today())
    return Row(
        one.code, str(queries.service(one.definition).name), one.prefilled["about_name"],
        one.prefilled["applicant_name"], one.submitted_at, one.due_on, tone, left, one.state == rules.State.RETURNED,
    )  # fmt: skip
