"""Unusual look-ups, ranked with their reasons; what came of looking into them."""

from __future__ import annotations

import csv
import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from hoaban.base.clock import now, today
from hoaban.base.errors import Refusal
from hoaban.oversight import actions, queries
from hoaban.oversight.forms import LookedIntoForm, SpanForm
from hoaban.oversight.queries import Ranked
from hoaban.web.permissions import ActingRequest, require_permission

MOST = 100


@require_permission("audit.read")
def unusual(request: ActingRequest) -> HttpResponse:
    """The look-ups of a span that stand out, the most unusual first."""
    form = SpanForm(request.GET)
    first, last = form.span(today()) if form.is_valid() else SpanForm.usual(today())
    found = queries.ranked(first, last, request.actor)
    actions.note_unusual(asked={"from": str(first), "until": str(last)}, person_ids=[], by=request.actor, at=now())
    if request.GET.get("dang") == "csv":
        return _as_file(found)
    page = {"form": form, "first": first, "last": last, "found": found[:MOST], "count": len(found), "most": MOST}
    return render(request, "oversight/unusual.html", page)


@require_permission("audit.read")
def one_day(request: ActingRequest, actor_id: str, day: dt.date) -> HttpResponse:
    """The look-ups of one day: each reason with its names, and what was found by who looked into them."""
    found = queries.ranked(day, day, request.actor, actor_id)
    if not found:
        raise Http404
    form = LookedIntoForm(request.POST or None)
    if form.is_valid():
        try:
            actions.look_into(actor_id=actor_id, day=day, **form.cleaned_data, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("oversight:unusual-day", actor_id, day)
    reasons = queries.behind(found[0].found)
    shown = sorted({person.pk for reason in reasons for person in reason.people})
    actions.note_unusual(asked={"officer": actor_id, "day": str(day)}, person_ids=shown, by=request.actor, at=now())
    page = {"one": found[0].found, "reasons": reasons, "form": form, "notes": queries.notes_on(actor_id, day)}
    return render(request, "oversight/unusual_day.html", page)


def _as_file(found: list[Ranked]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": "attachment"})
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["day", "officer", "name", "people", "reasons", "looked_into", "result"])
    for one in found:
        reasons = "; ".join(f"{count} {words}" for words, count in one.reasons)
        by, result = (one.note.by_name, one.result) if one.note else ("", "")
        name = one.found.actor_name.lstrip("=+-@")
        writer.writerow([one.found.day, one.found.actor_id, name, one.found.people, reasons, by, result])
    return answer
