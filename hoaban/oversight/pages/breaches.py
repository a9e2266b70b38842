"""Breaches: recorded, their 72 hours running, the notice to print; and the impact file."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound, Refusal
from hoaban.oversight import actions, queries, rules
from hoaban.oversight.forms import BreachForm, NoticeForm
from hoaban.oversight.models import Breach
from hoaban.web.permissions import ActingRequest, require_permission


@require_permission("oversight.protect")
def breaches(request: ActingRequest) -> HttpResponse:
    """Every breach with its clock; record a new one."""
    form = BreachForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.record_breach(**form.cleaned_data, by=request.actor, at=now())
        except Refusal as no:
            form.add_error("officer", str(no))
        else:
            return redirect("oversight:breach", made.code)
    rows = [(one, _kind(one), _hours_left(one)) for one in queries.breaches()[:200]]
    return render(request, "oversight/breaches.html", {"form": form, "rows": rows, "now": now()})


@require_permission("oversight.protect")
def breach(request: ActingRequest, code: str) -> HttpResponse:
    """One breach: the clock, whom it touched, the notice as it is printed."""
    one = _found(code)
    first = {name: getattr(one, name) for name in ("consequences", "measures", "late_because")}
    form = NoticeForm(request.POST or None, initial=first | {"people_told": one.people_told_at is not None})
    if form.is_valid():
        try:
            actions.notify(breach_id=one.pk, **form.cleaned_data, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("oversight:breach", code)
    page = {
        "breach": one, "kind": _kind(one), "hours": _hours_left(one), "form": form, "now": now(),
        "touched": queries.touched_by(one), "places": queries.touched_places(one),
    }  # fmt: skip
    return render(request, "oversight/breach.html", page)


@require_permission("oversight.protect")
def close(request: ActingRequest, code: str) -> HttpResponse:
    """Close a breach of which the ministry knows."""
    one = _found(code)
    if request.method != "POST" or one.notified_at is None:
        return HttpResponseNotAllowed(["POST"])
    actions.close_breach(breach_id=one.pk, by=request.actor, at=now())
    return redirect("oversight:breach", code)


@require_permission("oversight.protect")
def impact(request: ActingRequest) -> HttpResponse:
    """The impact file: what is done with personal data, why, on which ground, for how long, what guards it."""
    return render(request, "oversight/impact.html", {"file": queries.impact(now(), today()), "at": now()})


def _found(code: str) -> Breach:
    try:
        return queries.breach(code)
    except NotFound as missing:
        raise Http404 from missing


def _kind(one: Breach) -> object:
    return rules.BREACH_WORDS[rules.BreachKind(one.kind)]


def _hours_left(one: Breach) -> int:
    """Hours until the notice is due, negative where it is late."""
    return int((one.due_at - now()).total_seconds() // 3600)
