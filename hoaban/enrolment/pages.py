"""The office's pages: what came, from which station, what is held and why."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.enrolment import actions, forms, queries
from hoaban.enrolment.models import Enrolment
from hoaban.enrolment.rules import capture, review
from hoaban.web.forms import Form
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Fact

READ = "enrolment.read"
REVIEW = "enrolment.review"
KITS = "enrolment.kits"
PAGE = 50


@require_permission(READ)
@require_GET
def packets(request: ActingRequest) -> HttpResponse:
    """What came, newest first; what is held stands above."""
    state = request.GET.get("trang-thai", "")
    page = Paginator(queries.packets(state), PAGE).get_page(request.GET.get("page"))
    held = queries.in_state(review.State.HELD)
    shown = {"page": page, "held": held, "kits": queries.kit_rows(), "put_aside": queries.put_aside()[:20]}
    shown["query"] = urlencode({"trang-thai": state}) + "&" if state else ""
    return render(request, "enrolment/packets.html", shown)


@require_permission(READ)
@require_GET
def packet(request: ActingRequest, ulid: str) -> HttpResponse:
    """One packet: its way here, and every fault where it was refused."""
    row = queries.packets().filter(ulid=ulid).first()
    if row is None:
        raise Http404
    return render(request, "enrolment/packet.html", {"packet": row})


@require_permission(READ)
@require_GET
def enrolment(request: ActingRequest, ulid: str) -> HttpResponse:
    """One enrolment: facts, portrait, prints' quality, what is doubtful."""
    return _shown(request, _found(ulid), forms.ReasonForm(), forms.NumberForm())


@require_permission(REVIEW)
@require_GET
def face(request: ActingRequest, ulid: str) -> HttpResponse:
    """The portrait, unsealed for this look, which is written down."""
    found = _found(ulid)
    if found.person_id is not None:
        audit.looked([found.person_id], by=request.actor, at=now(), purpose=str(_("review")), fields=["face"])
    return HttpResponse(queries.face(found.pk), content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@require_permission(REVIEW)
def release(request: ActingRequest, ulid: str) -> HttpResponse:
    """Let a held enrolment go on."""
    found, form = _found(ulid), forms.ReasonForm(request.POST or None)

    def act() -> None:
        actions.release(enrolment_id=found.pk, **form.cleaned_data, by=request.actor, at=now())

    return _acted(request, found, form, act) or _shown(request, found, form, forms.NumberForm())


@require_permission(REVIEW)
def name_person(request: ActingRequest, ulid: str) -> HttpResponse:
    """Say who a held enrolment is."""
    found, form = _found(ulid), forms.NumberForm(request.POST or None)

    def act() -> None:
        actions.name_person(enrolment_id=found.pk, **form.cleaned_data, by=request.actor, at=now())

    return _acted(request, found, form, act) or _shown(request, found, forms.ReasonForm(), form)


@require_permission(READ)
@require_GET
def kit(request: ActingRequest, code: str) -> HttpResponse:
    """One station: its people, its packets, the numbers that are missing."""
    try:
        found = queries.kit(code)
    except NotFound as no:
        raise Http404 from no
    page = Paginator(queries.packets(kit=found), PAGE).get_page(request.GET.get("page"))
    shown = {
        "kit": found, "counts": queries.counts_of(found), "missing": queries.missing_numbers(found),
        "list": queries.latest_list(found), "operators": queries.operators_of(found), "page": page,
        "may_withdraw": request.actor.may(KITS),
    }  # fmt: skip
    return render(request, "enrolment/kit.html", shown)


@require_permission(KITS)
def withdraw(request: ActingRequest, code: str) -> HttpResponse:
    """Stop believing a station."""
    try:
        found = queries.kit(code)
    except NotFound as no:
        raise Http404 from no
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_kit(kit=found, **form.cleaned_data, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("enrolment:kit", code)
    return render(request, "enrolment/withdraw.html", {"kit": found, "form": form})


def _found(ulid: str) -> Enrolment:
    try:
        return queries.by_ulid(ulid)
    except NotFound as no:
        raise Http404 from no


def _acted(request: ActingRequest, found: Enrolment, form: Form, act: Callable[[], None]) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        act()
    except Refusal as no:
        form.refuse(no)
        return None
    messages.success(request, _("Saved."))
    return redirect("enrolment:enrolment", found.ulid)


def _shown(
    request: ActingRequest, found: Enrolment, reason: forms.ReasonForm, number: forms.NumberForm
) -> HttpResponse:
    fingers = [
        (capture.FINGER_NAMES[one["code"]], one["quality"], capture.WHY_NOT_NAMES.get(one["why_not"], ""))
        for one in found.fingers
    ]
    shown = {
        "enrolment": found, "facts": _facts(found), "fingers": fingers, "reason": reason, "number": number,
        "remarks": [review.REMARK_WORDS[review.Remark(one)] for one in found.remarks],
        "is_held": found.state == review.State.HELD, "may_review": request.actor.may(REVIEW),
    }  # fmt: skip
    return render(request, "enrolment/enrolment.html", shown)


def _facts(found: Enrolment) -> list[Fact]:
    asked = [word for word, wanted in ((_("card"), found.wants_card), (_("e-ID"), found.wants_eid)) if wanted]
    shown = [
        (_("Full name"), found.full_name), (_("Born"), queries.born_in_words(found)),
        (_("12-digit number"), found.number or "-"), (_("Asks for"), ", ".join(str(one) for one in asked) or "-"),
        (_("Says that this is wrong"), found.corrections), (_("Slip"), found.slip_code),
        (_("Station"), found.kit_id), (_("Operator"), found.operator_name),
    ]  # fmt: skip
    return [Fact(str(label), value) for label, value in shown if value]
