"""A person's record and a household's, now and on any day, their histories, and who looked."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.people import queries, rules
from hoaban.people.models import Household, Person
from hoaban.people.pages.changing import household_ways, ways_for
from hoaban.people.pages.opening import READ, days_asked, household_page, person_page
from hoaban.web.permissions import ActingRequest


@person_page(READ, "record")
def person(request: ActingRequest, person: Person) -> HttpResponse:
    """Everything that the register says of somebody, each fact with its source; on any day if asked."""
    form, day, moment, is_past = days_asked(request)
    try:
        then = queries.then(person, day, moment)
    except NotFound:
        return render(request, "people/not_yet.html", {"person": person, "form": form, "known": moment})
    page = {
        "person": person, "record": queries.record_of(person, then, is_past=is_past), "form": form, "day": day,
        "known": moment, "is_past": is_past, "life": rules.LIFE_WORDS[rules.Life(then.facts["life"])], "at": now(),
        "living": then.facts["life"] == rules.Life.LIVING,
        "waiting": _waiting(person), "may_decide": request.actor.may(rules.DECIDE, person.commune_code),
        "ways": [] if is_past else ways_for(person, request.actor),
    }  # fmt: skip
    return render(request, "people/person.html", page)


def _waiting(person: Person) -> list[tuple[object, object]]:
    """What waits on the record, and what it is in words."""
    return [(one, rules.DEED_WORDS[rules.deed_of(one.kind)]) for one in queries.waits_on(person.pk)]


@person_page(READ, "history")
def history(request: ActingRequest, person: Person) -> HttpResponse:
    """Every change of the record, newest first."""
    page = {"person": person, "changes": queries.said_changes(person.pk), "at": now()}
    return render(request, "people/history.html", page)


@person_page(READ, "looks")
def who_looked(request: ActingRequest, person: Person) -> HttpResponse:
    """Who opened the record, when and why."""
    looks = [
        (entry, rules.PURPOSES.get(entry.purpose, entry.purpose)) for entry in audit_queries.who_looked(person.pk)[:100]
    ]
    return render(request, "people/who_looked.html", {"person": person, "looks": looks})


@household_page(READ, "household")
def household(request: ActingRequest, home: Household) -> HttpResponse:
    """Who lives together where under which head, and what has changed; on any day if asked."""
    form, day, moment, is_past = days_asked(request)
    try:
        record = queries.household_record(home.pk, day, moment)
    except NotFound as no:
        raise Http404 from no
    page = {
        "home": home, "record": record, "form": form, "day": day, "known": moment, "is_past": is_past, "at": now(),
        "ways": [] if is_past or home.dissolved_on else household_ways(home, request.actor),
    }  # fmt: skip
    return render(request, "people/household.html", page)
