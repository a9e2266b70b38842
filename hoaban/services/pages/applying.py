"""Asking for a service: one question a page, then all of it once more, then Send.

The answers wait in the session, so Back and Change lose nothing and no script is needed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from hoaban.base.clock import now, today
from hoaban.base.errors import Refusal
from hoaban.base.ids import new_ulid
from hoaban.base.partial_date import PartialDate
from hoaban.services import actions, queries, rules
from hoaban.services.forms import SOMEBODY_ELSE, AddressForm, CheckForm, PeriodForm, PersonForm
from hoaban.services.models import Application
from hoaban.services.pages import telling
from hoaban.services.pages.offering import wanted
from hoaban.services.queries import Dwelling, Meant
from hoaban.services.rules import Definition, Question, QuestionKind, Who
from hoaban.web.forms import Form
from hoaban.web.permissions import ActingRequest, for_citizen

DRAFTS = "services.drafts"


@for_citizen
def question(request: ActingRequest, slug: str, number: int) -> HttpResponse:
    """One question; a good answer leads to the next one, or back to the check page."""
    service = wanted(slug)
    if not 1 <= number <= len(service.questions):
        raise Http404
    asked = service.questions[number - 1]
    answers = _draft(request, slug)["answers"]
    form = _form(request, asked, request.POST or None, initial=answers.get(asked.key))
    if request.method == "POST" and form.is_valid() and _is_accepted(request, asked, form):
        answers[asked.key] = {name: form.data.get(name, "") for name in form.fields}
        request.session.modified = True
        return _onward(service, answers)
    back = telling.question_address(service, number - 1) if number > 1 else telling.start_address(service)
    page = {"service": service, "question": asked, "number": number, "form": form, "back": back}
    return render(request, "services/question.html", page)


@for_citizen
def check(request: ActingRequest, slug: str) -> HttpResponse:
    """Everything once more, each answer with the way to change it, then Send."""
    service = wanted(slug)
    if sent := queries.sent_before(_citizen(request), request.POST.get("key", "")):
        return redirect("services:result", code=sent.code)
    draft = _draft(request, slug)
    told = _told(request, service, draft["answers"])
    if told is None:
        return _onward(service, draft["answers"])
    is_minor = rules.needs_guardian(told.about.born, today())
    form = CheckForm(request.POST or None, is_minor=is_minor, initial={"key": draft["key"]})
    if request.method == "POST" and form.is_valid():
        try:
            application = _send(request, draft, told, agreed=form.cleaned_data.get("agreed", False))
        except Refusal as no:
            form.refuse(no)
        else:
            forget_draft(request, slug)
            return redirect("services:result", code=application.code)
    held, answered = telling.to_check(service, told.about, told.dwelling, told.first_day, told.last_day)
    page = {"service": service, "held": held, "answered": answered, "form": form}
    return render(request, "services/check.html", page)


def begin_again(request: ActingRequest, application: Application, service: Definition) -> None:
    """Put a returned application's answers back into the draft, to be mended and sent again."""
    answers = application.answers
    somebody_else = answers["person_id"] is None
    born = PartialDate.parse(answers["born"]).vietnamese() if answers["born"] else ""
    drafts = request.session.setdefault(DRAFTS, {})
    drafts[_place(request, service.slug)] = {
        "key": new_ulid(),
        "again": application.code,
        "answers": {
            "who": {
                "person_id": SOMEBODY_ELSE if somebody_else else str(answers["person_id"]),
                "number": answers["number"],
                "full_name": answers["full_name"],
                "born": born,
            },
            "period": {name: telling.day(dt.date.fromisoformat(answers[name])) for name in ("first_day", "last_day")},
            "address": {"address": "own"},
        },
    }
    request.session.modified = True


def forget_draft(request: ActingRequest, slug: str) -> None:
    """What was sent needn't be kept any more."""
    request.session.get(DRAFTS, {}).pop(_place(request, slug), None)
    request.session.modified = True


@dataclass(frozen=True)
class _Told:
    who: Who
    about: Meant
    dwelling: Dwelling
    first_day: dt.date
    last_day: dt.date


def _citizen(request: ActingRequest) -> int:
    assert request.actor.person_id is not None
    return request.actor.person_id


def _draft(request: ActingRequest, slug: str) -> dict[str, Any]:
    drafts = request.session.setdefault(DRAFTS, {})
    empty = {"key": new_ulid(), "again": "", "answers": {}}
    draft: dict[str, Any] = drafts.setdefault(_place(request, slug), empty)
    return draft


def _place(request: ActingRequest, slug: str) -> str:
    """Where a draft is kept: each citizen's own, also where several use one machine."""
    return f"{slug}:{_citizen(request)}"


def _form(request: ActingRequest, asked: Question, data: Any, dwelling: Dwelling | None = None, **more: Any) -> Form:
    citizen = _citizen(request)
    if asked.kind is QuestionKind.PERSON:
        return PersonForm(data, family=queries.family_elsewhere(citizen), **more)
    if asked.kind is QuestionKind.PERIOD:
        return PeriodForm(data, **more)
    return AddressForm(data, dwelling=dwelling or queries.dwelling_of(citizen), **more)


def _is_accepted(request: ActingRequest, asked: Question, form: Form) -> bool:
    """Whether the person exists and may be declared; what speaks against it is said at the form."""
    if not isinstance(form, PersonForm):
        return True
    try:
        found = actions.look_up(who=form.who(), by=request.actor, at=now())
        here = queries.dwelling_of(_citizen(request)).commune_code
        rules.check_elsewhere(found.full_name, found.commune_code, here)
    except Refusal as no:
        form.refuse(no)
    return not form.errors


def _onward(service: Definition, answers: dict[str, Any]) -> HttpResponse:
    for number, asked in enumerate(service.questions, 1):
        if asked.key not in answers:
            return redirect(telling.question_address(service, number))
    return redirect("services:check", slug=service.slug)


def _told(request: ActingRequest, service: Definition, answers: dict[str, Any]) -> _Told | None:
    """The answers of the draft, read again; None, and forgotten, where one is missing or no longer good."""
    good: dict[str, Form] = {}
    dwelling = queries.dwelling_of(_citizen(request))
    for asked in service.questions:
        form = _form(request, asked, answers.get(asked.key, {}), dwelling)
        if not form.is_valid():
            answers.pop(asked.key, None)
            request.session.modified = True
            return None
        good[asked.key] = form
    person, period = good["who"], good["period"].cleaned_data
    assert isinstance(person, PersonForm)
    try:
        about = queries.meant(_citizen(request), person.who())
    except rules.NobodyMeant:
        del answers["who"]
        request.session.modified = True
        return None
    return _Told(person.who(), about, dwelling, period["first_day"], period["last_day"])


def _send(request: ActingRequest, draft: dict[str, Any], told: _Told, *, agreed: bool) -> Application:
    by, at = request.actor, now()
    if draft["again"]:
        application = queries.application_of(_citizen(request), draft["again"])
        return actions.send_again(
            application_id=application.pk, key=draft["key"], who=told.who, first_day=told.first_day,
            last_day=told.last_day, agreed=agreed, by=by, at=at,
        )  # fmt: skip
    return actions.apply_for_temporary_residence(
        key=draft["key"], who=told.who, first_day=told.first_day, last_day=told.last_day, agreed=agreed, by=by, at=at
    )
