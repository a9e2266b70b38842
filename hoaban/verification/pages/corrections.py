"""Corrections that wait for a second officer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.verification import actions, queries
from hoaban.verification.forms import ReasonForm
from hoaban.verification.models import SampledForm
from hoaban.web.permissions import ActingRequest, require_permission

PAGE = 50


@require_permission("verification.decide")
def waiting(request: ActingRequest) -> HttpResponse:
    """Each form with what its checker found: correct the register, or decline with the reason."""
    forms = list(queries.to_decide(request.actor).prefetch_related("findings")[:PAGE])
    reason = ReasonForm()
    if request.method == "POST":
        one = next((form for form in forms if str(form.pk) == request.POST.get("form")), None)
        if one is None:
            messages.error(request, gettext("That correction doesn't wait for you any more."))
            return redirect("verification:corrections")
        reason = ReasonForm(request.POST)
        if _decide(request, one, reason):
            return redirect("verification:corrections")
    if forms:
        persons = [form.person_id for form in forms]
        audit.looked(persons, by=request.actor, at=now(), purpose="check", fields=["full_name", "findings"])
    rows = [(form, queries.said(form.findings.all())) for form in forms]
    page = {"rows": rows, "form": reason, "refused": request.POST.get("form", "")}
    return render(request, "verification/corrections.html", page)


def _decide(request: ActingRequest, one: SampledForm, reason: ReasonForm) -> bool:
    """Do what was asked with one form; False where something must be mended first."""
    try:
        if request.POST.get("decision") == "approve":
            actions.approve(form_id=one.pk, by=request.actor, at=now())
            messages.success(request, gettext("The register says now what form %(serial)s says.") % {"serial": one})
        elif reason.is_valid():
            actions.decline(form_id=one.pk, reason=reason.cleaned_data["reason"], by=request.actor, at=now())
            messages.success(request, gettext("Declined. The register stays as it is."))
        else:
            return False
    except Refusal as no:
        messages.error(request, str(no))
    return True
