"""Changing what the register says of one person. Each change keeps old, new, source and both dates."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import clock, dated_rules, names
from hoaban.base.errors import NotFound
from hoaban.base.id_number import IdNumber
from hoaban.people import queries, rules
from hoaban.people.models import Change, Household, NameKey, Number, Person, Relation, Residence
from hoaban.places import queries as places
from hoaban.web.actor import Actor

DRAWS = 50  # a sex and year of a province have a million numbers: so many draws find a free one


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
) -> Person:
    """Set facts to new values, as written or as stored; values that are already so change nothing.

    `valid_from` None means that the new value has always been the true one. A sex or a year of birth
    that the 12-digit number denies cancels the number and gives a new one. Raises NotFound, NotAFact,
    Unreadable, NumberTaken, and ChangedMeanwhile where somebody saved after `expected_version`.
    """
    person = _locked(person_id)
    if expected_version is not None and person.version != expected_version:
        raise queries.changed_since(person, expected_version)
    now = queries.stored(person)
    real = {name: value for name, value in _read(person, changes).items() if value != now[name]}
    if not real:
        return person
    if number := real.get("number"):
        rules.check_number(number, real.get("sex", person.sex), real.get("born", person.born))
    _write(person, real, valid_from, source, clock.day_of(at))
    _keep(person, {name: (now[name], value) for name, value in real.items()}, source, valid_from, by, at)
    _settle_number(person, now["number"], source, by, at)
    person.version += 1
    person.save()
    audit.record(
        "people.corrected", f"people.Person:{person.pk}", by=by, at=at, person_ids=[person.pk],
        facts={"fields": sorted(real), "source": source},
    )  # fmt: skip
    return person


@transaction.atomic
def give_number(*, person_id: int, by: Actor, at: dt.datetime) -> str:
    """Give a 12-digit number of the legal structure to somebody who has none. It's never given again.

    Raises NotFound, AlreadyNumbered, NoNumbersLeft.
    """
    person = _locked(person_id)
    if person.number:
        raise rules.AlreadyNumbered(number=person.number)
    _number_anew(person, by, at)
    person.version += 1
    person.save(update_fields=["number", "version"])
    return person.number


@transaction.atomic
def register_temporary_residence(
    *,
    person_id: int,
    commune_code: str,
    village_code: str,
    address: str,
    valid_from: dt.date,
    valid_to: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
) -> Residence:
    """Register where somebody lives for a time. The same residence from the same source is registered once.

    Raises NotFound, TemporaryTooLong.
    """
    longest = dated_rules.number("residence.temporary_longest_months", clock.day_of(at))
    rules.check_temporary(valid_from, valid_to, longest)
    person = _locked(person_id)
    residence, is_new = Residence.objects.get_or_create(
        person=person, kind=rules.ResidenceKind.TEMPORARY, commune_code=commune_code, village_code=village_code,
        address=address, valid_from=valid_from, valid_to=valid_to, source=source,
    )  # fmt: skip
    if is_new:
        _keep(person, {"temporary_residence": ("", address)}, source, valid_from, by, at)
        person.version += 1
        person.save(update_fields=["version"])
        audit.record(
            "people.temporary_residence_registered", f"people.Person:{person.pk}", by=by, at=at,
            person_ids=[person.pk], facts={"commune": commune_code, "source": source},
        )  # fmt: skip
    return residence


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound(what=person_id)
    return person


def _read(person: Person, changes: Mapping[str, str]) -> dict[str, str]:
    """The wanted values by fact, as stored. A village may be named by its code or by its name."""
    wanted = {rules.fact_of(name).name: rules.read(name, value) for name, value in changes.items()}
    if village := wanted.get("village_code"):
        wanted["village_code"] = places.village_named(person.commune_code, village).code
    return wanted


def _write(person: Person, values: Mapping[str, str], valid_from: dt.date | None, source: str, on: dt.date) -> None:
    for kind in rules.RelationKind:
        parts = {part: values[f"{kind}_{part}"] for part in ("name", "number") if f"{kind}_{part}" in values}
        if parts:
            _write_relation(person, kind, parts, valid_from or on)
    for standing in (rules.ResidenceKind.PERMANENT, rules.ResidenceKind.CURRENT):
        if f"{standing}_address" in values:
            _write_address(person, standing, values[f"{standing}_address"], valid_from, source, on)
    for name in values.keys() & rules.OWN_FACTS:
        setattr(person, name, values[name])
    if "full_name" in values:
        _write_name_keys(person)
    if values.get("relation_to_head") == queries.HEAD and person.household_id is not None:
        _refuse_second_head(person, person.household_id)


def _write_name_keys(person: Person) -> None:
    person.name_fold, person.sort_key = names.fold(person.full_name), names.sort_key(person.full_name)
    NameKey.objects.filter(person=person).delete()
    NameKey.objects.bulk_create(
        NameKey(token=token, commune_code=person.commune_code, person=person)
        for token in sorted(set(names.tokens(person.full_name)))
    )


def _refuse_second_head(person: Person, household_id: int) -> None:
    Household.objects.select_for_update().get(pk=household_id)
    head = queries.head_of(household_id)
    if head is not None and head.pk != person.pk:
        raise rules.HeadTaken(name=head.full_name)


def _write_relation(person: Person, kind: rules.RelationKind, parts: Mapping[str, str], ends: dt.date) -> None:
    """Correct the present relation, open one, or close it where no name is left."""
    relation = Relation.objects.filter(person=person, kind=kind, valid_to=None).select_related("other").first()
    relation = relation or Relation(person=person, kind=kind)
    for part, value in parts.items():
        setattr(relation, part, value)
    if not relation.name:
        if relation.number:
            raise rules.NamelessRelation(number=relation.number)
        Relation.objects.filter(pk=relation.pk).update(valid_to=ends)
        return
    if relation.number:
        relation.other = Person.objects.filter(number=relation.number).exclude(pk=person.pk).first()
    elif relation.other and relation.other.name_fold != names.fold(relation.name):
        relation.other = None
    relation.save()


def _write_address(
    person: Person, kind: rules.ResidenceKind, value: str, valid_from: dt.date | None, source: str, on: dt.date
) -> None:
    """A move (with its day) closes the present residence and opens the next; else the address is corrected."""
    present = Residence.objects.filter(person=person, kind=kind, valid_to=None).first()
    if present and value and valid_from is None:
        Residence.objects.filter(pk=present.pk).update(address=value, source=source)
        return
    if present:
        last_day = (valid_from or on) - dt.timedelta(days=1)
        Residence.objects.filter(pk=present.pk).update(valid_to=last_day)
    if value:
        Residence.objects.create(person=person, kind=kind, address=value, valid_from=valid_from, source=source)


def _keep(
    person: Person,
    steps: Mapping[str, tuple[str, str]],
    source: str,
    valid_from: dt.date | None,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Write the changes that lead to the person's next version."""
    Change.objects.bulk_create(
        Change(
            person=person, field=name, old=old, new=new, source=source, version=person.version + 1,
            by_id=by.id, by_name=by.name, valid_from=valid_from, recorded_at=at,
        )
        for name, (old, new) in steps.items()
    )  # fmt: skip


