"""Correcting what the register says of one person. Each change keeps old, new, source and both dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from hoaban.people import queries, rules
from hoaban.people.actions.writing import Act
from hoaban.people.models import Person
from hoaban.web.actor import Actor


@transaction.atomic
def correct(
    *,
    person_id: int,
    changes: Mapping[str, str],
    source: str,
    by: Actor,
    at: dt.datetime,
    valid_from: dt.date | None = None,
    expected_version: int | None = None,
    reason: str = "P05",
) -> Person:
    """Set facts to new values, as written or as stored; values that are already so change nothing.

    `valid_from` None means that the new value has always been the true one. A sex or a year of birth
    that the 12-digit number denies cancels the number and gives a new one. Whoever is said to be dead,
    missing or gone is closed by `close`. Raises NotFound, NotAFact, Unreadable, NumberTaken, and
    ChangedMeanwhile where somebody saved after `expected_version`.
    """
    act = Act(source=source, by=by, at=at, valid_from=valid_from, reason=reason)
    if changes.keys() & {"relation_to_head", "rel_to_head"}:
        act.lock_households(queries.homes_of([person_id]))
    person = act.lock([person_id])[person_id]
    if expected_version is not None and person.version != expected_version:
        raise queries.changed_since(person, expected_version)
    now = queries.stored(person)
    real = queries.differing(person, changes, now)
    if not real:
        return person
    if number := real.get("number"):
        rules.check_number(number, real.get("sex", person.sex), real.get("born", person.born))
    _write(act, person, real)
    act.settle_number(person, now["number"])
    act.write_down()
    act.tell("people.corrected", [person.pk], fields=sorted(real))
    return person


def _write(act: Act, person: Person, values: Mapping[str, str]) -> None:
    for kind in rules.RelationKind:
        parts = {part: values[f"{kind}_{part}"] for part in ("name", "number") if f"{kind}_{part}" in values}
        if parts:
            act.relate(person, kind, parts)
    if (address := values.get("permanent_address")) is not None:
        act.house(person, rules.ResidenceKind.PERMANENT, address, person.commune_code, person.village_code)
    if (address := values.get("current_address")) is not None:
        act.house(person, rules.ResidenceKind.CURRENT, address)
    act.set(person, **{name: value for name, value in values.items() if name in rules.OWN_FACTS})
    if values.get("relation_to_head") == queries.HEAD:
        head = queries.head_of(person.household_id)
        if head is not None and head.pk != person.pk:
            raise rules.HeadTaken(name=head.full_name)
