"""The counter at the commune: scan, ask for the number, hand over. And the page of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.cards import actions, queries, rules
from hoaban.cards.forms import HandoverForm, ReasonForm, ScanForm
from hoaban.cards.models import Card
from hoaban.cards.pages.portraits import inline
from hoaban.cards.rules import CardState
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission

if TYPE_CHECKING:
    from hoaban.people.models import Person

SIDES = ("truoc", "sau")  # front and back, in addresses
ENDS = {"spoil": actions.spoil, "withdraw": actions.withdraw, "lost": actions.report_lost}


@require_permission("cards.hand_over")
def counter(request: ActingRequest) -> HttpResponse:
    """Scan or type: a card leads to its hand-over, a batch to its page."""
    communes = request.actor.communes
    form = ScanForm(request.GET) if "scan" in request.GET else ScanForm()
    if form.is_bound and form.is_valid():
        scan = form.cleaned_data["scan"]
        try:
            return redirect("cards:handover", serial=queries.scanned(scan, communes).serial)
        except NotFound:
            pass
        try:
            return redirect("cards:batch", code=queries.batch(scan, communes).code)
        except NotFound:
            form.refuse(rules.NotHere(field="scan"))
    return render(request, "cards/counter.html", {"form": form, "ready": queries.ready_in(communes).count()})


@require_permission("cards.hand_over")
def handover(request: ActingRequest, serial: str) -> HttpResponse:
    """Compare the face, ask for the number, hand over."""
    card, holder = _found(request, serial)
    if card.state != CardState.AT_COMMUNE:
        return redirect("cards:card", serial=serial)
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(card_id=card.pk, shown=form.cleaned_data["shown"], by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("Card %(serial)s is in its holder's hand.") % {"serial": serial})
            return redirect("cards:counter")
    audit.looked([card.person_id], by=request.actor, at=now(), purpose=str(_("handing over a card")))
    return render(
        request,
        "cards/handover.html",
        {"card": card, "holder": holder, "portrait": inline(queries.portrait_on(card)), "form": form},
    )


@require_permission("cards.read")
def card(request: ActingRequest, serial: str) -> HttpResponse:
    """One card: its faces, where it is, and what can end it."""
    one, holder = _found(request, serial)
    form = ReasonForm(request.POST or None)
    end = ENDS.get(request.POST.get("end", ""))
    if request.method == "POST" and end and form.is_valid():
        try:
            end(card_id=one.pk, reason=form.cleaned_data["reason"], by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("Written down."))
            return redirect("cards:card", serial=serial)
    audit.looked([one.person_id], by=request.actor, at=now(), purpose=str(_("card")))
    return render(
        request,
        "cards/card.html",
        {
            "card": one,
            "holder": holder,
            "commune": places.name(one.commune_code),
            "sides": SIDES if one.folder else (),
            "ends": _ends_open_to(request, one),
            "form": form,
        },
    )


@require_permission("cards.read")
def faces_pdf(request: ActingRequest, serial: str) -> HttpResponse:
    """Both faces as the printer gets them."""
    try:
        path = queries.files_of(_found(request, serial)[0]) / "faces.pdf"
    except rules.NotMadeYet as missing:
        raise Http404 from missing
    return HttpResponse(path.read_bytes(), content_type="application/pdf")


@require_permission("cards.read")
def face_png(request: ActingRequest, serial: str, side: str) -> HttpResponse:
    """One face for the screen."""
    if side not in SIDES:
        raise Http404
    try:
        pictures = queries.pictures_of(_found(request, serial)[0])
    except rules.NotMadeYet as missing:
        raise Http404 from missing
    return HttpResponse(pictures[SIDES.index(side)], content_type="image/png")


def _found(request: ActingRequest, serial: str) -> tuple[Card, Person]:
    try:
        found = queries.card(serial, request.actor.communes)
        return found, people.person(found.person_id)
    except NotFound as missing:
        raise Http404 from missing


def _ends_open_to(request: ActingRequest, one: Card) -> list[tuple[str, object]]:
    """What the actor may do to end this card: its name in the form, and the words on the button."""
    may_produce = request.actor.may("cards.produce", one.commune_code)
    may_hand_over = request.actor.may("cards.hand_over", one.commune_code)
    offered = [
        (CardState.SPOILED, may_produce, "spoil", _("Spoil it and make a new one")),
        (CardState.LOST, may_hand_over, "lost", _("Write down as lost")),
        (CardState.WITHDRAWN, may_hand_over, "withdraw", _("Withdraw")),
    ]
    moves = rules.CARD_MOVES[CardState(one.state)]
    return [(name, words) for state, may, name, words in offered if may and state in moves]
