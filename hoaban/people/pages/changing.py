"""Changing a record by hand: what law calls a legal fact goes to a second officer, the rest happens at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.people import actions, forms, queries, rules
from hoaban.people.models import Household, Person
from hoaban.people.pages.opening import CHANGE, household_page, person_page
from hoaban.people.rules import Deed
from hoaban.places import queries as places
from hoaban.web.actor import Actor
from hoaban.web.permissions import ActingRequest

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Way:
    """One change that an officer makes by hand: its form, the kind of its paper, and for whom it's there."""

    label: Any
    form: type[forms.ActForm]
    paper: str
    facts: Callable[[Said, Person], dict[str, Any]]
    deed: Deed | None = None
    living: bool = True


def _day(said: Said) -> dict[str, Any]:
    return {"day": said["day"].isoformat()}


def _close(said: Said, _person: Person) -> dict[str, Any]:
    return {**_day(said), "life": said["life"], "reason": said["reason"]}


def _reopen(said: Said, _person: Person) -> dict[str, Any]:
    return {"reason": said["reason"]}


def _whom(said: Said) -> dict[str, Any]:
    return {"number": said["number"].replace(" ", ""), "name": said["name"]}


def _marry(said: Said, _person: Person) -> dict[str, Any]:
    return {**_day(said), **_whom(said)}


def _divorce(said: Said, person: Person) -> dict[str, Any]:
    line = queries.relations_of(person.pk).filter(kind=rules.RelationKind.SPOUSE).first()
    if line is None or line.other_id is None:
        raise rules.NotMarried()
    return {**_day(said), "other_id": line.other_id}


def _birth(said: Said, person: Person) -> dict[str, Any]:
    child = {name: said[name] for name in ("full_name", "sex", "birth_reg_place", "relation_to_head")}
    place = {"commune_code": person.commune_code, "village_code": person.village_code, "simulated": person.simulated}
    address = queries.stored(person)["permanent_address"]
    parents: dict[str, int | None] = {"mother_id": None, "father_id": None}
    parents["father_id" if person.sex == rules.Sex.MAN else "mother_id"] = person.pk
    return {
        "child": {**child, **place, "born": str(said["born"]), "permanent_address": address},
        **parents, "household_id": person.household_id, **_whom(said),
    }  # fmt: skip


def _place(said: Said) -> dict[str, Any]:
    village = places.village_named(said["commune_code"], said["village"]).code if said["village"] else ""
    return {**_day(said), "commune_code": said["commune_code"], "village_code": village, "address": said["address"]}


def _move(said: Said, _person: Person) -> dict[str, Any]:
    return {**_place(said), "household_id": None, "relation_to_head": said["relation_to_head"], **_whom(said)}


def _nothing(_said: Said, _person: Person) -> dict[str, Any]:
    return {}


def _correct(said: Said, person: Person) -> dict[str, Any]:
    changes = queries.differing(
        person, {fact.name: said[fact.name] for fact in rules.CORRECTABLE}, queries.stored(person)
    )
    if not changes:
        raise rules.NothingChanges()
    since = said["valid_from"]
    return {"changes": changes, "reason": said["reason"], "valid_from": since.isoformat() if since else None}


def _part(said: Said, _person: Person) -> dict[str, Any]:
    return {"join_id": int(said["join_id"]), "reason": said["reason"]}


CORRECT, JOIN, PART = "sua-thong-tin", "gop", "tach-lai"
WAYS = {
    CORRECT: Way(_("Correct what is wrong"), forms.CorrectForm, "update", _correct, Deed.CORRECT),
    "khai-sinh": Way(_("Register a birth"), forms.BirthForm, "birth", _birth, Deed.BIRTH),
    "ket-hon": Way(_("Register a marriage"), forms.MarryForm, "marriage", _marry, Deed.MARRY),
    "ly-hon": Way(_("Register a divorce"), forms.DivorceForm, "decision", _divorce, Deed.DIVORCE),
    "thuong-tru": Way(_("Move (permanent residence)"), forms.PersonMoveForm, "residence", _move, Deed.MOVE),
    "tam-vang": Way(_("Declare an absence"), forms.AbsenceForm, "absence", _nothing),
    "luu-tru": Way(_("Note a stay"), forms.StayForm, "stay", _nothing),
    "khai-tu": Way(_("Close: died, missing, gone abroad"), forms.CloseForm, "death", _close, Deed.CLOSE),
    "so-dinh-danh": Way(_("Cancel the number and establish it anew"), forms.ActForm, "update", _nothing, Deed.NUMBER),
    JOIN: Way(_("Join with another record of the same person"), forms.JoinForm, "decision", _nothing, Deed.JOIN),
    PART: Way(_("Part joined records again"), forms.PartForm, "decision", _part, Deed.PART),
    "mo-lai": Way(_("Reopen the record"), forms.ReopenForm, "decision", _reopen, Deed.REOPEN, living=False),
}


def ways_for(person: Person, actor: Actor) -> list[tuple[str, Any]]:
    """What this officer may do with the record as it is: address part and label."""
    if not actor.may(CHANGE, person.commune_code) or person.life == rules.Life.JOINED:
        return []
    living = person.life == rules.Life.LIVING
    fits = {
        "so-dinh-danh": bool(person.number), "ly-hon": person.marital == rules.MARRIED,
        PART: queries.standing_joins(person.pk).exists(),
    }  # fmt: skip
    return [(key, way.label) for key, way in WAYS.items() if way.living == living and fits.get(key, True)]


