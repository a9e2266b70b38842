"""Enrolling somebody, a step at a time; each answer is kept, sealed, before the next question."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

from hoaban.base import durable, records, sealing
from hoaban.base.ids import new_ulid, public_code, secret_code, secret_digest
from hoaban.enrolment.rules import capture, packet, review, worklist
from hoaban.kit import devices, queries, rules, store
from hoaban.kit.store import Station
from hoaban.web.actor import Actor


def begin(*, station: Station, person: worklist.Expected, by: Actor, at: datetime) -> rules.Draft:
    """Begin with a person, or go on where they were left. Raises NoRoom, NoList, AlreadyEnrolled."""
    rules.check_room(station.free_bytes())
    version = queries.work_list(station).version
    begun = rules.Draft(
        ulid=new_ulid(), begun_at=at.isoformat(), slip_code=public_code(), activation_code=secret_code(),
        list_version=version, person=person,
        wants_card=person.wants_card, wants_eid=person.wants_eid,
        journal=(rules.Line(at.isoformat(), by.name, "begun"),),
    )  # fmt: skip
    with station.writing() as db:
        if person.person_id and (left := _left_before(db, station, person.person_id)):
            return left
        db.execute(
            "INSERT INTO draft (ulid, begun_at, sealed) VALUES (?, ?, ?)",
            (begun.ulid, begun.begun_at, _sealed(station, begun)),
        )
    return begun


def _left_before(db: sqlite3.Connection, station: Station, person_id: int) -> rules.Draft | None:
    done = db.execute("SELECT slip_code FROM outbox WHERE person_id = ?", (person_id,)).fetchone()
    if done is not None:
        raise rules.AlreadyEnrolled(code=done["slip_code"])
    identity = station.identity
    drafts = [queries.opened_draft(row["sealed"], identity) for row in db.execute("SELECT sealed FROM draft")]
    return next((one for one in drafts if one.person.person_id == person_id), None)


def confirm(
    *,
    station: Station,
    ulid: str,
    corrections: str,
    phone: str,
    wants_card: bool,
    wants_eid: bool,
    by: Actor,
    at: datetime,
) -> rules.Draft:
    """It's the right person; what they say is wrong becomes a proposed correction. Raises Gone."""

    def step(draft: rules.Draft) -> rules.Draft:
        return dataclasses.replace(
            draft, confirmed=True, corrections=corrections, phone=phone, wants_card=wants_card, wants_eid=wants_eid
        )

    return _change(station, ulid, "person confirmed", step, by, at)


def take_face(
    *, station: Station, ulid: str, picture: bytes, source: capture.Source, by: Actor, at: datetime
) -> rules.Draft:
    """Keep a portrait, the newest one. Raises Gone, NotYet, NotAPicture."""
    face = devices.portrait(picture)

    def step(draft: rules.Draft) -> rules.Draft:
        rules.check_reached(draft, rules.Step.FACE)
        return dataclasses.replace(draft, face_source=source)

    return _change(station, ulid, f"portrait by {source}", step, by, at, face)


def press_fingers(
    *,
    station: Station,
    ulid: str,
    press: capture.Press,
    reader: devices.FingerReader,
    by: Actor,
    at: datetime,
) -> rules.Draft:
    """Take a press; of each finger the better print stays. Raises Gone, NotYet."""

    def step(draft: rules.Draft) -> rules.Draft:
        rules.check_reached(draft, rules.Step.FINGERS)
        explained = [one.code for one in draft.fingers if one.why_not is not None]
        fingers = rules.with_fingers(draft, reader.press(press, explained))
        return dataclasses.replace(draft, fingers=fingers, fingers_source=reader.source)

    return _change(station, ulid, f"press {press}", step, by, at)


def explain_fingers(
    *, station: Station, ulid: str, why_not: Mapping[int, capture.WhyNot], by: Actor, at: datetime
) -> rules.Draft:
    """Say which fingers can't be taken, and why. Raises Gone, NotYet."""

    def step(draft: rules.Draft) -> rules.Draft:
        rules.check_reached(draft, rules.Step.FINGERS)
        kept = {one.code: one for one in draft.fingers}
        kept |= {code: capture.Finger(code, why_not=why) for code, why in why_not.items()}
        return dataclasses.replace(draft, fingers=tuple(kept[code] for code in sorted(kept)))

    told = ", ".join(f"{code} {why}" for code, why in sorted(why_not.items()))
    return _change(station, ulid, f"fingers not taken: {told}", step, by, at)


def agree(*, station: Station, ulid: str, consent: review.Consent, by: Actor, at: datetime) -> rules.Draft:
    """The person heard what was written and agreed. Raises Gone, NotYet."""

    def step(draft: rules.Draft) -> rules.Draft:
        rules.check_reached(draft, rules.Step.CONSENT)
        return dataclasses.replace(draft, consent=consent)

    return _change(station, ulid, f"agreed by {consent}", step, by, at)


def drop(*, station: Station, ulid: str, by: Actor) -> None:
    """Give an enrolment up: the person went home or was the wrong one. Nothing of it stays."""
    with station.writing() as db:
        db.execute("DELETE FROM draft WHERE ulid = ?", (ulid,))


