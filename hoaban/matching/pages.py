"""One or two? The pairs that wait for a reviewer, and one pair side by side."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound, Refusal
from hoaban.base.words import _
from hoaban.matching import actions, queries, rules
from hoaban.matching.forms import VerdictForm
from hoaban.matching.models import Case
from hoaban.people import rules as people_rules
from hoaban.places import queries as places
from hoaban.web.permissions import ActingRequest, require_permission

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A pair as a line of a list."""

    id: int
    name: str
    born: str
    commune: str
    other_name: str
    other_born: str
    other_commune: str
    same_prints: int


@require_permission(rules.REVIEW)
@require_GET
def cases(request: ActingRequest) -> HttpResponse:
    """Pairs that wait for this officer's verdict, then those that wait for others'."""
    mine = list(queries.waiting_for(request.actor)[:PAGE])
    others = list(queries.waiting_for_others(request.actor)[:PAGE])
    rows = _rows([*mine, *others])
    if rows:
        ids = sorted({pk for one in [*mine, *others] for pk in (one.person_id, one.other_id)})
        audit.looked(ids, by=request.actor, at=now(), purpose=str(_("list of pairs")), fields=["full_name", "born"])
    return render(request, "matching/cases.html", {"mine": rows[: len(mine)], "others": rows[len(mine) :]})


@require_permission(rules.REVIEW)
def case(request: ActingRequest, case_id: int) -> HttpResponse:
    """One pair side by side; a verdict leads on to the next."""
    actor, one = request.actor, _found(request, case_id)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review(case_id=one.pk, **form.cleaned_data, by=actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Your verdict is written down."))
            following = queries.waiting_for(actor).first()
            return redirect("matching:case", following.pk) if following else redirect("matching:cases")
    audit.looked([one.person_id, one.other_id], by=actor, at=now(), purpose=str(_("one person or two")))
    return render(request, "matching/case.html", _shown(request, one) | {"form": form})


def _shown(request: ActingRequest, one: Case) -> dict[str, object]:
    """Both records, what speaks for and against, and of the verdicts what this officer may see by now."""
    persons, reviews = queries.persons_of([one]), list(queries.reviews_of(one))
    mine = [row for row in reviews if row.officer_id == request.actor.id]
    is_open = one.state == rules.State.OPEN
    facts = queries.side_by_side(one)
    joining = queries.joining_of(one) if one.state == rules.State.SAME or one.proposal_id else None
    return {
        "case": one, "left": persons[one.person_id], "right": persons[one.other_id], "facts": facts,
        "differing": [row for row in facts if row.differs], "arguments": queries.arguments_of(one),
        "portraits": [_inline(picture) for picture in queries.portraits_of(one)], "given": len(reviews),
        "reviews": mine if is_open else reviews, "may_review": is_open and not mine,
        "joining": joining, "joining_words": rules.JOINING_WORDS[joining] if joining else "",
        "may_decide": request.actor.may(people_rules.DECIDE, one.proposal.commune_code if one.proposal else None),
    }  # fmt: skip


def _found(request: ActingRequest, case_id: int) -> Case:
    try:
        return queries.case(case_id, request.actor.communes)
    except NotFound as missing:
        raise Http404 from missing


def _inline(picture: bytes | None) -> str:
    """The address of a picture that holds the picture."""
    return "data:image/jpeg;base64," + base64.b64encode(picture).decode("ascii") if picture else ""


def _rows(found: Sequence[Case]) -> list[Row]:
    persons = queries.persons_of(found)
    communes = places.names({code for one in found for code in (one.commune_code, one.other_commune_code)})
    return [
        Row(
            one.pk, persons[one.person_id].full_name, persons[one.person_id].born,
            communes.get(one.commune_code, one.commune_code), persons[one.other_id].full_name,
            persons[one.other_id].born, communes.get(one.other_commune_code, one.other_commune_code), one.same_prints,
        )
        for one in found
    ]  # fmt: skip
