"""The station's pages: today's list, find, the wizard one step a screen, send and receive."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hoaban.base.clock import now
from hoaban.base.clock import today as this_day
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.enrolment.rules import capture, review
from hoaban.kit import actions, devices, forms, queries, rules
from hoaban.kit.middleware import OPERATOR, StationRequest, at_closed_station, at_station
from hoaban.web.actor import job_actor
from hoaban.web.rules import Fact

SEND_SECONDS = 20.0  # a press on the button; the rest goes by itself


@at_closed_station
def sign_in(request: StationRequest) -> HttpResponse:
    """Who stands at the station; the PIN opens it."""
    form = forms.PinForm(queries.work_list(request.station).operators, request.POST or None)
    if form.is_valid():
        try:
            operator = actions.unlock(
                station=request.station, operator_id=form.cleaned_data["operator"], pin=form.cleaned_data["pin"],
                by=job_actor("kit.sign-in"), at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            request.session.cycle_key()
            request.session[OPERATOR] = operator.id
            return HttpResponseRedirect(_onward(request))
    return render(request, "kit/sign_in.html", {"form": form})


@at_closed_station
@require_POST
def sign_out(request: StationRequest) -> HttpResponse:
    """Lock the station."""
    request.session.flush()
    return redirect("kit:sign-in")


@at_station
@require_GET
def today(request: StationRequest) -> HttpResponse:
    """Who is expected today, and who was left half-way."""
    shown = {
        "day": this_day(), "people": queries.today(request.station, this_day()),
        "drafts": queries.drafts(request.station),
    }  # fmt: skip
    return render(request, "kit/today.html", shown)


@at_station
@require_GET
def find(request: StationRequest) -> HttpResponse:
    """Somebody of the list by their last digits and name."""
    form = forms.FindForm(request.GET or None)
    found = queries.find(request.station, form.cleaned_data["q"]) if form.is_valid() else None
    return render(request, "kit/find.html", {"form": form, "people": found})


@at_station
@require_POST
def begin(request: StationRequest, person_id: int) -> HttpResponse:
    """Begin with somebody of the list, or go on where they were left."""
    person = queries.expected(request.station, person_id)
    draft = actions.begin(station=request.station, person=person, by=request.actor, at=now())
    return redirect("kit:turn", draft.ulid)


@at_station
def not_on_list(request: StationRequest) -> HttpResponse:
    """Begin with somebody who isn't on the list."""
    form = forms.NotOnListForm(queries.work_list(request.station).communes, request.POST or None)
    if form.is_valid():
        draft = actions.begin(station=request.station, person=form.person, by=request.actor, at=now())
        return redirect("kit:turn", draft.ulid)
    return render(request, "kit/not_on_list.html", {"form": form})


@at_station
@require_GET
def turn(request: StationRequest, ulid: str) -> HttpResponse:
    """On to the first step that isn't done."""
    draft = queries.draft(request.station, ulid)
    step = rules.next_step(draft)
    if step is rules.Step.FINGERS:
        return redirect("kit:fingers", ulid, rules.next_press(draft))
    return redirect(f"kit:{rules.Step.CONSENT if step is rules.Step.FINISH else step}", ulid)


@at_station
def person(request: StationRequest, ulid: str) -> HttpResponse:
    """Step 2: is it the right person, and what do they ask for?"""
    draft = queries.draft(request.station, ulid)
    asked = {name: getattr(draft, name) for name in ("corrections", "wants_card", "wants_eid", "phone")}
    form = forms.PersonForm(request.POST or None, initial=asked)
    if form.is_valid():
        actions.confirm(station=request.station, ulid=ulid, **form.cleaned_data, by=request.actor, at=now())
        return redirect("kit:turn", ulid)
    return render(request, "kit/person.html", {"draft": draft, "form": form, "facts": _facts(draft)})


@at_station
def face(request: StationRequest, ulid: str) -> HttpResponse:
    """Step 3: the portrait."""
    draft = queries.draft(request.station, ulid)
    rules.check_reached(draft, rules.Step.FACE)
    form = forms.FaceForm(request.POST or None, request.FILES or None)
    mock = "mock" in request.POST and devices.may_mock()
    if mock or form.is_valid():
        picture = devices.mock_face(ulid) if mock else form.cleaned_data["picture"].read()
        source = capture.Source.MOCK if mock else form.taken_with
        try:
            actions.take_face(
                station=request.station, ulid=ulid, picture=picture, source=source, by=request.actor, at=now()
            )
        except rules.NotAPicture as no:
            form.refuse(no)
        else:
            return redirect("kit:turn", ulid)
    shown = {"draft": draft, "form": form, "may_mock": devices.may_mock()}
    return render(request, "kit/face.html", shown)


@at_station
@require_GET
def portrait(request: StationRequest, ulid: str) -> HttpResponse:
    """The portrait as taken."""
    return HttpResponse(
        queries.face(request.station, ulid), content_type="image/jpeg", headers={"Cache-Control": "no-store"}
    )


