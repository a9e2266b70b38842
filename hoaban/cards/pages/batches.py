"""Batches: packed at the desk, sent, taken in at the commune."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hoaban.base.clock import now
from hoaban.base.errors import NotAllowed, NotFound, Refusal
from hoaban.cards import actions, queries
from hoaban.cards.forms import MissingForm
from hoaban.cards.models import Batch
from hoaban.cards.rules import BatchState
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission

SHOWN = 50


@require_permission("cards.read")
def batches(request: ActingRequest) -> HttpResponse:
    """Checked cards by commune, to be packed, and the batches there are."""
    actor = request.actor
    if request.method == "POST":
        try:
            made = actions.make_batch(commune_code=request.POST.get("commune", ""), by=actor, at=now())
        except Refusal as no:
            messages.error(request, str(no))
            return redirect("cards:batches")
        return redirect("cards:batch", code=made.code)
    waiting = queries.to_pack(actor.communes) if actor.may("cards.produce") else {}
    found = list(queries.batches(actor.communes)[:SHOWN])
    names = {code: places.name(code) for code in {*waiting, *(one.commune_code for one in found)}}
    return render(
        request,
        "cards/batches.html",
        {
            "waiting": [(code, names[code], count) for code, count in waiting.items()],
            "batches": [(one, names[one.commune_code]) for one in found],
        },
    )


@require_permission("cards.read")
def batch(request: ActingRequest, code: str) -> HttpResponse:
    """One batch: its cards; sent from here, and taken in at the commune."""
    actor = request.actor
    try:
        one = queries.batch(code, actor.communes)
    except NotFound as missing:
        raise Http404 from missing
    form = MissingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _move_on(request, one, form.serials())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("cards:batch", code=one.code)
    return render(
        request,
        "cards/batch.html",
        {
            "batch": one,
            "cards": queries.cards_of(one),
            "commune": places.name(one.commune_code),
            "may_send": one.state is BatchState.PACKED and actor.may("cards.produce", one.commune_code),
            "may_take_in": one.state is BatchState.SENT and actor.may("cards.hand_over", one.commune_code),
            "address": request.build_absolute_uri(),
            "form": form,
        },
    )


def _move_on(request: ActingRequest, one: Batch, missing: list[str]) -> None:
    """The next step of a batch: off it goes, or it is here."""
    if one.state is BatchState.PACKED:
        actions.send_batch(batch_id=one.pk, by=request.actor, at=now())
        messages.success(request, gettext("The batch is on its way."))
    elif one.state is BatchState.SENT:
        taken = actions.arrive(batch_id=one.pk, missing=missing, by=request.actor, at=now())
        messages.success(request, gettext("%(count)s cards are here.") % {"count": taken.arrived_count})
    else:
        raise NotAllowed
