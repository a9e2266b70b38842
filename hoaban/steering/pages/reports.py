"""The official weekly report: close the day, look at it, take it as DOCX or PDF."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from hoaban.base.clock import now, today
from hoaban.base.errors import Refusal
from hoaban.steering import actions, queries, rules
from hoaban.steering.engine import papers
from hoaban.steering.forms import WeekForm
from hoaban.web.permissions import ActingRequest, require_permission

KINDS = {
    "docx": (papers.docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (papers.pdf, "application/pdf"),
}


@require_permission(rules.REPORT)
def weekly(request: ActingRequest) -> HttpResponse:
    """The report of the week that ends with the day asked for, as it will read; else the last one closed."""
    last = queries.closed_by(today())
    asked = {"den": f"{last.day:%d/%m/%Y}"} if last else None
    form = WeekForm(request.GET if "den" in request.GET else asked)
    report = None
    if form.is_valid():
        try:
            report = queries.report(form.cleaned_data["den"], request.actor)
        except rules.NotClosed as no:
            form.refuse(no)
    shown = {
        "form": form, "report": report, "until": form.cleaned_data.get("den") if report else None,
        "days": queries.closings()[:10],
        "may_close": request.actor.communes is None and (last is None or last.day != today()),
    }  # fmt: skip
    return render(request, "steering/weekly.html", shown)


@require_permission(rules.REPORT)
@require_POST
def close(request: ActingRequest) -> HttpResponse:
    """Close today's figures."""
    try:
        actions.close_day(by=request.actor, at=now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, gettext("Today's figures are closed."))
    return redirect("steering:weekly")


@require_permission(rules.REPORT)
def document(request: ActingRequest, kind: str) -> HttpResponse:
    """The report as a file."""
    form = WeekForm(request.GET)
    if kind not in KINDS or not form.is_valid():
        raise Http404
    until: dt.date = form.cleaned_data["den"]
    try:
        report = queries.report(until, request.actor)
    except rules.NotClosed as no:
        raise Http404 from no
    write, content_type = KINDS[kind]
    named = f'attachment; filename="{papers.file_name(until, kind)}"'
    return HttpResponse(write(report), content_type=content_type, headers={"Content-Disposition": named})
