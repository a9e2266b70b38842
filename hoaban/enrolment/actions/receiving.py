"""Receiving packets exactly once, from the net or a USB stick.

The bytes stand on disk by their hash before any row says that we hold them; packet, inbox job and
receipt are written in one transaction; everything may be sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from hoaban.audit import actions as audit
from hoaban.base import records
from hoaban.base.errors import Refusal
from hoaban.enrolment import queries
from hoaban.enrolment.engine import opening
from hoaban.enrolment.models import Kit, Packet, Quarantined, Receipt
from hoaban.enrolment.rules import packet as rules
from hoaban.enrolment.rules.packet import Announced, Answer, Conflict, State, Verdict
from hoaban.web.actor import Actor


@dataclass(frozen=True)
class Progress:
    """How far a packet has come: the byte to go on from, and the receipt once it's whole."""

    offset: int
    receipt: str = ""


@transaction.atomic
def hear_from(*, kit: Kit, clock_offset_s: int, waiting: int, by: Actor, at: datetime) -> None:
    """Note that a station is there, how its clock differs and how many packets it still holds."""
    Kit.objects.filter(pk=kit.pk).update(seen_at=at, clock_offset_s=clock_offset_s, waiting=waiting)


@transaction.atomic
def announce(*, kit: Kit, packets: Sequence[Announced], came_by: str, by: Actor, at: datetime) -> list[Answer]:
    """Say of each packet of a station whether we want it, have it, or can't believe it.

    One that contradicts what we hold is put aside and the others go on. Saying it again changes nothing.
    """
    Kit.objects.select_for_update().get(pk=kit.pk)  # a station's announcements come one after the other
    return [_answer(kit, one, came_by, by, at) for one in packets]


def _answer(kit: Kit, one: Announced, came_by: str, by: Actor, at: datetime) -> Answer:
    try:
        one.check()
    except records.BadRecord as no:
        return Answer(one.ulid, Verdict.CONFLICT, why=str(no))
    found = Packet.objects.filter(pk=one.ulid, sha256=one.sha256).select_related("receipt").first()
    why = _conflict(kit, one)
    if found is None and why is None:
        found, why = _write_down(kit, one, came_by, at)
    if found is None or why is not None:
        _put_aside(one.ulid, one.sha256, kit.code, str(why), came_by, by, at)
        return Answer(one.ulid, Verdict.CONFLICT, why=str(why))
    if found.state == State.ANNOUNCED:
        return Answer(one.ulid, Verdict.WANT, offset=queries.held_bytes(found))
    return Answer(one.ulid, Verdict.HAVE, offset=found.size, receipt=found.receipt.token, state=found.state)


def _conflict(kit: Kit, one: Announced) -> Conflict | None:
    alike = Packet.objects.filter(Q(pk=one.ulid) | Q(sha256=one.sha256) | Q(kit=kit, epoch=one.epoch, seq=one.seq))
    return rules.conflict(one, kit.code, [(queries.announced(row), row.kit_id) for row in alike])


def _write_down(kit: Kit, one: Announced, came_by: str, at: datetime) -> tuple[Packet, None] | tuple[None, Conflict]:
    row = Packet(
        ulid=one.ulid, kit=kit, epoch=one.epoch, seq=one.seq, sha256=one.sha256, size=one.size,
        came_by=came_by, announced_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another station announced the same at the same moment
        return None, Conflict.BYTES_KNOWN
    return row, None


def receive_chunk(*, kit: Kit, ulid: str, offset: int, chunk: bytes, by: Actor, at: datetime) -> Progress:
    """Take a chunk of an announced packet; the last one brings the receipt, again and again.

    Whether the chunk is as it was sent has been checked by who took it off the line.

    Raises NotAnnounced, WrongOffset, DamagedChunk.
    """
    row = Packet.objects.filter(pk=ulid, kit=kit).select_related("receipt").first()
    if row is None:
        raise rules.NotAnnounced(ulid=ulid)
    if row.state != State.ANNOUNCED:
        return Progress(row.size, row.receipt.token)
    if queries.blobs().append(queries.incoming(row), offset, chunk):
        return Progress(row.size, _commit(ulid=ulid, came_by="net", by=by, at=at))
    return Progress(offset + len(chunk))


def receive_whole(*, content: bytes, came_by: str, by: Actor, at: datetime) -> Answer:
    """Take the bytes of a packet that came on a stick; the same as announcing it and sending it whole.

    What no station of ours signed, and what contradicts a packet we hold, is put aside with its bytes.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        key = queries.kit_key(opening.signer_of(content))
        kit, manifest = key.kit, opening.manifest_of(content, key.public)
        one = Announced(manifest.ulid, manifest.epoch, manifest.seq, sha256, len(content))
        one.check()
    except Refusal as no:
        queries.blobs().keep(content)
        with transaction.atomic():
            _put_aside("", sha256, "", str(no), came_by, by, at)
        return Answer("", Verdict.CONFLICT, why=str(no))
    [answer] = announce(kit=kit, packets=[one], came_by=came_by, by=by, at=at)
    if answer.verdict is Verdict.HAVE:
        return answer
    queries.blobs().keep(content)
    if answer.verdict is Verdict.CONFLICT:
        return answer
    token = _commit(ulid=one.ulid, came_by=came_by, by=by, at=at)
    return Answer(one.ulid, Verdict.HAVE, one.size, token, State.RECEIVED)


@transaction.atomic
def _commit(*, ulid: str, came_by: str, by: Actor, at: datetime) -> str:
    """Write that we hold a packet, ask for its opening and sign the receipt, all or nothing."""
    row = Packet.objects.select_for_update().get(pk=ulid)
    if row.state != State.ANNOUNCED:
        return row.receipt.token
    row.state, row.received_at, row.came_by = State.RECEIVED, at, came_by
    row.save(update_fields=["state", "received_at", "came_by"])
    receipt = rules.Receipt(row.ulid, row.sha256, row.kit_id, row.epoch, row.seq, at.isoformat())
    token = queries.province_keys().signing.sign(records.plain(receipt), rules.RECEIPT)
    Receipt.objects.create(packet=row, token=token, made_at=at)
    audit.record(
        "enrolment.packet_received", f"enrolment.Packet:{row.ulid}", by=by, at=at,
        facts={"kit": row.kit_id, "epoch": row.epoch, "seq": row.seq, "sha256": row.sha256, "by": came_by},
    )  # fmt: skip
    return token


def _put_aside(ulid: str, sha256: str, kit_code: str, why: str, came_by: str, by: Actor, at: datetime) -> None:
    """Keep word of what can't be believed, once, and raise the alarm in the audit."""
    _row, is_new = Quarantined.objects.get_or_create(
        ulid=ulid, sha256=sha256, defaults={"kit_code": kit_code, "why": why, "came_by": came_by, "at": at}
    )
    if is_new:
        audit.record(
            "enrolment.packet_put_aside", f"enrolment.Packet:{ulid or sha256[:26]}", by=by, at=at,
            facts={"kit": kit_code, "sha256": sha256, "why": why},
        )  # fmt: skip