def finish(*, station: Station, ulid: str, by: Actor, at: datetime) -> sqlite3.Row:
    """Seal an enrolment into a packet; again gives the same packet. Raises Gone, NotYet, NotRegistered.

    The file is on the disk, name and all, before the row that counts it; both stand or neither does.
    """
    with station.writing() as db:
        done: sqlite3.Row | None = db.execute("SELECT * FROM outbox WHERE ulid = ?", (ulid,)).fetchone()
        if done is None:
            draft, face = _finished(db, station, ulid)
            content, manifest = _packet(station, db, draft, face, by, at)
            durable.write(station.packets / f"{ulid}.hbp", content)
            sha256 = hashlib.sha256(content).hexdigest()
            db.execute(
                "INSERT INTO outbox (ulid, epoch, seq, sha256, size, sealed_at, person_id, slip_code, activation)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    ulid, manifest.epoch, manifest.seq, sha256, len(content), manifest.sealed_at,
                    draft.person.person_id, draft.slip_code, _activation(station, draft),
                ),
            )  # fmt: skip
            store.put(db, "next_seq", str(manifest.seq + 1))
            store.put(db, "prev_hash", sha256)
            db.execute("DELETE FROM draft WHERE ulid = ?", (ulid,))
    return queries.sealed(station, ulid)


def _activation(station: Station, draft: rules.Draft) -> bytes | None:
    """The secret code as it waits for its slip to be printed."""
    return sealing.seal(draft.activation_code.encode(), station.recipient) if draft.wants_eid else None


def _finished(db: sqlite3.Connection, station: Station, ulid: str) -> tuple[rules.Draft, bytes]:
    row = db.execute("SELECT sealed, face FROM draft WHERE ulid = ?", (ulid,)).fetchone()
    if row is None:
        raise rules.Gone
    draft = queries.opened_draft(row["sealed"], station.identity)
    rules.check_reached(draft, rules.Step.FINISH)
    return draft, sealing.unseal(row["face"], station.identity)


def _packet(
    station: Station, db: sqlite3.Connection, draft: rules.Draft, face: bytes, by: Actor, at: datetime
) -> tuple[bytes, packet.Manifest]:
    given = station.registered
    manifest = packet.Manifest(
        format=packet.FORMAT, kind="enrolment", ulid=draft.ulid, kit=given.kit, epoch=store.value(db, "epoch"),
        seq=int(store.value(db, "next_seq")), prev_hash=store.value(db, "prev_hash"),
        recipient=given.recipient, sealed_at=at.isoformat(),
        clock_offset_s=int(store.value(db, "clock_offset_s", "0")),
    )  # fmt: skip
    journal = (*draft.journal, rules.Line(at.isoformat(), by.name, "sealed"))
    parts = {
        "facts": _json(records.plain(_facts(draft, by, at))),
        "face": face,
        "fingers": _json(records.plain(review.Fingers(draft.fingers))),
        "journal": _json({"lines": [records.plain(line) for line in journal]}),
    }
    content = sealing.write_envelope(
        records.plain(manifest), parts, recipient=given.recipient, key=station.signing, kind=packet.PACKET
    )
    return content, manifest


def _facts(draft: rules.Draft, by: Actor, at: datetime) -> review.Facts:
    if draft.consent is None or draft.face_source is None:
        raise rules.NotYet
    person = draft.person
    return review.Facts(
        person_id=person.person_id, number=person.number, full_name=person.full_name, sex=person.sex,
        born=person.born, commune_code=person.commune_code, corrections=draft.corrections,
        wants_card=draft.wants_card, wants_eid=draft.wants_eid, phone=draft.phone, consent=draft.consent,
        slip_code=draft.slip_code, face_source=draft.face_source, fingers_source=draft.fingers_source,
        taken_at=at.isoformat(), operator_id=by.id, operator_name=by.name, list_version=draft.list_version,
        activation_digest=secret_digest(draft.activation_code) if draft.wants_eid else "",
    )  # fmt: skip


def _change(
    station: Station,
    ulid: str,
    what: str,
    step: Callable[[rules.Draft], rules.Draft],
    by: Actor,
    at: datetime,
    face: bytes | None = None,
) -> rules.Draft:
    """Take one step and keep it."""
    with station.writing() as db:
        row = db.execute("SELECT sealed FROM draft WHERE ulid = ?", (ulid,)).fetchone()
        if row is None:
            raise rules.Gone
        after = step(queries.opened_draft(row["sealed"], station.identity))
        after = dataclasses.replace(after, journal=(*after.journal, rules.Line(at.isoformat(), by.name, what)))
        db.execute("UPDATE draft SET sealed = ? WHERE ulid = ?", (_sealed(station, after), ulid))
        if face is not None:
            kept = sealing.seal(face, station.recipient)
            db.execute("UPDATE draft SET face = ? WHERE ulid = ?", (kept, ulid))
    return after


def _sealed(station: Station, draft: rules.Draft) -> bytes:
    return sealing.seal(_json(records.plain(draft)), station.recipient)


def _json(values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
