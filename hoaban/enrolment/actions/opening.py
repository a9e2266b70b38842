"""Opening what came, and what becomes of an enrolment until it's one person's for certain."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import hashers
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.errors import NotFound
from hoaban.enrolment import queries
from hoaban.enrolment.engine import opening
from hoaban.enrolment.models import Enrolment, Packet
from hoaban.enrolment.rules import packet as packets
from hoaban.enrolment.rules import review as rules
from hoaban.enrolment.rules.station import ReasonMissing
from hoaban.people import queries as people
from hoaban.visits import actions as visits
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.people.models import Person


REVIEW = "enrolment.review"


@transaction.atomic
def open_packet(*, ulid: str, by: Actor, at: dt.datetime) -> Enrolment | None:
    """Open a packet we hold: an enrolment comes of it, or the packet is refused with every fault.

    A packet opened before gives the same enrolment. None for one that was refused. Raises NoKeys.
    """
    row = Packet.objects.select_for_update().get(pk=ulid)
    if row.state != packets.State.RECEIVED:
        return Enrolment.objects.filter(packet=row).first()
    try:
        content = opening.open_packet(
            queries.blobs().read(row.sha256), queries.announced(row), row.kit_id,
            queries.public_keys(row.kit), queries.province_keys(),
        )  # fmt: skip
        if content.facts.is_simulated and not settings.HOABAN_MOCK_DEVICES:
            raise opening.Faulty([str(rules.NotFitForProduction())])
    except opening.Faulty as no:
        _refuse(row, no.faults, by, at)
        return None
    row.state, row.opened_at, row.prev_hash = packets.State.OPENED, at, content.manifest.prev_hash
    row.save(update_fields=["state", "opened_at", "prev_hash"])
    return _enrol(row, content, by, at)


def _refuse(row: Packet, faults: list[str], by: Actor, at: dt.datetime) -> None:
    row.state, row.opened_at, row.faults = packets.State.REFUSED, at, faults
    row.save(update_fields=["state", "opened_at", "faults"])
    audit.record(
        "enrolment.packet_refused", f"enrolment.Packet:{row.ulid}", by=by, at=at,
        facts={"kit": row.kit_id, "faults": faults},
    )  # fmt: skip


def _enrol(row: Packet, content: opening.Content, by: Actor, at: dt.datetime) -> Enrolment:
    facts, fingers = content.facts, content.fingers
    person = _meant(facts)
    registered = rules.Registered(person.number, person.full_name, person.sex, person.born) if person else None
    remarks = rules.remarks(facts, fingers, registered, day_of(at))
    enrolment = Enrolment.objects.create(
        ulid=row.ulid, packet=row, kit=row.kit, person_id=person.pk if person else None,
        commune_code=person.commune_code if person else facts.commune_code,
        number=facts.number, full_name=facts.full_name, sex=facts.sex, born=facts.born,
        corrections=facts.corrections, phone=facts.phone, wants_card=facts.wants_card,
        wants_eid=facts.wants_eid, slip_code=facts.slip_code, quality=fingers.mean_quality,
        activation_hash=hashers.make_password(facts.activation_digest) if facts.activation_digest else "",
        fingers=[
            {"code": one.code, "quality": one.quality, "tries": one.tries, "why_not": one.why_not}
            for one in fingers.fingers
        ],
        capture_source=facts.fingers_source if facts.face_source == facts.fingers_source else "mixed",
        simulated=facts.is_simulated or (person is not None and person.simulated),
        operator_id=facts.operator_id, operator_name=facts.operator_name,
        taken_at=dt.datetime.fromisoformat(facts.taken_at), opened_at=at, remarks=remarks,
        state=rules.State.HELD if remarks else rules.State.RECEIVED,
    )  # fmt: skip
    if person is not None:
        visits.mark_met(person_id=person.pk, met_at=enrolment.taken_at, by=by, at=at)
    _record("enrolment.held" if remarks else "enrolment.received", enrolment, by, at, remarks=remarks)
    return enrolment


def _meant(facts: rules.Facts) -> Person | None:
    """The person meant: the one of the list, else the one with that number; of joined records the one that stays."""
    try:
        found = people.person(facts.person_id) if facts.person_id else people.by_number(facts.number)
        return people.staying(found)
    except NotFound:
        return None


@transaction.atomic
def name_person(*, enrolment_id: int, number: str, by: Actor, at: dt.datetime) -> Enrolment:
    """Say who a held enrolment of nobody we knew is, by their number. Raises NotHeld, NotFound."""
    enrolment = _locked(enrolment_id)
    by.must(REVIEW, enrolment.commune_code)
    if enrolment.state != rules.State.HELD:
        raise rules.NotHeld
    person = people.by_number(number)
    enrolment.person_id, enrolment.commune_code = person.pk, person.commune_code
    enrolment.save(update_fields=["person", "commune_code"])
    visits.mark_met(person_id=person.pk, met_at=enrolment.taken_at, by=by, at=at)
    _record("enrolment.person_named", enrolment, by, at)
    return enrolment


@transaction.atomic
def release(*, enrolment_id: int, reason: str, by: Actor, at: dt.datetime) -> Enrolment:
    """Let a held enrolment go on. Raises NotHeld, NobodyMeant, ReasonMissing."""
    enrolment = _locked(enrolment_id)
    by.must(REVIEW, enrolment.commune_code)
    if enrolment.state != rules.State.HELD:
        raise rules.NotHeld
    if enrolment.person_id is None:
        raise rules.NobodyMeant
    if not reason.strip():
        raise ReasonMissing
    enrolment.state = rules.State.RECEIVED
    enrolment.save(update_fields=["state"])
    _record("enrolment.received", enrolment, by, at, reason=reason)
    return enrolment


@transaction.atomic
def clear(*, enrolment_id: int, by: Actor, at: dt.datetime) -> Enrolment:
    """Note that the enrolled is one person for certain; again changes nothing. For `matching` to say."""
    enrolment = _locked(enrolment_id)
    if enrolment.state == rules.State.RECEIVED:
        enrolment.state = rules.State.CLEARED
        enrolment.save(update_fields=["state"])
        _record("enrolment.cleared", enrolment, by, at)
    return enrolment


@transaction.atomic
def hold(*, enrolment_id: int, reason: str, by: Actor, at: dt.datetime) -> Enrolment:
    """Stop an enrolment until an officer lets it go on; again changes nothing. Raises ReasonMissing."""
    enrolment = _locked(enrolment_id)
    if not reason.strip():
        raise ReasonMissing
    if enrolment.state != rules.State.HELD:
        enrolment.state = rules.State.HELD
        enrolment.save(update_fields=["state"])
        _record("enrolment.held", enrolment, by, at, reason=reason)
    return enrolment


def _locked(enrolment_id: int) -> Enrolment:
    found = Enrolment.objects.select_for_update().filter(pk=enrolment_id).first()
    if found is None:
        raise NotFound(what=enrolment_id)
    return found


def _record(action: str, enrolment: Enrolment, by: Actor, at: dt.datetime, **facts: object) -> None:
    audit.record(
        action, f"enrolment.Enrolment:{enrolment.pk}", by=by, at=at, facts=facts,
        person_ids=[enrolment.person_id] if enrolment.person_id is not None else (),
    )  # fmt: skip
