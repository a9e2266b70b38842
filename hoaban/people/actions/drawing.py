"""Giving numbers to many people at once, beside others who do the same.

Two who hold thousands of numbers and draw more might wait for each other in a ring. So each of them draws
from a slice of the six random digits that is theirs until they have written, and from nowhere else: who finds
nothing there is left for the next slice, and in the end for a number given alone.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

import polars as pl
from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import bulk, clock
from hoaban.people import rules
from hoaban.people.actions.numbers import give_number
from hoaban.people.actions.writing import DRAWS
from hoaban.people.engine import columns
from hoaban.people.models import Person
from hoaban.web.actor import Actor

CHUNK = 5000
SLICES = 64  # as many draw at once; one more waits before it holds anything
TURNS = 3  # slices that are tried before a number is given alone


def give_numbers(*, person_ids: Sequence[int], by: Actor, at: dt.datetime) -> dict[int, str]:
    """Give numbers to all of these people who have none and whose place of birth registration is known.

    Their new numbers by person. Goes in chunks of 5,000, each its own transaction and one line of the
    audit; safe to run again.
    """
    given: dict[int, str] = {}
    left = sorted(set(person_ids))
    for _turn in range(TURNS):
        asked, left = left, []
        for first in range(0, len(asked), CHUNK):
            found, missed = _give_chunk(asked[first : first + CHUNK], by, at)
            given, left = given | found, left + missed
    return given | {pk: give_number(person_id=pk, by=by, at=at) for pk in left}


@transaction.atomic
def _give_chunk(person_ids: Sequence[int], by: Actor, at: dt.datetime) -> tuple[dict[int, str], list[int]]:
    """The new numbers by person, and those for whom the slice had none."""
    rows = list(
        Person.objects.select_for_update()
        .filter(pk__in=person_ids, number="", life=rules.Life.LIVING)
        .order_by("pk")
        .values_list("pk", "sex", "born", "birth_reg_place", "version")
    )
    wanted = {pk: prefix for pk, sex, born, place, _version in rows if (prefix := _prefix_of(place, sex, born))}
    if not wanted:
        return {}, []
    given = _take_many(wanted, at)
    if given:
        _write_down(given, {pk: version + 1 for pk, *_, version in rows}, by, at)
    return given, [pk for pk in wanted if pk not in given]


def _take_many(wanted: dict[int, str], at: dt.datetime) -> dict[int, str]:
    """The new number of each person for whom one was found in the own slice."""
    own = _own_slice()
    given: dict[int, str] = {}
    for _draw in range(DRAWS):
        drawn: dict[str, int] = {}
        for pk, prefix in wanted.items():
            drawn.setdefault(rules.draw_number(prefix, lambda digits: _within(own, digits)), pk)
        known = {number for (number,) in bulk.look_up("people_number", ["number"], "number", list(drawn))}
        free = sorted(drawn.keys() - known)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO people_number (number, person_id, given_at, reason)"
                " SELECT number, person, %s, '' FROM unnest(%s::text[], %s::bigint[]) AS drawn(number, person)"
                " ORDER BY number ON CONFLICT (number) DO NOTHING RETURNING person_id, number",
                [at, free, [drawn[number] for number in free]],
            )
            given |= dict(cursor.fetchall())
        wanted = {pk: prefix for pk, prefix in wanted.items() if pk not in given}
        if not wanted:
            break
    return given


def _own_slice() -> int:
    """A slice in which nobody else draws until this transaction ends."""
    slices = list(range(SLICES))
    secrets.SystemRandom().shuffle(slices)
    with connection.cursor() as cursor:
        for one in slices:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('people.drawing'), %s)", [one])
            if cursor.fetchone()[0]:
                return one
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.drawing'), %s)", [slices[0]])
    return slices[0]


def _within(own: int, digits: int) -> int:
    return own + SLICES * secrets.randbelow(digits // SLICES)


def _write_down(given: dict[int, str], versions: dict[int, int], by: Actor, at: dt.datetime) -> None:
    ids = sorted(given)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person p SET number = given.number, version = p.version + 1"
            " FROM unnest(%s::bigint[], %s::text[]) AS given(id, number) WHERE p.id = given.id",
            [ids, [given[pk] for pk in ids]],
        )
    changes = pl.DataFrame(
        {
            "person_id": ids, "field": "number", "old": "", "new": [given[pk] for pk in ids],
            "source": rules.source("number", ""), "version": [versions[pk] for pk in ids],
            "by_id": by.id, "by_name": by.name, "reason": "", "valid_from": clock.day_of(at), "recorded_at": at,
        }
    )  # fmt: skip
    bulk.insert("people_change", changes)
    audit.record(
        "people.numbers_given", f"people.Person:{ids[0]}", by=by, at=at, person_ids=ids if len(ids) == 1 else (),
        facts={"people": len(ids), "first": ids[0], "last": ids[-1], "changes_root": columns.root_of(changes)},
    )  # fmt: skip


def _prefix_of(place: str, sex: str, born: str) -> str:
    """The first six digits, or "" where they can't be known yet."""
    try:
        return rules.prefix(rules.province_of(place), sex, born)
    except (rules.BirthPlaceUnknown, ValueError):
        return ""
