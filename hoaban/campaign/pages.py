"""Pages of the campaign: who is left, names behind the figures, a week's plan, the sheet of a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from hoaban.audit import actions as audit
from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound, Refusal
from hoaban.campaign import actions, queries, rules
from hoaban.campaign.forms import PlanForm, WhyForm
from hoaban.campaign.models import Plan
from hoaban.campaign.rules import PlanState, Segment, planning
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.visits import queries as visits
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure, number

PAGE = 100
PURPOSE = "campaign"  # as people.rules.PURPOSES names it


@require_permission("campaign.read")
def board(request: ActingRequest) -> HttpResponse:
    """Who is left, by commune and segment, and the plans there are."""
    counted = queries.counts_by_commune(request.actor.communes)
    names = places.names(counted)
    totals = {segment: sum(parts[segment] for parts in counted.values()) for segment in Segment}
    return render(
        request,
        "campaign/board.html",
        {
            "figures": [
                Figure(
                    str(rules.SEGMENT_WORDS[segment]), total, "#communes", definition=str(rules.SEGMENT_HINTS[segment])
                )
                for segment, total in totals.items()
            ],
            "left": sum(totals.values()),
            "heads": [rules.SEGMENT_WORDS[segment] for segment in Segment],
            "rows": [_row(code, names.get(code, code), parts) for code, parts in counted.items()],
            "plans": [(one, places.names(one.commune_codes).values()) for one in _latest(request)],
            "at": now(),
            "may_plan": request.actor.may(rules.PLAN),
        },
    )


def _row(code: str, name: str, parts: dict[Segment, int]) -> tuple[str, str, int, list[tuple[Any, int, str]]]:
    return (
        name, reverse("campaign:left-all", args=[code]), sum(parts.values()),
        [
            (rules.SEGMENT_WORDS[segment], count, reverse("campaign:left", args=[code, rules.SLUGS[segment]]))
            for segment, count in parts.items()
        ],
    )  # fmt: skip


def _latest(request: ActingRequest) -> list[Plan]:
    return list(queries.plans(request.actor)[:10])


@require_permission("campaign.read")
def left(request: ActingRequest, commune: str, segment: str = "") -> HttpResponse:
    """The names behind a figure; looking at them is written down."""
    chosen = rules.BY_SLUG.get(segment)
    if (segment and chosen is None) or not request.actor.covers(commune):
        raise Http404
    try:
        unit = places.unit(commune)
    except NotFound as no:
        raise Http404 from no
    pages = Paginator(queries.without_card(commune, chosen), PAGE)
    page = pages.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    coming = {one.person_id: one for one in visits.coming_to_many([person.pk for person in shown], today())}
    if shown:
        audit.looked(
            [one.pk for one in shown], by=request.actor, at=now(), purpose=PURPOSE, fields=["full_name", "born"]
        )
    return render(
        request,
        "campaign/left.html",
        {
            "commune": unit.full_name,
            "segment": rules.SEGMENT_WORDS[chosen] if chosen else None,
            "hint": rules.SEGMENT_HINTS[chosen] if chosen else None,
            "rows": [(line, coming.get(line.id)) for line in people.listed(shown)],
            "page": page,
            "count": pages.count,
        },
    )


@require_permission("campaign.plan")
def new(request: ActingRequest) -> HttpResponse:
    """Ask for a week's plan."""
    counted = queries.count_by_commune(request.actor.communes)
    names = places.names(counted)
    communes = [(code, names.get(code, code), count) for code, count in counted.items()]
    form = PlanForm(request.POST or None, communes=communes, first_day=_next_monday())
    if form.is_valid():
        asked = form.cleaned_data
        try:
            plan = _plan(request, asked["communes"], asked["base"], asked["teams"], asked["first_day"])
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("campaign:plan", plan_id=plan.pk)
    return render(request, "campaign/new.html", {"form": form, "communes": communes})


def _plan(request: ActingRequest, communes: list[str], base: str, count: int, first_day: dt.date) -> Plan:
    teams = actions.make_teams(commune_code=base, count=count, by=request.actor, at=now())
    return actions.plan_week(
        commune_codes=communes, team_codes=[team.code for team in teams], first_day=first_day,
        by=request.actor, at=now(),
    )  # fmt: skip


def _next_monday() -> dt.date:
    return today() + dt.timedelta(days=7 - today().weekday())


@require_permission("campaign.read")
def plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """A plan day by day, what the simulator says of it, and how many of its appointments were kept."""
    try:
        view = queries.plan_view(queries.plan(plan_id, request.actor))
    except NotFound as no:
        raise Http404 from no
    one = view.plan
    may_change = all(request.actor.may(rules.PLAN, code) for code in one.commune_codes)
    return render(
        request,
        "campaign/plan.html",
        {
            "view": view,
            "plan": one,
            "figures": _figures(one),
            "counts": visits.counts(str(one), today()),
            "may_fix": may_change and one.state == PlanState.DRAFT and view.judgement.is_sound,
            "form": WhyForm() if may_change and one.state == PlanState.FIXED else None,
        },
    )


def _figures(one: Plan) -> list[Figure]:
    said = Counter(one.figures)
    of = gettext("of %(left)s who are left and stay here") % {"left": number(said["people_left"])}
    longest = gettext("at most %(limit)s") % {"limit": planning.LONGEST_DAY // 60}
    return [
        Figure(gettext("People with a day"), said["people_planned"], definition=of),
        Figure(gettext("Team days"), said["team_days"]),
        Figure(gettext("Hours on the road"), said["travel_minutes"] / 60),
        Figure(gettext("Longest day, hours"), said["longest_day_minutes"] / 60, definition=longest),
        Figure(gettext("Nights in villages"), said["nights_in_villages"]),
    ]


@require_permission("campaign.plan")
def fix(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Promise what the plan says."""
    if request.method == "POST":
        try:
            one = actions.fix(plan_id=plan_id, by=request.actor, at=now())
        except NotFound as no:
            raise Http404 from no
        except Refusal as no:
            messages.error(request, str(no))
        else:
            count = visits.counts(str(one), today()).promised
            said = ngettext("%(n)s person was promised a day.", "%(n)s people were promised a day.", count)
            messages.success(request, said % {"n": count})
    return redirect("campaign:plan", plan_id=plan_id)


@require_permission("campaign.plan")
def withdraw(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Take the plan back, with the reason."""
    form = WhyForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw(plan_id=plan_id, why=form.cleaned_data["why"], by=request.actor, at=now())
        except NotFound as no:
            raise Http404 from no
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("The plan is withdrawn. What was promised is called off."))
            return redirect("campaign:plan", plan_id=plan_id)
    return render(request, "campaign/withdraw.html", {"form": form, "plan_id": plan_id})


@require_permission("campaign.read")
def sheet(request: ActingRequest, plan_id: int, team: str, day: str) -> HttpResponse:
    """A team's day on A4: where, when and whom. Looking at the names is written down."""
    try:
        one = queries.plan(plan_id, request.actor)
        found = queries.day_sheet(one, team, dt.date.fromisoformat(day))
    except (NotFound, ValueError) as no:
        raise Http404 from no
    if found.person_ids:
        audit.looked(found.person_ids, by=request.actor, at=now(), purpose=PURPOSE, fields=["full_name", "born"])
    return render(request, "campaign/sheet.html", {"plan": one, "sheet": found, "team": team, "at": now()})
