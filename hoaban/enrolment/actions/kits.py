"""Stations: registered, given operators and lists, withdrawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import records, sealing
from hoaban.base.clock import day_of
from hoaban.enrolment import queries
from hoaban.enrolment.engine import keys
from hoaban.enrolment.models import Kit, KitKey, KitOperator, KitPerson, WorkList
from hoaban.enrolment.rules import packet, station, worklist
from hoaban.officers import queries as officers
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.visits import queries as visits
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.people.models import Person


KITS = "enrolment.kits"


def make_keys(*, by: Actor, at: dt.datetime) -> None:
    """Make the province's keys where they are missing; keys that are there stay."""
    by.must(KITS)
    keys.make(settings.HOABAN_KEYS / "enrolment")
    audit.record("enrolment.keys_made", f"enrolment.Key:{queries.province_keys().signing.id}", by=by, at=at)


@transaction.atomic
def register_kit(*, request: station.StationRequest, team_code: str, by: Actor, at: dt.datetime) -> station.StationPass:
    """Register a station by the public keys that it made; the answer is what it needs of us.

    A station set up anew comes again with new keys: packets under the old ones stay good. Raises
    RevokedKit for a station that was withdrawn.
    """
    by.must(KITS)
    kit, is_new = Kit.objects.get_or_create(
        code=request.kit,
        defaults={"recipient": request.recipient, "team_code": team_code, "registered_at": at},
    )
    if kit.withdrawn_at is not None:
        raise packet.RevokedKit(kit=kit.code, on=day_of(kit.withdrawn_at))
    kit.recipient, kit.team_code = request.recipient, team_code or kit.team_code
    kit.save(update_fields=["recipient", "team_code"])
    key, is_new_key = KitKey.objects.get_or_create(
        id=sealing.key_id(request.public), defaults={"kit": kit, "public": request.public, "added_at": at}
    )
    if key.kit_id != kit.code:
        raise station.KeyOfAnother(kit=key.kit_id)
    if is_new or is_new_key:
        audit.record(
            "enrolment.kit_registered", f"enrolment.Kit:{kit.code}", by=by, at=at,
            facts={"key": key.pk, "team": kit.team_code},
        )  # fmt: skip
    ours = queries.province_keys()
    return station.StationPass(kit.code, ours.signing.public, ours.recipient, settings.HOABAN_BASE_URL)


@transaction.atomic
def withdraw_kit(*, kit: Kit, reason: str, by: Actor, at: dt.datetime) -> Kit:
    """Stop believing a station, for good: it was lost, stolen or taken out of use. Raises ReasonMissing."""
    by.must(KITS)
    if not reason.strip():
        raise station.ReasonMissing
    if not Kit.objects.filter(pk=kit.pk, withdrawn_at=None).update(withdrawn_at=at, withdrawn_why=reason):
        return queries.kit(kit.code)
    audit.record("enrolment.kit_withdrawn", f"enrolment.Kit:{kit.code}", by=by, at=at, facts={"reason": reason})
    return queries.kit(kit.code)


@transaction.atomic
def admit_operator(*, kit: Kit, username: str, pin: str, by: Actor, at: dt.datetime) -> KitOperator:
    """Let an officer open a station with a PIN; a new PIN replaces the old one.

    Raises WeakPin, NotFound, and NotAllowed for an officer who may not work a station.
    """
    by.must(KITS)
    station.check_pin(pin)
    officer = officers.officer(username)
    officers.actor_of(officer).must(station.ENROL)
    operator, _new = KitOperator.objects.update_or_create(
        kit=kit, officer_id=f"officer:{officer.pk}",
        defaults={
            "officer_name": officer.full_name, "admitted_at": at,
            "pin_hash": make_password(pin, hasher="pbkdf2_sha256"),  # a station needs no argon2
        },
    )  # fmt: skip
    audit.record(
        "enrolment.operator_admitted", f"enrolment.Kit:{kit.code}", by=by, at=at,
        facts={"officer": operator.officer_id},
    )  # fmt: skip
    return operator


@transaction.atomic
def expect(*, kit: Kit, person_ids: Iterable[int], by: Actor, at: dt.datetime) -> None:
    """Let a station expect these people without an appointment: they stay on its list until enrolled."""
    by.must(KITS)
    known = [one.pk for one in people.many(person_ids)]
    KitPerson.objects.bulk_create(
        [KitPerson(kit=kit, person_id=person_id, added_at=at) for person_id in known], ignore_conflicts=True
    )
    audit.record("enrolment.people_expected", f"enrolment.Kit:{kit.code}", by=by, at=at, person_ids=known)


@transaction.atomic
def draw_list(*, kit: Kit, by: Actor, at: dt.datetime) -> WorkList:
    """The station's list as of now: whom its team has appointments with, and who else is expected.

    A new version is made only where something changed. Leaves one line that their facts left the house.
    """
    Kit.objects.select_for_update().get(pk=kit.pk)
    last = WorkList.objects.filter(kit=kit).order_by("-version").first()
    expected = _expected(kit, day_of(at))
    operators = tuple(
        worklist.Operator(one.officer_id, one.officer_name, one.pin_hash)
        for one in KitOperator.objects.filter(kit=kit).order_by("officer_id")
    )
    ours = queries.province_keys()
    made = worklist.WorkList(
        last.version + 1 if last else 1, kit.code, kit.team_code, at.isoformat(), ours.recipient,
        operators, tuple(worklist.Commune(one.key, one.name) for one in places.ever()), expected,
    )  # fmt: skip
    digest = _digest(made)
    if last is not None and last.digest == digest:
        return last
    token = ours.signing.sign(records.plain(made), packet.WORK_LIST)
    audit.record(
        "enrolment.list_drawn", f"enrolment.Kit:{kit.code}", by=by, at=at,
        person_ids=[one.person_id for one in expected], facts={"version": made.version},
    )  # fmt: skip
    return WorkList.objects.create(
        kit=kit, version=made.version, digest=digest, people=len(expected), made_at=at,
        sealed=sealing.seal(token.encode(), kit.recipient),
    )  # fmt: skip


def _expected(kit: Kit, on: dt.date) -> tuple[worklist.Expected, ...]:
    """Everybody whom the station expects and who isn't enrolled yet, first those with an appointment."""
    last = on + dt.timedelta(days=worklist.STATION_DAYS)
    meant = {
        one.person_id: (one.starts_at.isoformat(), one.place) for one in visits.due_between(kit.team_code, on, last)
    }
    for person_id in queries.expected_at(kit):
        meant.setdefault(person_id, ("", ""))
    found = {one.pk: one for one in people.many(meant).filter(joined_to=None)}
    facts = people.stored_many(found.values())
    return tuple(_facts(found[key], facts[key], *when) for key, when in meant.items() if key in found)


def _facts(person: Person, facts: dict[str, str], starts_at: str, place: str) -> worklist.Expected:
    return worklist.Expected(
        person_id=person.pk, number=person.number, full_name=person.full_name, sex=person.sex,
        born=person.born, address=facts["permanent_address"] or facts["current_address"],
        commune_code=person.commune_code, father=facts["father_name"], mother=facts["mother_name"],
        spouse=facts["spouse_name"], starts_at=starts_at, place=place,
    )  # fmt: skip


def _digest(made: worklist.WorkList) -> str:
    """A hash of what a list says, whenever and under whatever version it was made."""
    said = records.plain(made) | {"version": 0, "made_at": ""}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
