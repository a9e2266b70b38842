"""Rounds: the list, drawing one, how one stands, what its plan can prove."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound, Refusal
from hoaban.places import queries as places
from hoaban.verification import actions, queries, rules
from hoaban.verification.engine import acceptance, charts
from hoaban.verification.forms import DrawForm
from hoaban.verification.models import Lot, Round
from hoaban.verification.queries import Standing
from hoaban.verification.rules import Interval, LotState
from hoaban.web.actor import Actor
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure, number, percent

SHOWN = 100


@require_permission("verification.check")
def rounds(request: ActingRequest) -> HttpResponse:
    """The rounds of the officer's area, newest first, and the lots in which forms wait to be checked."""
    actor = request.actor
    found = list(queries.rounds(actor.communes)[:SHOWN])
    standing = queries.standings(found, actor.communes)
    opened = list(queries.lots(actor.communes).filter(state=LotState.OPEN)[:SHOWN])
    mine = [one for one in opened if actor.may(rules.level(one.level).permission, one.commune_code)]
    page = {
        "rows": [(one, standing[one.pk]) for one in found],
        "lots": _told(mine),
        "may_draw": actor.may(rules.DRAW),
        "may_decide": actor.may(rules.DECIDE),
        "to_decide": queries.to_decide(actor).count() if actor.may(rules.DECIDE) else 0,
    }
    return render(request, "verification/rounds.html", page)


