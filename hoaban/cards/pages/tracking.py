"""Where is my card: open to whoever has the code, and without a name."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import redirect, render

from hoaban.base.clock import day_of, today
from hoaban.base.errors import NotFound
from hoaban.base.ids import tidy_public_code
from hoaban.cards import queries, rules
from hoaban.cards.forms import CodeForm
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, for_anyone
from hoaban.web.rules import Step, Tone


@for_anyone
def where(request: ActingRequest) -> HttpResponse:
    """Ask for the code."""
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    if form.is_bound and form.is_valid():
        code = tidy_public_code(form.cleaned_data["code"])
        try:
            queries.track(code)
        except NotFound:
            form.refuse(rules.NoSuchCode(code=code, field="code"))
        else:
            return redirect("cards:track", code=code)
    return render(request, "cards/where.html", {"form": form})


@for_anyone
def track(request: ActingRequest, code: str) -> HttpResponse:
    """The six steps of one card."""
    try:
        timeline = queries.track(code)
    except NotFound:
        form = CodeForm({"code": code})
        form.is_valid()
        form.refuse(rules.NoSuchCode(code=code, field="code"))
        return render(request, "cards/where.html", {"form": form}, status=404)
    late = timeline.days_late(today())
    return render(
        request,
        "cards/track.html",
        {
            "timeline": timeline,
            "steps": steps_of(timeline),
            "now": rules.STEP_SENTENCES[timeline.current],
            "ending": rules.ENDING_SENTENCES.get(timeline.ending) if timeline.ending else None,
            "holder": rules.STEP_HOLDERS[timeline.current] if late else None,
            "days_late": late,
            "commune": places.name(timeline.commune_code),
        },
    )


def steps_of(timeline: rules.Timeline) -> list[Step]:
    """The timeline as the component shows it."""
    shown = []
    for step, at in timeline.reached:
        is_now = step is timeline.current and not timeline.is_finished
        tone = Tone.PLAIN if at is None else Tone.DOING if is_now else Tone.DONE
        shown.append(Step(label=str(rules.STEP_WORDS[step]), tone=tone, at=_day(at)))
    return shown


def _day(at: dt.datetime | None) -> str:
    return f"{day_of(at):%d/%m/%Y}" if at else ""
