"""Rounds: the list, drawing one, how one stands and its gate."""

from __future__ import annotations

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
from hoaban.places import queries as places
from hoaban.verification import actions, queries, rules
from hoaban.verification.engine import acceptance
from hoaban.verification.forms import DrawForm
from hoaban.verification.models import Round
from hoaban.verification.rules import Interval, LotState, Outcome, Tally
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure, number

SHOWN = 100
GATES = {"accept": actions.accept_lot, "return": actions.return_lot}


@require_permission("verification.check")
def rounds(request: ActingRequest) -> HttpResponse:
    """The rounds of the officer's area, newest first."""
    found = list(queries.rounds(request.actor.communes)[:SHOWN])
    communes = places.names({one.commune_code for one in found})
    rows = [(one, communes.get(one.commune_code, one.commune_code), queries.tally_shown(one)) for one in found]
    page = {
        "rows": [(one, commune, tally, _rate(one, tally)) for one, commune, tally in rows],
        "may_draw": request.actor.may(rules.DRAW),
        "may_decide": request.actor.may(rules.DECIDE),
        "to_decide": queries.to_decide(request.actor).count() if request.actor.may(rules.DECIDE) else 0,
    }
    return render(request, "verification/rounds.html", page)


@require_permission("verification.draw")
def draw(request: ActingRequest) -> HttpResponse:
    """Draw a round of a commune of the officer's area."""
    actor = request.actor
    covered = [one.key for one in places.ever() if actor.covers(one.key)]
    communes = sorted(places.names(covered).items())
    levels = [one for one in rules.levels() if actor.may(one.permission)]
    form = DrawForm(request.POST or None, communes=communes, levels=levels)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            made = actions.draw_round(
                commune_code=wanted["commune"], level=wanted["level"], size=wanted["size"], seed=wanted["seed"],
                by=actor, at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("verification:round", made.pk)
    return render(request, "verification/draw.html", {"form": form})


@require_permission("verification.check")
def one_round(request: ActingRequest, round_id: int) -> HttpResponse:
    """How a round stands: figures with their interval, what is to do, the forms behind a figure."""
    one = _seen(request, round_id)
    tally, actor = queries.tally_shown(one), request.actor
    chosen = rules.outcome_named(request.GET.get("ket-qua", ""))
    forms = list(queries.forms_of(round_id, [chosen])[:SHOWN]) if chosen else []
    if forms:
        audit.looked([form.person_id for form in forms], by=actor, at=now(), purpose="check", fields=["full_name"])
    page = {
        "round": one,
        "commune": places.name(one.commune_code),
        "tally": tally,
        "figures": _figures(one, tally),
        "proves": None if one.lot.limit is None else acceptance.proves(
            acceptance.Plan(one.lot.sample, one.lot.limit), one.lot.size
        ),
        "chosen": rules.OUTCOME_WORDS[chosen] if chosen else "",
        "forms": [(form, queries.said(form.findings.all())) for form in forms],
        "is_open": one.lot.state == LotState.OPEN,
        "may_check": actor.may(rules.level(one.level).permission, one.commune_code),
        "last": queries.last_by(round_id, actor),
        "to_send": queries.to_send(round_id, actor).count(),
        "not_corrected": queries.not_corrected(round_id),
        "gate": _gate(request, one, tally),
    }  # fmt: skip
    return render(request, "verification/round.html", page)


@require_permission("verification.decide")
@require_POST
def decide(request: ActingRequest, round_id: int) -> HttpResponse:
    """Accept the lot or return it."""
    _seen(request, round_id)
    gate = GATES.get(request.POST.get("gate", ""))
    if gate is None:
        raise Http404
    try:
        lot = gate(round_id=round_id, by=request.actor, at=now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        words = _("The lot is accepted.") if lot.state == LotState.ACCEPTED else _("The lot is returned.")
        messages.success(request, str(words))
    return redirect("verification:round", round_id)


@require_permission("verification.check")
@require_POST
def send(request: ActingRequest, round_id: int) -> HttpResponse:
    """Send the corrections that one found to a second officer."""
    _seen(request, round_id)
    count = actions.propose(round_id=round_id, by=request.actor, at=now())
    said = ngettext(
        "%(n)s form waits for a second officer.", "%(n)s forms wait for a second officer.", count
    ) % {"n": count}  # fmt: skip
    messages.success(request, said if count else gettext("Nothing was left to send."))
    return redirect("verification:round", round_id)


def _seen(request: ActingRequest, round_id: int) -> Round:
    try:
        return queries.one_round(round_id, request.actor.communes)
    except NotFound as no:
        raise Http404 from no


def _rate(one: Round, tally: Tally) -> Interval | None:
    return queries.decided_rate(one.lot) or queries.rate_now(tally)


def _figures(one: Round, tally: Tally) -> list[Figure]:
    there = reverse("verification:round", args=[one.pk])
    rate = _rate(one, tally)
    opened = {outcome: f"{there}?ket-qua={outcome.value}#to-khai" for outcome in Outcome}
    figures = [
        Figure(gettext("Left to check"), tally.left, definition=gettext("of %(n)s drawn") % {"n": tally.sample}),
        Figure(gettext("Right"), tally.right, opened[Outcome.RIGHT]),
        Figure(gettext("Wrong"), tally.wrong, opened[Outcome.WRONG]),
        Figure(gettext("Wait for an answer"), tally.pending, opened[Outcome.PENDING]),
    ]
    if rate:
        told = gettext("wrong forms among %(checked)s checked; the bounds hold for all %(size)s at 95%%")
        figures.append(
            Figure(
                gettext("Error rate"),
                rate.rate * 100,
                unit="%",
                low=rate.low * 100,
                high=rate.high * 100,
                places=2,
                definition=told % {"checked": number(rate.n), "size": number(rate.population)},
                at=one.lot.decided_at,
            )
        )
    return figures


def _gate(request: ActingRequest, one: Round, tally: Tally) -> str:
    """What the officer may do at the gate now: accept, return, or nothing yet."""
    level = rules.level(one.level)
    may = all(request.actor.may(permission, one.commune_code) for permission in (rules.DECIDE, level.permission))
    if not may or one.lot.state != LotState.OPEN:
        return ""
    if tally.may_return:
        return "return"
    return "accept" if tally.may_accept and tally.decided else ""
