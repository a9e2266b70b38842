"""The citizen's own pages: what to do, what is under way, the result of each application."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoaban.audit import queries as audit
from hoaban.base.errors import NotFound
from hoaban.cards import queries as cards
from hoaban.cards import rules as card_rules
from hoaban.eid import queries as eid
from hoaban.places import queries as places
from hoaban.services import queries
from hoaban.services.models import Application
from hoaban.services.pages import applying, telling
from hoaban.services.rules import Mender, State
from hoaban.visits import queries as visits
from hoaban.web.permissions import ActingRequest, for_citizen
from hoaban.web.rules import Step, Tone


@dataclass(frozen=True)
class Item:
    """One thing of the citizen's: how it stands, in a word and a sentence, and where it leads."""

    title: str
    tone: Tone
    word: str
    sentence: str
    href: str
    act: str
    steps: list[Step]


@for_citizen
def citizen_home(request: ActingRequest) -> HttpResponse:
    """What the citizen must do, what is being done for them, what is done; and who looked."""
    person_id = _citizen(request)
    items = [*_appointment(person_id), *_applications(person_id), *_cards(person_id), *_account(person_id)]
    order = (Tone.NEEDED, Tone.DOING, Tone.DONE)
    page = {
        "items": sorted(items, key=lambda item: order.index(item.tone)),
        "to_do": sum(item.tone is Tone.NEEDED for item in items),
        "looks": audit.who_looked(person_id).count(),
        "services": queries.services(),
    }
    return render(request, "services/home.html", page)


@for_citizen
def result(request: ActingRequest, code: str) -> HttpResponse:
    """One application: where it stands, until when, and what was decided."""
    application = _own(request, code)
    page = {
        "application": application,
        "service": queries.service(application.definition),
        "facts": telling.facts_of(application),
        "steps": telling.steps_of(application, _citizen(request)),
        "fault": telling.fault_of(application),
        "commune": places.name(application.commune_code),
        "may_mend": _may_mend(request, application),
    }
    return render(request, "services/result.html", page)


@for_citizen
@require_POST
def mend(request: ActingRequest, code: str) -> HttpResponse:
    """Take a returned application up again: its answers wait on the check page."""
    application = _own(request, code)
    if not _may_mend(request, application):
        return redirect("services:result", code=application.code)
    service = queries.service(application.definition)
    applying.begin_again(request, application, service)
    return redirect("services:check", slug=service.slug)


def _citizen(request: ActingRequest) -> int:
    assert request.actor.person_id is not None
    return request.actor.person_id


def _own(request: ActingRequest, code: str) -> Application:
    try:
        return queries.application_of(_citizen(request), code)
    except NotFound as missing:
        raise Http404 from missing


def _may_mend(request: ActingRequest, application: Application) -> bool:
    return (
        application.state == State.RETURNED
        and application.mender == Mender.CITIZEN
        and application.applicant_id == request.actor.person_id
    )


def _appointment(person_id: int) -> list[Item]:
    coming = visits.coming_to(person_id)
    if coming is None:
        return []
    starts = telling.moment(coming.starts_at)
    sentence = _("Come at %(starts)s. The team takes your photo and fingerprints; it costs nothing.") % {
        "starts": starts
    }
    title = _("The team comes to you: %(place)s") % {"place": coming.place}
    return [Item(title, Tone.NEEDED, _("needs you"), sentence, "", "", [])]


def _account(person_id: int) -> list[Item]:
    account = eid.account_of(person_id)
    if account is None:
        return []
    return [
        Item(
            title=_("Your electronic identity"),
            tone=Tone.DONE,
            word=str(account.state_words),
            sentence=str(account.level_words),
            href=reverse("eid:password"),
            act=_("Change your password"),
            steps=[],
        )
    ]


def _applications(person_id: int) -> list[Item]:
    return [
        Item(
            title=f"{queries.service(one.definition).name}: {one.prefilled['about_name']}",
            tone=telling.TONES[State(one.state)] if one.mender in ("", Mender.CITIZEN) else Tone.DOING,
            word=str(one.state_words),
            sentence="",
            href=reverse("services:result", args=[one.code]),
            act=_("See application %(code)s") % {"code": one.code},
            steps=telling.steps_of(one, person_id),
        )
        for one in queries.of_person(person_id)
    ]


def _cards(person_id: int) -> list[Item]:
    """The newest card that was asked for; older ones were ended by it."""
    return [_card(one) for one in cards.timelines_of(person_id)[:1]]


def _card(one: card_rules.Timeline) -> Item:
    ended = card_rules.ENDING_SENTENCES.get(one.ending) if one.ending else None
    to_fetch = one.current is card_rules.Step.AT_COMMUNE
    tone = Tone.NEEDED if ended or to_fetch else Tone.DONE if one.is_finished else Tone.DOING
    words = {Tone.NEEDED: _("needs you"), Tone.DOING: _("under way"), Tone.DONE: _("done")}
    return Item(
        title=_("Your identity card"),
        tone=tone,
        word=words[tone],
        sentence=str(ended or card_rules.STEP_SENTENCES[one.current]),
        href=reverse("cards:track", args=[one.code]),
        act=_("Where is my card?"),
        steps=[] if ended else telling.card_steps(one.reached, is_finished=one.is_finished),
    )
