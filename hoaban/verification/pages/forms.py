"""The screen of a check: the form's image beside the register, field by field, by keyboard."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.intake import queries as intake
from hoaban.verification import actions, queries, rules
from hoaban.verification.forms import CheckForm
from hoaban.verification.models import SampledForm
from hoaban.verification.queries import Sheet
from hoaban.verification.rules import LotState
from hoaban.web.permissions import ActingRequest, require_permission


@require_permission("verification.check")
def form(request: ActingRequest, lot_id: int, place: int) -> HttpResponse:
    """One form: to check while it is open to this officer, else to read."""
    one, sheet = _opened(request, lot_id, place)
    level = rules.level(one.lot.level)
    may_check = request.actor.may(level.permission, one.commune_code) and one.lot.state == LotState.OPEN
    if not may_check or one.outcome in queries.DECIDED:
        return _read(request, one, sheet)
    try:
        actions.hold(form_id=one.pk, by=request.actor, at=now())
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("verification:lot", lot_id)
    if request.method == "POST":
        return _check(request, one, sheet, level.blind)
    blank = CheckForm(lines=sheet.lines, blind=level.blind, initial={"version": sheet.version})
    return _show(request, one, sheet, blank)


@require_permission("verification.check")
@require_POST
def take_next(request: ActingRequest, lot_id: int) -> HttpResponse:
    """Go to the next form that is free for this officer."""
    try:
        one = queries.one_lot(lot_id, request.actor.communes)
    except NotFound as no:
        raise Http404 from no
    return _onward(request, one.pk)


@require_permission("verification.check")
@require_POST
def undo(request: ActingRequest, lot_id: int) -> HttpResponse:
    """Take one's last check back and show its form again."""
    try:
        one = actions.undo_last(lot_id=queries.one_lot(lot_id, request.actor.communes).pk, by=request.actor, at=now())
    except NotFound as no:
        raise Http404 from no
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("verification:lot", lot_id)
    messages.success(request, gettext("Form %(serial)s is open again.") % {"serial": one.serial})
    return redirect("verification:form", lot_id, one.place)


@require_permission("verification.check")
def image(request: ActingRequest, lot_id: int, place: int) -> HttpResponse:
    """The image of a form. Who has the form in hand was written down when they opened it."""
    one = _found(request, lot_id, place)
    path = intake.image_of(one.serial)
    if path is None:
        raise Http404
    if one.held_by_id != request.actor.id:
        _write_down(request, one)
    answer = HttpResponse(path.read_bytes(), content_type="image/png")
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


def _found(request: ActingRequest, lot_id: int, place: int) -> SampledForm:
    try:
        return queries.form_at(lot_id, place, request.actor.communes)
    except NotFound as no:
        raise Http404 from no


def _opened(request: ActingRequest, lot_id: int, place: int) -> tuple[SampledForm, Sheet]:
    one = _found(request, lot_id, place)
    try:
        return one, queries.sheet(one)
    except NotFound as no:
        raise Http404 from no


def _check(request: ActingRequest, one: SampledForm, sheet: Sheet, blind: bool) -> HttpResponse:
    asked = [name for name in rules.CRITICAL if f"mark_{name}" in request.POST]
    filled = CheckForm(request.POST, lines=sheet.lines, blind=blind, asked=asked)
    if not filled.is_valid():
        return _show(request, one, sheet, filled)
    try:
        actions.check(
            form_id=one.pk, marks=filled.marks(), typed=filled.typed(), version=filled.cleaned_data["version"],
            by=request.actor, at=now(),
        )  # fmt: skip
    except rules.StillOpen as no:
        filled = CheckForm(request.POST, lines=sheet.lines, blind=blind, asked=[*asked, *no.names])
        filled.refuse(no)
    except Refusal as no:
        filled.refuse(no)
    else:
        return _onward(request, one.lot_id)
    return _show(request, one, sheet, filled)


def _onward(request: ActingRequest, lot_id: int) -> HttpResponse:
    try:
        following = actions.take_next(lot_id=lot_id, by=request.actor, at=now())
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("verification:lot", lot_id)
    if following is None:
        messages.success(request, gettext("No form of this lot is left for you."))
        return redirect("verification:lot", lot_id)
    return redirect("verification:form", lot_id, following.place)


def _show(request: ActingRequest, one: SampledForm, sheet: Sheet, filled: CheckForm) -> HttpResponse:
    if request.method == "GET":
        _write_down(request, one)
    page = {
        "one": one,
        "sheet": sheet,
        "form": filled,
        "tally": queries.tally(one.lot),
        "last": queries.last_by(one.lot_id, request.actor),
    }
    return render(request, "verification/check.html", page)


def _read(request: ActingRequest, one: SampledForm, sheet: Sheet) -> HttpResponse:
    _write_down(request, one)
    page = {"one": one, "sheet": sheet, "findings": queries.said(one.findings.all())}
    return render(request, "verification/form.html", page)


def _write_down(request: ActingRequest, one: SampledForm) -> None:
    audit.looked([one.person_id], by=request.actor, at=now(), purpose="check", fields=["form"])
