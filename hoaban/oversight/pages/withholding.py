"""Looks that a citizen is told of later: proposed on a ground, decided by a second officer, ended by a day."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from hoaban.base.clock import VIETNAM, now, today
from hoaban.base.errors import NotFound, Refusal
from hoaban.oversight import actions, queries
from hoaban.oversight.forms import DecideForm, WithholdForm
from hoaban.people import queries as people
from hoaban.web.permissions import ActingRequest, require_permission


@require_permission("oversight.ask_to_withhold")
def ask(request: ActingRequest) -> HttpResponse:
    """Propose that somebody is told later."""
    form = WithholdForm(request.POST or None)
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            actions.propose_withholding(
                person_id=people.by_number(asked.pop("number")).pk,
                since=dt.datetime.combine(asked.pop("since"), dt.time(), VIETNAM), **asked, by=request.actor, at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("oversight:ask-to-withhold")
    rows = queries.withheld_rows(request.actor, today())
    return render(request, "oversight/ask_to_withhold.html", {"form": form, "rows": rows})


@require_permission("oversight.withhold")
def withholdings(request: ActingRequest) -> HttpResponse:
    """Every look that is told of later: who proposed it, on which ground, until when."""
    rows = queries.withheld_rows(request.actor, today())
    return render(request, "oversight/withholdings.html", {"rows": rows})


@require_permission("oversight.withhold")
def decide(request: ActingRequest, withholding_id: int) -> HttpResponse:
    """The second officer's decision."""
    try:
        one = queries.withholding(withholding_id)
    except NotFound as missing:
        raise Http404 from missing
    form = DecideForm(request.POST or None)
    if form.is_valid():
        act = actions.approve_withholding if form.cleaned_data["approves"] == "yes" else actions.decline_withholding
        try:
            act(withholding_id=one.pk, reason=form.cleaned_data["reason"], by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("oversight:withholdings")
    [row] = [row for row in queries.withheld_rows(request.actor, today()) if row.one.pk == one.pk]
    return render(request, "oversight/withholding.html", {"row": row, "form": form})