def household_ways(home: Household, actor: Actor) -> list[tuple[str, Any]]:
    """What this officer may do with the household: address name and label."""
    if not actor.may(CHANGE, home.commune_code):
        return []
    return [
        ("people:household-head", _("Change the head")),
        ("people:household-split", _("Split the household")),
        ("people:household-move", _("Move the household")),
    ]


@person_page(CHANGE, "change")
def change(request: ActingRequest, person: Person, way: str) -> HttpResponse:
    """One change of somebody's record, on the paper that it stands on."""
    if way not in dict(ways_for(person, request.actor)):
        raise Http404
    chosen = WAYS[way]
    form = chosen.form(request.POST or None, **_more(chosen, person))
    if form.is_valid():
        try:
            _carry_out(request, person, chosen, form)
        except Refusal as no:
            form.refuse(no)
        else:
            sent, done = gettext("Sent to a second officer, who decides."), gettext("Written down.")
            messages.success(request, sent if chosen.deed else done)
            return redirect("people:person", person.pk)
    page = {"person": person, "form": form, "label": chosen.label, "second": chosen.deed is not None}
    return render(request, "people/change.html", page)


@household_page(CHANGE, "household")
def change_head(request: ActingRequest, home: Household) -> HttpResponse:
    """Another member becomes the head."""
    form = forms.HeadForm(request.POST or None, members=_members(home, but_head=True))
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_head(
                household_id=home.pk, head_id=int(said["head"]), day=said["day"], source=source_of("residence", said),
                by=request.actor, at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("The household has another head."))
            return redirect("people:household", home.pk)
    return _household_form(request, home, form, _("Change the head"))


@household_page(CHANGE, "household")
def split(request: ActingRequest, home: Household) -> HttpResponse:
    """Some members make a household of their own."""
    form = forms.SplitForm(request.POST or None, members=_members(home, but_head=True))
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.split_household(
                household_id=home.pk, members={**dict.fromkeys(map(int, said["members"]), ""), int(said["head"]): "01"},
                day=said["day"], address=said["address"], source=source_of("residence", said), by=request.actor,
                at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("The new household is made."))
            return redirect("people:household", made.pk)
    return _household_form(request, home, form, _("Split the household"))


@household_page(CHANGE, "household")
def move(request: ActingRequest, home: Household) -> HttpResponse:
    """The whole household moves, when a second officer says so."""
    form = forms.MoveForm(request.POST or None, communes=_communes())
    if form.is_valid():
        try:
            _propose_move(request, home, form.cleaned_data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, gettext("Sent to a second officer, who decides."))
            return redirect("people:household", home.pk)
    return _household_form(request, home, form, _("Move the household"), second=True)


def _propose_move(request: ActingRequest, home: Household, said: Said) -> None:
    members = queries.members(home)
    if not members:
        raise NotFound(what=home.code)
    actions.propose(
        deed=Deed.HOME, person_id=members[0].pk, facts={**_place(said), "household_id": home.pk},
        source=source_of("residence", said), by=request.actor, at=now(),
    )  # fmt: skip


def _more(way: Way, person: Person) -> dict[str, Any]:
    """What a form needs beside what was sent."""
    if way.form is forms.CorrectForm:
        return {"now": queries.stored(person)}
    if way.form is forms.PartForm:
        found = queries.standing_joins(person.pk)
        return {"joins": forms.pairs((one.pk, f"{one.goes.full_name}, {one.joined_at:%d/%m/%Y}") for one in found)}
    return {"communes": _communes()}


def _carry_out(request: ActingRequest, person: Person, way: Way, form: forms.ActForm) -> None:
    said = form.cleaned_data | (form.written() if isinstance(form, forms.CorrectForm) else {})
    source, by, at = source_of(way.paper, said), request.actor, now()
    if way.deed is not None:
        facts = way.facts(said, person)
        actions.propose(deed=way.deed, person_id=person.pk, facts=facts, source=source, by=by, at=at)
    elif way.form is forms.AbsenceForm:
        actions.declare_absence(
            person_id=person.pk, address=said["address"], valid_from=said["valid_from"], valid_to=said["valid_to"],
            source=source, by=by, at=at,
        )  # fmt: skip
    else:
        actions.note_stay(
            person_id=person.pk, commune_code=said["commune_code"], village_code="", address=said["address"],
            valid_from=said["valid_from"], valid_to=said["valid_to"], source=source, by=by, at=at,
        )  # fmt: skip


def source_of(kind: str, said: Said) -> str:
    """The paper that the form names, as a source is stored."""
    return rules.source(kind, said["paper"], said["paper_day"])


def _communes() -> forms.Pairs:
    return sorted(forms.pairs((one.key, one.full_name) for one in places.communes()), key=lambda pair: pair[1])


def _members(home: Household, *, but_head: bool) -> forms.Pairs:
    found = queries.members(home)
    return forms.pairs(
        (one.pk, f"{one.full_name}, {queries.printed('born', one.born)}")
        for one in found
        if not (but_head and one.relation_to_head == rules.HEAD)
    )


def _household_form(
    request: ActingRequest, home: Household, form: forms.ActForm, label: Any, *, second: bool = False
) -> HttpResponse:
    page = {"home": home, "form": form, "label": label, "second": second, "head": queries.head_of(home.pk)}
    return render(request, "people/change.html", page)
