"""Packets on their way: what a manifest says, what the server answers, what a receipt promises.

A packet is known by three things that must agree for ever: its ULID, the SHA-256 of its bytes, and
its number in the station's row (epoch, seq). Order and clocks are never relied upon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.records import BadRecord
from hoaban.base.words import _

FORMAT = 2  # what stations write
READABLE = (1, 2)  # 1 had no activation code: an officer gives such a person a slip
CHUNK_BYTES = 256 * 1024
LARGEST_BYTES = 20 * 1024 * 1024
HIGHEST_NUMBER = 1_000_000
PARTS = ("facts", "face", "fingers", "journal")

# what a signature is for (its `typ`)
PACKET = "hoaban-packet"
RECEIPT = "hoaban-receipt"
WORK_LIST = "hoaban-list"
REQUEST = "hoaban-kit-request"
REQUEST_SCHEME = "HoabanKit"

_ULID = re.compile(r"^[0-9A-HJKMNP-TV-Z]{26}$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_EPOCH = re.compile(r"^[0-9a-f]{16}$")


class State(StrEnum):
    """announced -> received -> opened or refused. `received` means: we hold every byte, durably."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    OPENED = "opened"
    REFUSED = "refused"


class Verdict(StrEnum):
    """The server's answer to an announced packet."""

    WANT = "want"
    HAVE = "have"
    CONFLICT = "conflict"


class Conflict(StrEnum):
    """Why a packet can't be what it says: other bytes under its id, its number taken, its bytes known."""

    OTHER_BYTES = "other_bytes"
    NUMBER_TAKEN = "number_taken"
    BYTES_KNOWN = "bytes_known"


class UnknownKit(Refusal):
    """No station of ours signed this."""

    code = "enrolment.unknown_kit"
    message = _("No station of ours signed this. Register the station first.")


class RevokedKit(Refusal):
    """The station was withdrawn."""

    code = "enrolment.revoked_kit"
    message = _("Station %(kit)s was withdrawn on %(on)s.")


class NotAnnounced(Refusal):
    """Bytes came for a packet that nobody announced."""

    code = "enrolment.not_announced"
    message = _("Packet %(ulid)s was not announced.")


class WrongOffset(Refusal):
    """The chunk doesn't begin where our bytes end."""

    code = "enrolment.wrong_offset"
    message = _("Go on from byte %(offset)s.")


class DamagedChunk(Refusal):
    """The chunk isn't what its checksum says, or is too long."""

    code = "enrolment.damaged_chunk"
    message = _("This piece was damaged on the way. Send it again.")


@dataclass(frozen=True)
class Manifest:
    """What the station signs about a packet, beside the list of its sealed parts."""

    format: int
    kind: str
    ulid: str
    kit: str
    epoch: str
    seq: int
    prev_hash: str
    recipient: str
    sealed_at: str
    clock_offset_s: int


@dataclass(frozen=True)
class Announced:
    """A packet as a station announces it."""

    ulid: str
    epoch: str
    seq: int
    sha256: str
    size: int

    def check(self) -> None:
        """Raise BadRecord unless every value can be what it claims."""
        faults = [
            name
            for name, holds in (
                ("ulid", _ULID.match(self.ulid)),
                ("epoch", _EPOCH.match(self.epoch)),
                ("seq", 1 <= self.seq <= HIGHEST_NUMBER),
                ("sha256", _SHA256.match(self.sha256)),
                ("size", 0 < self.size <= LARGEST_BYTES),
            )
            if not holds
        ]
        if faults:
            raise BadRecord([f"{name}: not possible" for name in faults])


@dataclass(frozen=True)
class Answer:
    """What the server says to one announced packet."""

    ulid: str
    verdict: Verdict
    offset: int = 0
    receipt: str = ""
    state: str = ""
    why: str = ""


@dataclass(frozen=True)
class Receipt:
    """The server's promise, signed, that it holds a packet's bytes."""

    ulid: str
    sha256: str
    kit: str
    epoch: str
    seq: int
    received_at: str

    def covers(self, packet: Announced, kit: str) -> bool:
        """Whether it speaks of exactly these bytes of that station."""
        return (self.ulid, self.sha256, self.epoch, self.seq, self.kit) == (
            packet.ulid, packet.sha256, packet.epoch, packet.seq, kit,
        )  # fmt: skip


def conflict(packet: Announced, kit: str, known: Iterable[tuple[Announced, str]]) -> Conflict | None:
    """How a packet contradicts the (packet, station) pairs we know that share a name with it, if it does."""
    for other, its_kit in known:
        if other.ulid == packet.ulid:
            if (other, its_kit) != (packet, kit):
                return Conflict.OTHER_BYTES
        elif other.sha256 == packet.sha256:
            return Conflict.BYTES_KNOWN
        elif (its_kit, other.epoch, other.seq) == (kit, packet.epoch, packet.seq):
            return Conflict.NUMBER_TAKEN
    return None


def manifest_faults(manifest: Manifest, packet: Announced, kit: str, parts: Iterable[str]) -> list[str]:
    """Where a verified manifest isn't that of the packet received; empty when all is well."""
    faults = []
    if manifest.format not in READABLE or manifest.kind != "enrolment":
        faults.append(f"format {manifest.format} of kind {manifest.kind} isn't one we read")
    for name, said, known in (
        ("ulid", manifest.ulid, packet.ulid),
        ("kit", manifest.kit, kit),
        ("epoch", manifest.epoch, packet.epoch),
        ("seq", manifest.seq, packet.seq),
    ):
        if said != known:
            faults.append(f"{name} is {said} in the packet and {known} where it was announced")
    if manifest.prev_hash and not _SHA256.match(manifest.prev_hash):
        faults.append("prev_hash is no hash")
    if sorted(parts) != sorted(PARTS):
        faults.append("its parts aren't those of an enrolment")
    return faults


def holes(numbers: Iterable[int]) -> list[int]:
    """The numbers of an epoch that are missing below the highest one that came."""
    came = set(numbers)
    return [number for number in range(1, max(came, default=0)) if number not in came]
