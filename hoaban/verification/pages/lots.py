"""A lot: how it stands, its sample drawn again, and its gate."""

from __future__ import annotations

import csv
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.verification import actions, queries, rules
from hoaban.verification.engine import charts
from hoaban.verification.forms import OverrideForm
from hoaban.verification.models import Lot
from hoaban.verification.pages.rounds import error_rate, plan_power, said
from hoaban.verification.rules import LotState, Outcome, Tally
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure, number

SHOWN = 100
SAMPLE_HEADS = ("place", "serial", "decides", "stratum", "weight")


@require_permission("verification.check")
def one_lot(request: ActingRequest, lot_id: int) -> HttpResponse:
    """How a lot stands: figures with their interval, what is to do, the forms behind a figure, its gate."""
    one = _seen(request, lot_id)
    return _show(request, one, OverrideForm())


@require_permission("verification.check")
def sample(request: ActingRequest, lot_id: int) -> HttpResponse:
    """The sample drawn again from the seed and the frame, as a table to be compared. Serials only, no people."""
    lot = Lot.objects.get(pk=_seen(request, lot_id).pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="lo-{lot_id}.csv"'
    written = csv.writer(answer)
    written.writerow(SAMPLE_HEADS)
    written.writerows(
        (one.place, one.serial, int(one.decides), one.stratum, f"{one.weight:.6f}") for one in queries.drawn_again(lot)
    )
    return answer


@require_permission("verification.decide")
@require_POST
def decide(request: ActingRequest, lot_id: int) -> HttpResponse:
    """Accept the lot, return it, or ask for and decide its acceptance over the limit."""
    one = _seen(request, lot_id)
    form = OverrideForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    gates: dict[str, tuple[Callable[[], object], object]] = {
        "accept": (lambda: actions.accept_lot(lot_id=lot_id, by=request.actor, at=now()), _("The lot is accepted.")),
        "return": (lambda: actions.return_lot(lot_id=lot_id, by=request.actor, at=now()), _("The lot is returned.")),
        "override": (
            lambda: actions.propose_override(lot_id=lot_id, reason=reason, by=request.actor, at=now()),
            _("A second officer decides now."),
        ),
        "approve": (
            lambda: actions.approve_override(lot_id=lot_id, by=request.actor, at=now()),
            _("The lot is accepted over its limit. The reason is printed with it."),
        ),
        "decline": (
            lambda: actions.decline_override(lot_id=lot_id, reason=reason, by=request.actor, at=now()),
            _("Declined. The lot may be returned."),
        ),
    }
    act, words = gates.get(request.POST.get("gate", ""), (None, ""))
    if act is None:
        raise Http404
    try:
        act()
    except Refusal as no:
        form.refuse(no)
        return _show(request, one, form)
    messages.success(request, str(words))
    return redirect("verification:lot", lot_id)


@require_permission("verification.check")
@require_POST
def send(request: ActingRequest, lot_id: int) -> HttpResponse:
    """Send the corrections that one found to a second officer."""
    _seen(request, lot_id)
    count = actions.propose(lot_id=lot_id, by=request.actor, at=now())
    told = ngettext(
        "%(n)s form waits for a second officer.", "%(n)s forms wait for a second officer.", count
    ) % {"n": count}  # fmt: skip
    messages.success(request, told if count else gettext("Nothing was left to send."))
    return redirect("verification:lot", lot_id)


def _show(request: ActingRequest, one: Lot, form: OverrideForm) -> HttpResponse:
    tally, actor = queries.tally(one), request.actor
    chosen = rules.outcome_named(request.GET.get("ket-qua", ""))
    forms = list(queries.forms_of(one.pk, [chosen])[:SHOWN]) if chosen else []
    if forms:
        audit.looked([each.person_id for each in forms], by=actor, at=now(), purpose="check", fields=["full_name"])
    page = {
        "lot": one,
        "round": one.round,
        "name": queries.lot_names([one])[one.pk],
        "tally": tally,
        "figures": _figures(one, tally),
        "chosen": rules.OUTCOME_WORDS[chosen] if chosen else "",
        "forms": [(each, queries.said(each.findings.all())) for each in forms],
        "is_open": one.state == LotState.OPEN,
        "may_check": actor.may(rules.level(one.level).permission, one.commune_code),
        "last": queries.last_by(one.pk, actor),
        "to_send": queries.to_send(one.pk, actor).count(),
        "not_corrected": queries.not_corrected(one.pk),
        "followed_by": list(one.followed_by.defer(*queries.HEAVY).order_by("pk")),
        "strata": queries.strata_of(one),
        "form": form,
    } | _gate(request, one, tally) | _plan(one)  # fmt: skip
    return render(request, "verification/lot.html", page)


def _seen(request: ActingRequest, lot_id: int) -> Lot:
    try:
        return queries.one_lot(lot_id, request.actor.communes)
    except NotFound as no:
        raise Http404 from no


def _plan(one: Lot) -> dict[str, object]:
    """The operating curve of a sampled lot and what it proves, in words."""
    if one.limit is None:
        return {}
    plan, power = plan_power(one, one.round)
    return {"curve": charts.operating_curve(plan, one.size, one.round.spec.aim), "words": said(plan, power)}


def _figures(one: Lot, tally: Tally) -> list[Figure]:
    there = reverse("verification:lot", args=[one.pk])
    rate = queries.decided_rate(one) or queries.figures([one])
    opened = {outcome: f"{there}?ket-qua={outcome.value}#to-khai" for outcome in Outcome}
    counted = gettext("%(counted)s of them among the %(n)s that decide")
    figures = [
        Figure(gettext("Left to check"), tally.left, definition=gettext("of %(n)s drawn") % {"n": number(tally.drawn)}),
        Figure(gettext("Right"), tally.right, opened[Outcome.RIGHT]),
        Figure(
            gettext("Wrong"), tally.wrong, opened[Outcome.WRONG],
            definition=counted % {"counted": number(tally.counted), "n": number(one.sample)} if one.more else "",
        ),
        Figure(gettext("Wait for an answer"), tally.pending, opened[Outcome.PENDING]),
    ]  # fmt: skip
    if rate:
        told = gettext("wrong forms among %(checked)s checked; the bounds hold for all %(size)s at 95%%")
        words = told % {"checked": number(rate.n), "size": number(rate.population)}
        figures.append(error_rate(rate, words, one.decided_at))
    return figures


def _gate(request: ActingRequest, one: Lot, tally: Tally) -> dict[str, object]:
    """What the officer may do at the gate now: accept, return, nothing yet; what went or would go back, and why."""
    if one.state == LotState.RETURNED:
        return {"groups": queries.groups_kept(one), "back": queries.sent_back(one), "back_by": one.sent_back_by}
    permissions = (rules.DECIDE, rules.level(one.level).permission)
    may = all(request.actor.may(permission, one.commune_code) for permission in permissions)
    if not may or one.state != LotState.OPEN:
        return {}
    if not tally.may_return:
        return {"gate": "accept" if tally.may_accept and tally.decided else ""}
    found, asked = queries.return_of(one), queries.override_waiting(one)
    return {
        "gate": "return",
        "groups": found.groups,
        "back": [paper.serial for paper in found.papers],
        "back_by": found.by or "",
        "asked": asked,
        "asked_by_me": asked is not None and asked.proposed_by_id_text == request.actor.id,
    }
