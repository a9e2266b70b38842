"""Where the second officer decides what another one proposed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.people import actions, queries, rules
from hoaban.people.forms import DeclineForm
from hoaban.people.pages.opening import ask_why, reason_stated
from hoaban.web.permissions import ActingRequest, require_permission


@require_permission(rules.DECIDE)
def waiting(request: ActingRequest) -> HttpResponse:
    """Changes of the register that wait for a second officer, oldest first."""
    if not reason_stated(request):
        return ask_why(request)
    found = [queries.in_words(one, request.actor) for one in queries.waiting(request.actor)[:100]]
    if found:
        audit.looked(
            [one.person_id for one in found], by=request.actor, at=now(), purpose=reason_stated(request),
            fields=["proposals"],
        )  # fmt: skip
    return render(request, "people/waiting.html", {"found": found})


@require_permission(rules.DECIDE)
def decide(request: ActingRequest, approval_id: int) -> HttpResponse:
    """One proposed change, in words; the second officer says yes, or no with the reason."""
    try:
        found = queries.proposal(approval_id, request.actor)
    except (NotFound, rules.NotWaiting) as no:
        raise Http404 from no
    if not reason_stated(request):
        return ask_why(request)
    form = DeclineForm(request.POST if "decline" in request.POST else None)
    refusal = ""
    if request.method == "POST" and (form.is_valid() or "approve" in request.POST):
        try:
            said = _decide(request, approval_id, form)
        except Refusal as no:
            refusal = str(no)
        else:
            messages.success(request, said)
            return redirect("people:waiting")
    audit.looked(
        found.about, by=request.actor, at=now(), purpose=reason_stated(request), fields=["proposals"]
    )  # fmt: skip
    return render(request, "people/decide.html", {"found": found, "form": form, "refusal": refusal})


def _decide(request: ActingRequest, approval_id: int, form: DeclineForm) -> str:
    if "approve" in request.POST:
        actions.approve(approval_id=approval_id, by=request.actor, at=now())
        return gettext("Approved. The register says so now.")
    actions.decline(approval_id=approval_id, reason=form.cleaned_data["reason"], by=request.actor, at=now())
    return gettext("Declined. The register stays as it was.")
