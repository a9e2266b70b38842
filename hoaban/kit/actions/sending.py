"""The way of sealed packets to the province, by net or stick, and of receipts back.

A packet leaves the outbox's `waiting` only for a receipt that the province signed over exactly its
bytes. Whatever is cut, doubled or forgotten is said again, and saying it again does no harm.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hoaban.base import durable, records, sealing
from hoaban.enrolment.rules import packet
from hoaban.enrolment.rules.packet import Answer, Conflict, Verdict
from hoaban.kit import queries, rules, store
from hoaban.kit.actions.joining import take_list
from hoaban.kit.line import Line
from hoaban.kit.store import Station
from hoaban.web.actor import Actor

AT_ONCE = 50  # packets announced in one question
DAMAGED_TRIES = 5  # a piece damaged so often isn't damaged by chance
RESTARTS = 3  # times the province may send us back to another byte without our getting on


@dataclass(frozen=True)
class SyncReport:
    """What one round brought."""

    sent: int = 0
    waiting: int = 0
    stuck: int = 0
    list_version: int = 0
    trouble: str = ""


def synchronise(*, station: Station, line: Line, by: Actor, at: datetime, budget_s: float | None = None) -> SyncReport:
    """Send what waits, take receipts and the newest list. A line that's down is told, not raised.

    One packet that the province can't take never stops the next. `budget_s` ends a long round early.
    """
    before = queries.condition(station).received
    _forget_codes(station, at)
    ends = None if budget_s is None else time.monotonic() + budget_s
    trouble = ""
    try:
        _send_all(station, line, at, ends)
        _fetch_list(station, line, by, at)
        _settle(station, synced_at=at.isoformat(), last_trouble="")
    except (rules.LineDown, rules.Refused, rules.ForeignList) as no:
        trouble = str(no)
        _settle(station, last_trouble=trouble)
    now = queries.condition(station)
    with station.reading() as db:
        version = db.execute("SELECT max(version) AS version FROM list").fetchone()["version"] or 0
    return SyncReport(now.received - before, now.waiting, now.stuck, version, trouble)


def _forget_codes(station: Station, at: datetime) -> None:
    """Secret codes stay here no longer than their slips can be printed."""
    oldest = at - timedelta(hours=rules.SLIP_HOURS)
    with station.writing() as db:
        for row in db.execute("SELECT ulid, sealed_at FROM outbox WHERE activation IS NOT NULL").fetchall():
            if queries.moment(row["sealed_at"]) < oldest:
                db.execute("UPDATE outbox SET activation = NULL WHERE ulid = ?", (row["ulid"],))


def _send_all(station: Station, line: Line, at: datetime, ends: float | None) -> None:
    """Announce in groups what isn't received yet, and send what is wanted."""
    rows = [row for row in queries.outbox(station) if row["state"] != rules.Sending.RECEIVED]
    groups = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)] or [[]]
    for group in groups:
        heard = line.announce([queries.announced(row) for row in group], at.isoformat(), len(rows))
        _note_clock(station, heard.server_time, at)
        answers = {answer.ulid: answer for answer in heard.answers}
        _renumber(station, [a.ulid for a in heard.answers if a.why == Conflict.NUMBER_TAKEN])
        for row in group:
            if ends is not None and time.monotonic() > ends:
                return
            if answer := answers.get(row["ulid"]):
                _follow(station, line, row, answer, at)


def _follow(station: Station, line: Line, row: sqlite3.Row, answer: Answer, at: datetime) -> None:
    """Do what the answer to one packet asks for; what is wrong with it is noted on it alone."""
    receipt, opened = answer.receipt, answer.state
    if answer.verdict is Verdict.CONFLICT:
        if answer.why != Conflict.NUMBER_TAKEN:
            _note(station, row["ulid"], rules.Sending.STUCK, answer.why)
        return
    try:
        if answer.verdict is Verdict.WANT:
            receipt, opened = _send(station, line, row, answer.offset), packet.State.RECEIVED
        if not _take_receipt(station, receipt, at, opened):
            raise rules.BadReceipt
    except rules.BytesGone as no:
        _note(station, row["ulid"], rules.Sending.STUCK, str(no))
    except (rules.Refused, rules.BadReceipt, rules.NotGettingOn) as no:
        _note(station, row["ulid"], rules.Sending.WAITING, str(no))


def _send(station: Station, line: Line, row: sqlite3.Row, offset: int) -> str:
    """Send a packet from a byte on; the receipt. Raises LineDown, Refused, BytesGone, NotGettingOn."""
    content = _bytes_of(station, row)
    damaged = restarts = 0
    while True:
        chunk = content[offset : offset + packet.CHUNK_BYTES]
        sent = line.send(row["ulid"], offset, chunk)
        if sent.receipt:
            return sent.receipt
        damaged = damaged + 1 if sent.is_damaged else 0
        restarts += sent.offset <= offset and not sent.is_damaged
        if damaged > DAMAGED_TRIES or restarts > RESTARTS or not 0 <= sent.offset <= len(content):
            raise rules.NotGettingOn
        offset = sent.offset