@require_permission("verification.draw")
def draw(request: ActingRequest) -> HttpResponse:
    """Draw a round over communes of the officer's area."""
    actor = request.actor
    held = [one.unit for one in places.held(actor.communes)]
    levels = [one for one in rules.levels() if actor.may(one.permission)]
    form = DrawForm(request.POST or None, communes=held, levels=levels, initial={"opens_on": today(), "more": 50})
    if form.is_valid():
        try:
            made = actions.draw_round(**form.wanted(), by=actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("verification:round", made.pk)
    return render(request, "verification/draw.html", {"form": form})


@require_permission("verification.check")
def one_round(request: ActingRequest, round_id: int) -> HttpResponse:
    """How a round stands over its lots, what was chosen, what its plan can prove."""
    actor = request.actor
    try:
        one = queries.one_round(round_id, actor.communes)
    except NotFound as no:
        raise Http404 from no
    chosen = rules.state_named(request.GET.get("trang-thai", ""))
    lots = Paginator(queries.lots_of(round_id, actor.communes, chosen), SHOWN).get_page(request.GET.get("page"))
    page = {
        "round": one,
        "standing": (standing := queries.standings([one], actor.communes)[one.pk]),
        "figures": _figures(one, standing, queries.lots_of(round_id, actor.communes)),
        "page": lots,
        "lots": _told(list(lots)),
        "query": f"trang-thai={chosen.value}&" if chosen else "",
        "chosen_state": rules.STATE_WORDS[chosen] if chosen else "",
        "chosen": _chosen(one, actor),
        "plan": _plan(list(queries.lots_of(round_id, actor.communes).filter(step=rules.Step.FIRST)), one),
        "lots_by": rules.LOTS_BY_WORDS[rules.LotsBy(one.lots_by)],
    }
    return render(request, "verification/round.html", page)


def _told(lots: Sequence[Lot]) -> list[tuple[Lot, str, rules.Tally]]:
    """These lots with what they are of and how they stand."""
    named, tallies = queries.lot_names(lots), queries.tallies(lots)
    return [(one, named[one.pk], tallies[one.pk]) for one in lots]


def _chosen(one: Round, actor: Actor) -> dict[str, object]:
    """The chosen communes beside all there are, those left out, those of the officer's area without a lot."""
    everywhere = {unit.key for unit in places.communes()}
    drawn = set(queries.lots_of(one.pk).values_list("commune_code", flat=True))
    return {
        "count": len(one.communes),
        "of": len(everywhere | set(one.communes)),
        "names": sorted(places.names(one.communes).values()),
        "left_out": sorted(places.names(everywhere - set(one.communes)).values()),
        "without": sorted(places.names({key for key in one.communes if actor.covers(key)} - drawn).values()),
    }


def _figures(one: Round, standing: Standing, lots: QuerySet[Lot]) -> list[Figure]:
    there = reverse("verification:round", args=[one.pk])
    figures = [
        Figure(str(rules.STATE_WORDS[state]), count, f"{there}?trang-thai={state.value}#lo")
        for state, count in standing.lots.items()
    ]
    figures.append(
        Figure(
            gettext("Wrong"),
            standing.wrong,
            definition=gettext("of %(n)s looked at") % {"n": number(standing.done)},
        )
    )
    rate = queries.figures(lots.exclude(state=LotState.OPEN))
    if rate is not None:
        told = gettext("in the decided lots, before correction; a form weighs by what it stands for; bounds at 95%%")
        figures.append(error_rate(rate, told % {}))
    return figures


def error_rate(rate: Interval, definition: str, at: dt.datetime | None = None) -> Figure:
    """An error rate with its bounds, in per cent."""
    return Figure(
        gettext("Error rate"), rate.rate * 100, unit="%", low=rate.low * 100, high=rate.high * 100, places=2,
        definition=definition, at=at,
    )  # fmt: skip


def _plan(lots: Sequence[Lot], one: Round) -> dict[str, object]:
    """The plan of the smallest, the middle and the largest lot; of the middle one what it can and can't prove."""
    ordered = sorted((lot for lot in lots if lot.limit is not None), key=lambda lot: lot.size)
    if not ordered:
        return {}
    picked = list(dict.fromkeys([ordered[0], ordered[len(ordered) // 2], ordered[-1]]))
    middle = ordered[len(ordered) // 2]
    plan, power = plan_power(middle, one)
    return {
        "rows": [(lot, plan_power(lot, one)[1]) for lot in picked],
        "of": middle,
        "curve": charts.operating_curve(plan, middle.size, one.spec.aim),
        "words": said(plan, power),
    }


def plan_power(lot: Lot, one: Round) -> tuple[acceptance.Plan, acceptance.Power]:
    """The plan of a sampled lot and what it can prove."""
    assert lot.limit is not None
    plan = acceptance.Plan(lot.sample, lot.limit)
    return plan, acceptance.power(plan, lot.size, one.spec.aim)


def said(plan: acceptance.Plan, power: acceptance.Power) -> list[str]:
    """In sentences: what the plan proves, whom it spares, and what it can't prove."""
    size, aim = number(power.lot), percent(power.aim, 1)
    told = [
        ngettext(
            "Of %(size)s forms %(n)s decide: the lot is accepted with at most %(limit)s wrong form among them.",
            "Of %(size)s forms %(n)s decide: the lot is accepted with at most %(limit)s wrong forms among them.",
            plan.limit,
        ) % {"size": size, "n": number(plan.n), "limit": number(plan.limit)},
        gettext("It spares good lots: one with %(share)s wrong is accepted 95 times in 100.")
        % {"share": percent(power.p95, 2)},
        gettext("It proves: an accepted lot has fewer than %(share)s wrong, with a risk of 10%%.")
        % {"share": percent(power.proved_10, 2)},
    ]  # fmt: skip
    if power.proves_aim:
        told.append(gettext("So it proves that no more than %(aim)s are wrong.") % {"aim": aim})
    elif power.needed is None:
        told.append(
            gettext("It can't prove that no more than %(aim)s are wrong: %(size)s forms are too few for that.")
            % {"aim": aim, "size": size}
        )
    else:
        told.append(
            gettext(
                "It can't prove that no more than %(aim)s are wrong; it only sorts out what is very bad. To prove it, "
                "%(needed)s forms of the %(size)s would have to be looked at and all be right."
            ) % {"aim": aim, "needed": number(power.needed), "size": size}
        )  # fmt: skip
    return told
