"""Slips for officers: whose account waits, and the paper that tells its holder what to do."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.eid import actions, queries, rules
from hoaban.eid.forms import HolderForm
from hoaban.eid.rules import State
from hoaban.places import queries as places
from hoaban.web.forms import Form
from hoaban.web.permissions import ActingRequest, require_permission

MOST = 100
HEADS = [_("Name"), _("Born"), _("Commune"), _("Opened on")]


@require_permission("eid.read")
def waiting(request: ActingRequest) -> HttpResponse:
    """Accounts of the area that wait for their holder, and the way to any other by its number."""
    form = HolderForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        try:
            account = queries.account_under(form.cleaned_data["number"], request.actor.communes)
            return redirect("eid:slip", account_id=account.pk)
        except NotFound:
            form.refuse(rules.NoAccountHere(field="number"))
    found = list(queries.waiting(request.actor.communes)[:MOST])
    if found:
        audit.looked(
            [one.person_id for one in found], by=request.actor, at=now(), purpose=str(_("accounts not yet activated")),
            fields=["full_name", "born"],
        )  # fmt: skip
    communes = places.names({one.person.commune_code for one in found})
    rows = [(one, communes.get(one.person.commune_code, "")) for one in found]
    return render(request, "eid/waiting.html", {"rows": rows, "heads": HEADS, "form": form})


@require_permission("eid.read")
def slip(request: ActingRequest, account_id: int) -> HttpResponse:
    """One account's slip to print. A new code, where one is asked for, is shown this once."""
    try:
        account = queries.account(account_id)
    except NotFound as missing:
        raise Http404 from missing
    form, code = Form(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            code = actions.give_slip(account_id=account_id, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
    audit.looked([account.person_id], by=request.actor, at=now(), purpose=str(_("activation slip")))
    shown = {
        "account": account,
        "slip": queries.slip_of(account_id),
        "code": code,
        "form": form,
        "address": queries.issuer() + reverse("eid:activate"),
        "commune": places.name(account.person.commune_code),
        "joined": list(queries.under_joined(account.person_id)),
        "may_give": request.actor.may(rules.GIVE_SLIP, account.person.commune_code)
        and account.state in (State.WAITING, State.ACTIVE),
        "at": now(),
    }
    return render(request, "eid/slip.html", shown)