def _bytes_of(station: Station, row: sqlite3.Row) -> bytes:
    try:
        content = (station.packets / f"{row['ulid']}.hbp").read_bytes()
    except OSError as error:
        raise rules.BytesGone from error
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise rules.BytesGone
    return content


def _take_receipt(station: Station, token: str, at: datetime, opened: str = "") -> bool:
    """Believe a receipt that the province signed over exactly our bytes; nothing else moves a packet on."""
    given = station.registered
    try:
        receipt = records.read(packet.Receipt, sealing.verify(token, given.server_public, packet.RECEIPT))
    except (sealing.BadSignature, records.BadRecord):
        return False
    with station.writing() as db:
        row = db.execute("SELECT * FROM outbox WHERE ulid = ?", (receipt.ulid,)).fetchone()
        if row is None or not receipt.covers(queries.announced(row), given.kit):
            return False
        db.execute(
            "UPDATE outbox SET state = 'received', receipt = ?, received_at = coalesce(received_at, ?),"
            " opened = ?, note = '' WHERE ulid = ?",
            (token, at.isoformat(), opened, receipt.ulid),
        )
    return True


def _renumber(station: Station, ulids: Sequence[str]) -> None:
    """Give packets whose numbers the province knows otherwise new ones, under a new epoch.

    It happens when the disk was restored from an older copy, or copied to a second station. The sealed
    parts stay as they are, only the manifest is signed anew; the province has no byte of them.
    """
    if not ulids:
        return
    with station.writing() as db:
        epoch = store.begin_epoch(db)
        for seq, ulid in enumerate(ulids, start=1):
            path = station.packets / f"{ulid}.hbp"
            envelope = sealing.read_envelope(path.read_bytes())
            claims = sealing.verify_envelope(envelope, station.signing.public, packet.PACKET)
            claims |= {"epoch": epoch, "seq": seq, "prev_hash": store.value(db, "prev_hash")}
            claims.pop("parts")
            content = sealing.join(claims, envelope.parts, station.signing, packet.PACKET)
            sha256 = hashlib.sha256(content).hexdigest()
            durable.write(path, content)
            db.execute(
                "UPDATE outbox SET epoch = ?, seq = ?, sha256 = ?, size = ?, state = 'waiting', note = ''"
                " WHERE ulid = ?",
                (epoch, seq, sha256, len(content), ulid),
            )
            store.put(db, "prev_hash", sha256)
        store.put(db, "next_seq", str(len(ulids) + 1))


def _fetch_list(station: Station, line: Line, by: Actor, at: datetime) -> None:
    with station.reading() as db:
        version = db.execute("SELECT max(version) AS version FROM list").fetchone()["version"] or 0
    sealed = line.work_list(version)
    if sealed is not None:
        take_list(station=station, sealed=sealed, by=by, at=at)


def _note_clock(station: Station, server_time: str, at: datetime) -> None:
    try:
        ahead = datetime.fromisoformat(server_time) - at
    except (ValueError, TypeError) as error:
        raise rules.LineDown from error
    _settle(station, clock_offset_s=str(round(ahead.total_seconds())), server_time=server_time)


def _settle(station: Station, **values: str) -> None:
    with station.writing() as db:
        for name, text in values.items():
            store.put(db, name, text)


def _note(station: Station, ulid: str, state: rules.Sending, note: str) -> None:
    with station.writing() as db:
        db.execute("UPDATE outbox SET state = ?, note = ? WHERE ulid = ? AND state <> 'received'", (state, note, ulid))


def export(*, station: Station, file: Path, by: Actor) -> int:
    """Write what isn't received yet to one file for a stick, net or no net; how many packets.

    The packets stay here until their receipts come back (`take_receipts`).
    """
    rows = [row for row in queries.outbox(station) if row["state"] != rules.Sending.RECEIVED]
    beside = file.with_name(file.name + ".part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as bundle:
        for row in rows:
            bundle.write(station.packets / f"{row['ulid']}.hbp", f"{row['ulid']}.hbp")
    durable.sync_file(beside)
    durable.settle(beside, file)
    return len(rows)


def take_receipts(*, station: Station, tokens: Iterable[str], by: Actor, at: datetime) -> int:
    """Take receipts that came back on a stick; how many were good for a packet of ours."""
    return sum(_take_receipt(station, token, at) for token in tokens)


def tidy(*, station: Station, by: Actor, at: datetime, keep_days: int = rules.KEEP_DAYS) -> int:
    """Remove the bytes of packets whose receipts are older than that; their rows stay. How many."""
    oldest = (at - timedelta(days=keep_days)).isoformat()
    with station.writing() as db:
        rows = db.execute(
            "SELECT ulid FROM outbox WHERE state = 'received' AND is_removed = 0 AND received_at < ?", (oldest,)
        ).fetchall()
        db.executemany("UPDATE outbox SET is_removed = 1 WHERE ulid = ?", [(row["ulid"],) for row in rows])
    for row in rows:
        durable.remove(station.packets / f"{row['ulid']}.hbp")
    return len(rows)
