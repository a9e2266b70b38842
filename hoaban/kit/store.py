"""The station's folder and its SQLite store.

Plain SQLite rather than Django's tables: a process may look after several stations (the rehearsal
does), each in its own folder. WAL with `synchronous=FULL`: what was committed survives a power cut.
Everything about persons in it is sealed for the station's own key (docs/decisions/0005).
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hoaban.base import durable, records, sealing
from hoaban.enrolment.rules import station as joining
from hoaban.kit import rules

SCHEMA = """
CREATE TABLE IF NOT EXISTS station (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS list (
  version INTEGER PRIMARY KEY, sealed BLOB NOT NULL, came_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS draft (
  ulid TEXT PRIMARY KEY, begun_at TEXT NOT NULL, sealed BLOB NOT NULL, face BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
  ulid TEXT PRIMARY KEY, epoch TEXT NOT NULL, seq INTEGER NOT NULL, sha256 TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL, sealed_at TEXT NOT NULL, person_id INTEGER NOT NULL, slip_code TEXT NOT NULL,
  activation BLOB,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'received', 'stuck')),
  receipt TEXT CHECK (state <> 'received' OR receipt IS NOT NULL),
  received_at TEXT, opened TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  is_removed INTEGER NOT NULL DEFAULT 0 CHECK (is_removed = 0 OR state = 'received'),
  UNIQUE (epoch, seq)
) STRICT;
"""


@dataclass(frozen=True)
class Station:
    """A station in its folder. Raises NoSuchStation when used where there is none."""

    home: Path

    @property
    def packets(self) -> Path:
        """Where sealed packets wait."""
        return self.home / "packets"

    @property
    def signing(self) -> sealing.SigningKey:
        """The key with which the station signs; made here, it never leaves."""
        return sealing.SigningKey(self._secret("sign.jwk"))

    @property
    def identity(self) -> str:
        """The age identity that opens the station's lists and drafts."""
        return self._secret("station.identity")

    @property
    def recipient(self) -> str:
        """For whom lists and drafts are sealed."""
        return sealing.recipient_of(self.identity)

    @property
    def code(self) -> str:
        """The station's name."""
        with self.reading() as db:
            return value(db, "code")

    @property
    def server_url(self) -> str:
        """Where the province is reached: as told here, else as registered. Raises NotRegistered."""
        with self.reading() as db:
            told = value(db, "server_url")
        return told or self.registered.server_url

    @property
    def registered(self) -> joining.StationPass:
        """What the province gave the station. Raises NotRegistered."""
        try:
            return records.read(joining.StationPass, _json(self.home / "kit.json"))
        except (FileNotFoundError, ValueError) as error:
            raise rules.NotRegistered from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The store, to read from."""
        db = self._open()
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The store in a transaction that nobody else writes in: kept whole, or not at all."""
        db = self._open()
        try:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        finally:
            db.close()

    def free_bytes(self) -> int:
        """Room left on the station's disk."""
        return shutil.disk_usage(self.home).free

    def _open(self) -> sqlite3.Connection:
        path = self.home / "station.sqlite"
        if not path.exists():
            raise rules.NoSuchStation(folder=self.home)
        return _connect(path)

    def _secret(self, name: str) -> str:
        try:
            return (self.home / "keys" / name).read_text().strip()
        except FileNotFoundError as error:
            raise rules.NoSuchStation(folder=self.home) from error


def make(home: Path, code: str) -> Station:
    """Set a station up in a folder: its keys, its store, a first epoch. Raises AlreadyThere."""
    path = home / "station.sqlite"
    if path.exists():
        raise rules.AlreadyThere(kit=Station(home).code)
    (home / "keys").mkdir(parents=True, exist_ok=True)
    (home / "packets").mkdir(exist_ok=True)
    os.chmod(home, 0o700)
    durable.write(home / "keys" / "sign.jwk", sealing.SigningKey.new().text.encode())
    durable.write(home / "keys" / "station.identity", sealing.new_identity().encode())
    beside = path.with_name("station.new")
    durable.remove(beside)
    db = _connect(beside, journal="DELETE")
    db.executescript(SCHEMA)
    put(db, "code", code)
    begin_epoch(db)
    db.close()
    durable.settle(beside, path)
    return Station(home)


def begin_epoch(db: sqlite3.Connection) -> str:
    """Count packets anew under a name never used before: after an install or a restore."""
    epoch = secrets.token_hex(8)
    put(db, "epoch", epoch)
    put(db, "next_seq", "1")
    put(db, "prev_hash", "")
    return epoch


def value(db: sqlite3.Connection, name: str, default: str = "") -> str:
    """One of the station's own values."""
    row = db.execute("SELECT value FROM station WHERE name = ?", (name,)).fetchone()
    return str(row["value"]) if row else default


def put(db: sqlite3.Connection, name: str, text: str) -> None:
    """Set one of the station's own values."""
    db.execute(
        "INSERT INTO station VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, text),
    )


def _connect(path: Path, journal: str = "WAL") -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute(f"PRAGMA journal_mode = {journal}")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")
    return db


def _json(path: Path) -> object:
    import json

    return json.loads(path.read_text(encoding="utf-8"))
