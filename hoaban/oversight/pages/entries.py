"""Who looked, told to the citizen; the audit, its seals and its proofs, for the auditor."""

from __future__ import annotations

import csv
import hashlib
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from hoaban.audit import queries as audit
from hoaban.audit.rules import NothingSealed
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.oversight import actions, queries
from hoaban.oversight.forms import FilterForm
from hoaban.oversight.queries import Found
from hoaban.people import queries as people
from hoaban.web.permissions import ActingRequest, for_citizen, require_permission

PAGE = 50
MOST_EXPORTED = 100_000
MOST_WALKED = 300_000  # entries that a page walks over: about two seconds
HEADS = (
    "ulid", "at", "action", "subject", "place", "actor_kind", "actor_id", "actor_name", "address", "terminal",
    "purpose", "facts", "person_ids", "epoch", "leaf",
)  # fmt: skip


@for_citizen
def who_looked(request: ActingRequest) -> HttpResponse:
    """Who looked at the citizen's record, in which role and why; what was done, and what was changed."""
    person_id, me = request.actor.person_id, request.actor.id
    assert person_id is not None
    looks = Paginator(queries.looks_at(person_id), PAGE).get_page(request.GET.get("page"))
    page = {
        "looks": looks,
        "told": queries.tell(looks, me),
        "done": queries.tell(queries.done_for(person_id)[:PAGE], me),
        "changes": people.said_changes(person_id)[:PAGE],
        "withheld": queries.count_withheld(person_id),
        "objected": {one.entry_ulid: one for one in queries.requests_of(person_id)},
    }
    return render(request, "oversight/who_looked.html", page)


@require_permission("audit.read")
def entries(request: ActingRequest) -> HttpResponse:
    """The audit's entries, filtered. Reading them is itself written down."""
    form = FilterForm(request.GET)
    found = _found(request, form)
    query = urlencode({key: value for key, value in request.GET.items() if key != "page" and value})
    shown: dict[str, Any] = {"form": form, "query": query}
    if found:
        page = Paginator(found.entries, PAGE).get_page(request.GET.get("page"))
        shown |= {"page": page, "must_name_somebody": found.must_name_somebody}
        shown["entries"] = list(zip(page, queries.tell(page), strict=True))
        actions.note_reading(asked=form.wanted().as_facts(), person_id=found.person_id, by=request.actor, at=now())
    return render(request, "oversight/entries.html", shown)


@require_permission("audit.read")
def entry(request: ActingRequest, ulid: str) -> HttpResponse:
    """One entry, and the proof that it stands in its sealed epoch as it was written."""
    try:
        one = audit.entry_under(ulid)
    except NotFound as missing:
        raise Http404 from missing
    if not queries.may_see(one, request.actor):
        raise Http404
    [told] = queries.tell([one])
    actions.note_reading(asked={"entry": ulid}, person_id=None, by=request.actor, at=now())
    facts = json.dumps(one.facts, ensure_ascii=False, indent=1, sort_keys=True)
    page = {"entry": one, "told": told, "proof": queries.proof_of(one), "facts": facts}
    return render(request, "oversight/entry.html", page)


@require_permission("audit.read")
def seals(request: ActingRequest) -> HttpResponse:
    """Whether everything sealed is as it was sealed: walked over now, or by the night's job where that takes long."""
    is_long = audit.count_sealed() > MOST_WALKED
    page: dict[str, Any] = {"at": now(), "is_long": is_long, "last": audit.last_of("audit.verified")}
    page["lag"] = audit.seal_lag(now())
    page["check"] = None if is_long else audit.check_seals()
    return render(request, "oversight/seals.html", page)


@require_permission("audit.read")
def export(request: ActingRequest) -> HttpResponse:
    """The filtered entries as CSV, with their hashes; `hoaban audit verify-export` proves the file by its own hash."""
    form = FilterForm(request.GET)
    found = _found(request, form)
    if found is None:
        return render(
            request, "oversight/entries.html", {"form": form, "page": Paginator([], PAGE).page(1)}, status=400
        )
    listed = list(found.entries[:MOST_EXPORTED])
    sealed = audit.seals_of([one.pk for one in listed])
    rows = [
        [
            one.ulid, one.at.isoformat(), one.action, one.subject, one.commune_code, one.actor_kind, one.actor_id,
            one.actor_name, one.address, one.terminal, one.purpose, json.dumps(one.facts, ensure_ascii=False),
            " ".join(map(str, one.person_ids)), sealed[one.pk][1] or "", sealed[one.pk][0],
        ]
        for one in listed
    ]  # fmt: skip
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": "attachment"})
    answer.write("\ufeff")  # so that a spreadsheet reads it as UTF-8
    writer = csv.writer(answer)
    writer.writerow(HEADS)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    with suppress(NothingSealed):
        writer.writerow(["", "", str(audit.anchor())])  # whoever holds an anchor proves each line with it
    actions.note_export(
        asked=form.wanted().as_facts(), person_id=found.person_id, entries=len(rows),
        sha256=hashlib.sha256(answer.content).hexdigest(), by=request.actor, at=now(),
    )  # fmt: skip
    return answer


def _found(request: ActingRequest, form: FilterForm) -> Found | None:
    """What the form asks for; None, with the reason in the form, where it can't be answered."""
    if not form.is_valid():
        return None
    try:
        return queries.find(form.wanted(), request.actor)
    except Refusal as no:
        form.add_error("number", str(no))
        return None


def _harmless(cell: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell
