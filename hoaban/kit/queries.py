"""Asking the station: its list, who is under way, what waits to be sent."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass
from functools import lru_cache

from hoaban.base import records, sealing
from hoaban.base.partial_date import PartialDate
from hoaban.enrolment.rules import packet, worklist
from hoaban.kit import rules, store
from hoaban.kit.store import Station


def work_list(station: Station) -> worklist.WorkList:
    """The newest list. Raises NoList, ForeignList, NotRegistered."""
    with station.reading() as db:
        row = db.execute("SELECT sealed FROM list ORDER BY version DESC LIMIT 1").fetchone()
    if row is None:
        raise rules.NoList
    return opened_list(row["sealed"], station.identity, station.registered.server_public, station.code)


@lru_cache(maxsize=4)
def opened_list(sealed: bytes, identity: str, server_public: str, kit: str) -> worklist.WorkList:
    """A list as the province signed it for this station. Raises ForeignList."""
    try:
        token = sealing.unseal(sealed, identity).decode("ascii")
        found = records.read(worklist.WorkList, sealing.verify(token, server_public, packet.WORK_LIST))
    except (sealing.CannotOpen, sealing.BadSignature, records.BadRecord, UnicodeDecodeError) as no:
        raise rules.ForeignList from no
    if found.kit != kit:
        raise rules.ForeignList
    return found


@dataclass(frozen=True)
class OnList:
    """A person of the list, and how far they are here: `begun`, a state of sending, or nothing."""

    person: worklist.Expected
    progress: str
    ulid: str

    @property
    def at(self) -> dt.datetime | None:
        """When they are expected, if they have an appointment."""
        return moment(self.person.starts_at) if self.person.starts_at else None


def today(station: Station, day: dt.date) -> list[OnList]:
    """Who is expected on that day, earliest first."""
    return _with_progress(station, worklist.on_day(work_list(station).people, day))


def find(station: Station, typed: str) -> list[OnList]:
    """People of the list by the last digits of their number, words of their name, or both."""
    found = worklist.find(work_list(station).people, typed) if typed.strip() else []
    return _with_progress(station, found)


def expected(station: Station, person_id: int) -> worklist.Expected:
    """A person of the list. Raises NoList, Gone."""
    for one in work_list(station).people:
        if one.person_id == person_id:
            return one
    raise rules.Gone


def _with_progress(station: Station, people: list[worklist.Expected]) -> list[OnList]:
    sent = {row["person_id"]: row for row in outbox(station)}
    begun = {one.person.person_id: one.ulid for one in drafts(station)}
    return [_progress(one, sent.get(one.person_id), begun.get(one.person_id, "")) for one in people]


def _progress(person: worklist.Expected, sent: sqlite3.Row | None, begun: str) -> OnList:
    if begun:
        return OnList(person, "begun", begun)
    return OnList(person, sent["state"], sent["ulid"]) if sent else OnList(person, "", "")


def drafts(station: Station) -> list[rules.Draft]:
    """Enrolments under way, oldest first."""
    with station.reading() as db:
        rows = db.execute("SELECT sealed FROM draft ORDER BY ulid").fetchall()
    identity = station.identity
    return [opened_draft(row["sealed"], identity) for row in rows]


def draft(station: Station, ulid: str) -> rules.Draft:
    """One enrolment under way. Raises Gone."""
    with station.reading() as db:
        row = db.execute("SELECT sealed FROM draft WHERE ulid = ?", (ulid,)).fetchone()
    if row is None:
        raise rules.Gone
    return opened_draft(row["sealed"], station.identity)


def opened_draft(sealed: bytes, identity: str) -> rules.Draft:
    """A draft as it was kept."""
    return records.read(rules.Draft, json.loads(sealing.unseal(sealed, identity)))


def face(station: Station, ulid: str) -> bytes:
    """The portrait of an enrolment under way. Raises Gone."""
    with station.reading() as db:
        row = db.execute("SELECT face FROM draft WHERE ulid = ?", (ulid,)).fetchone()
    if row is None or row["face"] is None:
        raise rules.Gone
    return sealing.unseal(row["face"], station.identity)


def outbox(station: Station) -> list[sqlite3.Row]:
    """Every packet that was ever sealed here, in order."""
    with station.reading() as db:
        return db.execute("SELECT * FROM outbox ORDER BY rowid").fetchall()


def sealed(station: Station, ulid: str) -> sqlite3.Row:
    """What is known of a sealed packet. Raises Gone."""
    with station.reading() as db:
        row: sqlite3.Row | None = db.execute("SELECT * FROM outbox WHERE ulid = ?", (ulid,)).fetchone()
    if row is None:
        raise rules.Gone
    return row


def activation_code(station: Station, row: sqlite3.Row, at: dt.datetime) -> str:
    """The secret code for a sealed packet's slip; "" where no e-ID was asked for, or it's too late to print it."""
    if row["activation"] is None or at > moment(row["sealed_at"]) + dt.timedelta(hours=rules.SLIP_HOURS):
        return ""
    return sealing.unseal(row["activation"], station.identity).decode()


def announced(row: sqlite3.Row) -> packet.Announced:
    """A packet of the outbox as it's announced."""
    return packet.Announced(row["ulid"], row["epoch"], row["seq"], row["sha256"], row["size"])


@dataclass(frozen=True)
class Condition:
    """How the station is: what was done here, what waits, what the province has; clock and room."""

    done: int
    waiting: int
    received: int
    stuck: int
    synced_at: str
    clock_offset_s: int
    free_bytes: int
    last_trouble: str

    @property
    def is_clock_off(self) -> bool:
        """Whether the clock differs so much from the province's that the operator must know."""
        return abs(self.clock_offset_s) > rules.CLOCK_S

    @property
    def free_mb(self) -> int:
        """Room left, in MB."""
        return self.free_bytes // 1024**2


def condition(station: Station) -> Condition:
    """How the station is now."""
    with station.reading() as db:
        counts = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
        values = {row["name"]: row["value"] for row in db.execute("SELECT name, value FROM station")}
    return Condition(
        done=sum(counts.values()), waiting=counts.get("waiting", 0), received=counts.get("received", 0),
        stuck=counts.get("stuck", 0), synced_at=values.get("synced_at", ""),
        clock_offset_s=int(values.get("clock_offset_s", "0")), free_bytes=station.free_bytes(),
        last_trouble=values.get("last_trouble", ""),
    )  # fmt: skip


def clock_offset_s(station: Station) -> int:
    """Seconds by which the province's clock was ahead of ours when we last heard of it."""
    with station.reading() as db:
        return int(store.value(db, "clock_offset_s", "0"))


def moment(text: str) -> dt.datetime:
    """A moment as the store keeps it."""
    return dt.datetime.fromisoformat(text)


def born_in_words(text: str) -> str:
    """A date of birth as Vietnamese papers write it."""
    return PartialDate.parse(text).vietnamese()


def name_on_slip(station: Station, person_id: int) -> str:
    """The name to print on a slip; "" for who wasn't on the list, of whom nothing is kept here."""
    return next((one.full_name for one in work_list(station).people if one.person_id == person_id and person_id), "")
