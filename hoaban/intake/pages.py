"""Pages of intake: files received, what was found in them, the workbook that goes back."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.intake import actions, queries, rules
from hoaban.intake.forms import MendForm, SendForm
from hoaban.intake.models import Batch
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hoaban.intake.models import FormRow

SHOWN = 200


@require_permission("intake.read")
def batches(request: ActingRequest) -> HttpResponse:
    """The files of the officer's area, or those with forms of one unit of it, newest first."""
    place = _place_asked(request)
    found = queries.batches_seen_by(request.actor) if place is None else queries.batches_of(place.keys)
    page = {"batches": found[:100], "may_send": request.actor.may("intake.load"), "place": place}
    return render(request, "intake/batches.html", page)


@require_permission("intake.read")
def waiting(request: ActingRequest) -> HttpResponse:
    """The forms of the officer's area, or of one unit of it, that were returned and wait to be mended."""
    place = _place_asked(request)
    found = queries.waiting_forms(request.actor.communes if place is None else place.keys)
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    rows = queries.with_findings(cast("QuerySet[FormRow]", page.object_list))
    shown = {
        "rows": rows, "page": page, "place": place, "may_mend": request.actor.may("intake.load"),
        "query": urlencode({"noi": place.key}) + "&" if place else "",
    }  # fmt: skip
    return render(request, "intake/waiting.html", shown)


@require_permission("intake.load")
def send(request: ActingRequest) -> HttpResponse:
    """Send a file; it's kept at once and loaded by a job."""
    form = SendForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            batch = _send(form.cleaned_data["file"], request)
        except Refusal as no:
            form.refuse(no)
        else:
            if batch.loaded_at is not None:
                messages.info(request, _("This file was received before. Nothing was entered twice."))
            return redirect("intake:batch", batch.pk)
    return render(request, "intake/send.html", {"form": form})


@require_permission("intake.read")
def batch(request: ActingRequest, batch_id: int) -> HttpResponse:
    """One file: counts and findings, each opening to its rows."""
    one = _seen(request, batch_id)
    there = reverse("intake:rows", args=[batch_id])
    figures = [
        Figure(str(words), getattr(one, state.value), f"{there}?ket-qua={state.value}")
        for state, words in rules.STATE_WORDS.items()
    ]
    page = {"batch": one, "figures": figures, "findings": queries.finding_counts(batch_id)}
    page |= {"refusal": queries.refusal_in_words(one), "may_mend": request.actor.may("intake.load")}
    return render(request, "intake/batch.html", page | {"waiting": queries.waiting_in(batch_id).first()})


@require_permission("intake.read")
def progress(request: ActingRequest, batch_id: int) -> JsonResponse:
    """How far the reading of a file is, for the page that shows it live."""
    one = _seen(request, batch_id)
    done = sum(getattr(one, state.value) for state in rules.RowState)
    return JsonResponse({"done": done, "rows": one.rows, "ended": bool(one.loaded_at or one.refusal)})


@require_permission("intake.read")
def catalogue(request: ActingRequest) -> HttpResponse:
    """Every rule of the desk: what it finds, by which law, with an example each way."""
    return render(request, "intake/catalogue.html", {"groups": queries.catalogue(), "count": len(queries.rule_codes())})


@require_permission("intake.read")
def template(request: ActingRequest) -> HttpResponse:
    """The workbook that a commune fills in."""
    return _workbook(queries.template(), "DC01-mau.xlsx")


@require_permission("intake.load")
def mend(request: ActingRequest, batch_id: int, line: int) -> HttpResponse:
    """One returned row in the order of the form, bad cells first; every fault is said at once."""
    sheet = _to_mend(request, batch_id, line)
    form = MendForm(sheet, request.POST or None)
    if form.is_valid():
        try:
            left = actions.mend(batch_id=batch_id, line=line, written=form.cells(), by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            if not left:
                messages.success(request, _("Entered."))
                return redirect(_next_to_mend(batch_id, line))
            form.say(left)
    shown = {"batch": sheet.batch, "sheet": sheet, "form": form}
    return render(request, "intake/mend.html", shown)


@require_permission("intake.read")
def rows(request: ActingRequest, batch_id: int) -> HttpResponse:
    """The rows of a file with one finding or of one result, each with everything found in it."""
    one = _seen(request, batch_id)
    code, state = request.GET.get("loi", ""), rules.state_of(request.GET.get("ket-qua", ""))
    page = Paginator(queries.rows_of(batch_id, code=code, state=state), SHOWN).get_page(request.GET.get("page"))
    found = queries.with_findings(cast("QuerySet[FormRow]", page.object_list))
    persons = [row.row.person_id for row in found if row.row.person_id]
    if persons:
        audit.looked(persons, by=request.actor, at=now(), purpose="check", fields=["form"])
    title = queries.rule_in_words(code) or (rules.STATE_WORDS[state] if state else _("Rows"))
    query = urlencode({"loi": code} if code else {"ket-qua": state.value if state else ""}) + "&"
    shown = {"batch": one, "rows": found, "title": title, "page": page, "query": query}
    shown["may_mend"] = request.actor.may("intake.load")
    return render(request, "intake/rows.html", shown)


@require_permission("intake.read")
def returned(request: ActingRequest, batch_id: int) -> HttpResponse:
    """The rows to mend, as a workbook."""
    one = _seen(request, batch_id)
    audit.record("intake.returned_taken", f"intake.Batch:{one.pk}", by=request.actor, at=now())
    return _workbook(queries.returned_workbook(batch_id), f"DC01-{one.pk}-tra-lai.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=queries.XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _to_mend(request: ActingRequest, batch_id: int, line: int) -> queries.MendSheet:
    _seen(request, batch_id)
    try:
        return queries.mend_sheet(batch_id, line)
    except NotFound as no:
        raise Http404 from no


def _next_to_mend(batch_id: int, line: int) -> str:
    """The next returned row of the file below this one, else the first, else the file."""
    waiting = queries.waiting_in(batch_id)
    following = waiting.filter(line__gt=line).first() or waiting.first()
    if following is None:
        return reverse("intake:batch", args=[batch_id])
    return reverse("intake:mend", args=[batch_id, following.line])


@dataclass(frozen=True)
class _Place:
    """A unit whose forms alone are asked for, and the keys under which its forms stand."""

    key: str
    name: str
    keys: frozenset[str]


def _place_asked(request: ActingRequest) -> _Place | None:
    """The unit that the address asks for, as far as it lies in the officer's area; None where it asks for none."""
    key = request.GET.get("noi")
    if not key:
        return None
    if key == rules.NO_COMMUNE:
        return _Place(key, str(_("Commune not known")), frozenset(queries.unknown_communes()))
    try:
        held = places.held_in(key, request.actor.communes)
    except NotFound as no:
        raise Http404 from no
    return _Place(key, places.name(key), frozenset().union(*(one.keys for one in held)))


def _seen(request: ActingRequest, batch_id: int) -> Batch:
    try:
        return queries.batch(batch_id, request.actor)
    except NotFound as no:
        raise Http404 from no


def _send(sent: UploadedFile[Any], request: ActingRequest) -> Batch:
    name = Path(sent.name or "forms.csv").name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sent{Path(name).suffix.lower()}"
        with path.open("wb") as out:
            for piece in sent.chunks():
                out.write(piece)
        return actions.send(path=path, name=name, by=request.actor, at=now())
