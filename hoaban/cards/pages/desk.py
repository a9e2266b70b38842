"""The card desk: what waits, four eyes before a card is made, a check after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of, now, today
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.cards import actions, queries, rules
from hoaban.cards.forms import ChosenForm, ReasonForm
from hoaban.cards.models import Application, Card
from hoaban.cards.pages.portraits import inline
from hoaban.cards.rules import ApplicationState, CardState
from hoaban.officers import queries as officers
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Task, Tone

PAGE = 100  # as many are shown and taken at once


@dataclass(frozen=True)
class Row:
    """One line of a list that can be ticked."""

    id: int
    person_id: int
    href: str
    code: str
    name: str
    born: str
    commune: str
    why: str


@require_permission("cards.read")
def desk(request: ActingRequest) -> HttpResponse:
    """What waits where."""
    actor = request.actor
    counts = queries.waiting(actor, today())
    piles = [
        ("cards.release", _("Propose cards"), "cards:to-propose", counts.to_propose),
        ("cards.release", _("Release cards as the second officer"), "cards:to-release", counts.to_release),
        ("cards.produce", _("Check cards that were made"), "cards:to-check", counts.to_check),
        ("cards.read", _("Pack, send and take in batches"), "cards:batches", counts.to_pack + counts.on_the_way),
        ("cards.hand_over", _("Hand cards over"), "cards:counter", counts.ready),
        ("cards.read", _("Late"), "cards:late", counts.late),
    ]
    tasks = [
        Task(str(label), reverse(address), Tone.NEEDED if count and address == "cards:late" else Tone.PLAIN, str(count))
        for permission, label, address, count in piles
        if actor.may(permission)
    ]
    return render(request, "cards/desk.html", {"tasks": tasks})


@require_permission("cards.release")
def to_propose(request: ActingRequest) -> HttpResponse:
    """The first officer: look at the applications and propose them for release."""
    waiting = list(queries.applications_in(ApplicationState.REQUESTED, request.actor.communes)[:PAGE])
    rows = _rows(waiting, "cards:application")
    return _choose(
        request, rows, "cards/to_propose.html",
        lambda ids: actions.propose(application_ids=ids, by=request.actor, at=now()),
        lambda n: ngettext("%(n)s card proposed.", "%(n)s cards proposed.", n) % {"n": n},
    )  # fmt: skip


@require_permission("cards.release")
def to_release(request: ActingRequest) -> HttpResponse:
    """The second officer: release what another officer has proposed."""
    waiting = list(queries.to_release(request.actor)[:PAGE])
    rows = _rows(waiting, "cards:application")
    return _choose(
        request, rows, "cards/to_release.html",
        lambda ids: len(actions.release(application_ids=ids, by=request.actor, at=now())),
        lambda n: ngettext("%(n)s card released.", "%(n)s cards released.", n) % {"n": n},
    )  # fmt: skip


@require_permission("cards.produce")
def to_check(request: ActingRequest) -> HttpResponse:
    """Look at the cards that were made; the chips are checked as they pass."""
    waiting = list(queries.cards_in(CardState.PERSONALISED, request.actor.communes)[:PAGE])
    rows = _rows(waiting, "cards:card")
    return _choose(
        request, rows, "cards/to_check.html",
        lambda ids: actions.pass_check(card_ids=ids, by=request.actor, at=now()),
        lambda n: ngettext("%(n)s card is good.", "%(n)s cards are good.", n) % {"n": n},
    )  # fmt: skip


@require_permission("cards.read")
def application(request: ActingRequest, code: str) -> HttpResponse:
    """One application with its facts and portrait; a proposed one can be declined here."""
    actor = request.actor
    try:
        one = queries.application(code, actor.communes)
        facts = people.facts_of(one.person_id)
    except NotFound as missing:
        raise Http404 from missing
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline(application_id=one.pk, reason=form.cleaned_data["reason"], by=actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            return redirect("cards:application", code=one.code)
    audit.looked([one.person_id], by=actor, at=now(), purpose=str(_("card application")))
    return render(
        request,
        "cards/application.html",
        {
            "application": one,
            "facts": facts,
            "portrait": _portrait(one),
            "commune": places.name(one.commune_code),
            "approvals": officers.approvals_on(one.subject),
            "may_decline": actor.may(rules.RELEASE, one.commune_code) and one.state == ApplicationState.PROPOSED,
            "form": form,
        },
    )


@require_permission("cards.read")
def late(request: ActingRequest) -> HttpResponse:
    """Cards past the law's limit, and where each is held up."""
    day = today()
    rows = []
    for one in queries.late(request.actor.communes, day)[:PAGE]:
        timeline = queries.track(one.code)
        rows.append(
            {
                "application": one,
                "commune": places.name(one.commune_code),
                "step": rules.STEP_WORDS[timeline.current],
                "holder": rules.STEP_HOLDERS[timeline.current],
                "days": timeline.days_late(day),
                "asked_on": day_of(one.requested_at),
            }
        )
    return render(request, "cards/late.html", {"rows": rows})


def _portrait(one: Application) -> str:
    """The portrait, or nothing where its packet can't be opened here."""
    try:
        return inline(queries.portrait_of(one))
    except Refusal:
        return ""


def _rows(waiting: Sequence[Application | Card], address: str) -> list[Row]:
    """The lines of a list; a holder who has moved out of the officer's area meanwhile stays unnamed."""
    persons = {one.pk: one for one in people.many(one.person_id for one in waiting)}
    communes = {code: places.name(code) for code in {one.commune_code for one in waiting}}
    rows = []
    for one in waiting:
        person = persons.get(one.person_id)
        rows.append(
            Row(
                id=one.pk,
                person_id=one.person_id,
                href=reverse(address, args=[str(one)]),
                code=str(one),
                name=person.full_name if person else "–",
                born=person.born if person else "",
                commune=communes[one.commune_code],
                why=str(one.kind_words) if isinstance(one, Application) else "",
            )
        )
    return rows


def _choose(
    request: ActingRequest,
    rows: list[Row],
    template: str,
    act: Callable[[list[int]], int],
    said: Callable[[int], str],
) -> HttpResponse:
    """Show the list; do with the ticked ones what the page is for."""
    form = ChosenForm(request.POST or None, ids=[row.id for row in rows])
    if request.method == "POST" and form.is_valid():
        try:
            count = act(form.cleaned_data["chosen"])
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, said(count))
            return redirect(request.path)
    if rows:
        purpose = str(_("list of cards"))
        audit.looked(
            [row.person_id for row in rows], by=request.actor, at=now(), purpose=purpose, fields=["full_name", "born"]
        )
    return render(request, template, {"rows": rows, "form": form})