def _settle_number(person: Person, before: str, source: str, by: Actor, at: dt.datetime) -> None:
    """Cancel a number that was changed or that the person's facts now deny, and put one in its place.

    Law: a wrong sex or year of birth kills the number (Decree 137/2015 art. 14; Decree 70/2024).
    """
    if person.number != before:
        _cancel(before, source, at)
        if person.number and not _take(person.number, person, at):
            raise rules.NumberTaken(number=person.number)
    elif rules.kills_the_number(before, person.sex, person.born):
        _cancel(before, source, at)
        _number_anew(person, by, at, province=IdNumber(before).province)


def _cancel(number: str, reason: str, at: dt.datetime) -> None:
    Number.objects.filter(number=number).update(cancelled_at=at, reason=reason)


def _number_anew(person: Person, by: Actor, at: dt.datetime, province: str = "") -> None:
    before, province = person.number, province or rules.province_of(person.birth_reg_place)
    for _draw in range(DRAWS):
        person.number = rules.draw_number(province, person.sex, person.born, secrets.randbelow)
        if _take(person.number, person, at):
            break
    else:
        raise rules.NoNumbersLeft(prefix=person.number[:6])
    _keep(person, {"number": (before, person.number)}, rules.source("number", ""), clock.day_of(at), by, at)
    audit.record(
        "people.number_given", f"people.Person:{person.pk}", by=by, at=at, person_ids=[person.pk],
        facts={"cancelled": before},
    )  # fmt: skip


def _take(number: str, person: Person, at: dt.datetime) -> bool:
    """Make the number this person's for ever; False where it is or was anybody's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_number (number, person_id, given_at, reason) VALUES (%s, %s, %s, '')"
            " ON CONFLICT (number) DO NOTHING",
            [number, person.pk, at],
        )
        return bool(cursor.rowcount)