@at_station
def fingers(request: StationRequest, ulid: str, press: str) -> HttpResponse:
    """Step 4: a press of fingers, or why they can't be taken."""
    if press not in set(capture.Press):
        raise Http404
    draft = queries.draft(request.station, ulid)
    rules.check_reached(draft, rules.Step.FINGERS)
    which = capture.Press(press)
    form = forms.WhyNotForm(which, request.POST if "explain" in request.POST else None)
    if form.is_valid():
        actions.explain_fingers(station=request.station, ulid=ulid, why_not=form.why_not, by=request.actor, at=now())
        return redirect("kit:turn", ulid)
    if request.method == "POST" and "press" in request.POST:
        reader = devices.finger_reader(f"{ulid} {press} {now().isoformat()}")
        actions.press_fingers(
            station=request.station, ulid=ulid, press=which, reader=reader, by=request.actor, at=now()
        )
        return redirect("kit:turn", ulid)
    shown = {
        "draft": draft, "form": form, "press": capture.PRESS_NAMES[which], "fingers": _taken(draft, which),
        "may_mock": devices.may_mock(),
    }  # fmt: skip
    return render(request, "kit/fingers.html", shown)


@at_station
def consent(request: StationRequest, ulid: str) -> HttpResponse:
    """Step 5: read back, agree; then it's sealed."""
    draft = queries.draft(request.station, ulid)
    rules.check_reached(draft, rules.Step.CONSENT)
    form = forms.ConsentForm(request.POST or None)
    if form.is_valid():
        agreed = review.Consent(form.cleaned_data["consent"])
        actions.agree(station=request.station, ulid=ulid, consent=agreed, by=request.actor, at=now())
        actions.finish(station=request.station, ulid=ulid, by=request.actor, at=now())
        return redirect("kit:slip", ulid)
    return render(request, "kit/consent.html", {"draft": draft, "form": form, "facts": _facts(draft)})


@at_station
@require_POST
def drop(request: StationRequest, ulid: str) -> HttpResponse:
    """Give an enrolment up."""
    actions.drop(station=request.station, ulid=ulid, by=request.actor)
    messages.success(request, _("Nothing of it was kept."))
    return redirect("kit:today")


@at_station
@never_cache
@require_GET
def slip(request: StationRequest, ulid: str) -> HttpResponse:
    """Step 6: the receipt slip to print and hand over."""
    row = queries.sealed(request.station, ulid)
    shown = {
        "code": row["slip_code"], "at": queries.moment(row["sealed_at"]),
        "link": f"{request.station.registered.server_url}/the/{row['slip_code']}",
        "activation": queries.activation_code(request.station, row, now()),
        "eid_link": f"{request.station.registered.server_url}/dinh-danh/kich-hoat",
        "name": queries.name_on_slip(request.station, row["person_id"]),
    }  # fmt: skip
    return render(request, "kit/slip.html", shown)


@at_closed_station
@require_GET
def sync(request: StationRequest) -> HttpResponse:
    """What was done here, what waits, what the province has. Names nobody."""
    rows = [dict(row) | {"at": queries.moment(row["sealed_at"])} for row in queries.outbox(request.station)]
    return render(request, "kit/sync.html", {"rows": rows[::-1][:200]})


@at_closed_station
@require_POST
def send(request: StationRequest) -> HttpResponse:
    """Send what waits and take what there is, now."""
    report = actions.synchronise(
        station=request.station, line=request.open_line(request.station), by=job_actor("kit.send"), at=now(),
        budget_s=SEND_SECONDS,
    )  # fmt: skip
    if report.trouble:
        messages.warning(request, report.trouble)
    else:
        messages.success(request, _("The province has confirmed %(n)s packets just now.") % {"n": report.sent})
    return redirect("kit:sync")


def _onward(request: StationRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else reverse("kit:today")


def _facts(draft: rules.Draft) -> list[Fact]:
    one = draft.person
    sex = _("Female") if one.sex == "F" else _("Male")
    shown: list[tuple[Any, str]] = [
        (_("Full name"), one.full_name), (_("Born"), queries.born_in_words(one.born)), (_("Sex"), str(sex)),
        (_("12-digit number"), one.number or "-"), (_("Address"), one.address or "-"),
        (_("Father"), one.father), (_("Mother"), one.mother), (_("Spouse"), one.spouse),
    ]  # fmt: skip
    return [Fact(str(label), value) for label, value in shown if value]


@dataclasses.dataclass(frozen=True)
class TakenFinger:
    """A finger as the page shows it."""

    name: Any
    word: Any
    tone: str
    tries: int


def _taken(draft: rules.Draft, press: capture.Press) -> list[TakenFinger]:
    found = []
    for code in capture.FINGERS[press]:
        one = draft.finger(code)
        name = capture.FINGER_NAMES[code]
        if one is None:
            found.append(TakenFinger(name, _("not yet"), "plain", 0))
        elif one.why_not is not None:
            found.append(TakenFinger(name, capture.WHY_NOT_NAMES[one.why_not], "plain", 0))
        else:
            word = capture.quality_word(one.quality)
            tone = "done" if capture.is_settled(one) else "needed"
            found.append(TakenFinger(name, capture.QUALITY_NAMES[word], tone, one.tries))
    return found
