"""How entries are hashed and sealed: a Merkle tree per epoch, epochs chained by hash (RFC 6962 shapes).

`docs/audit.md` tells a stranger the same in a few lines of Python.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import _

SIZE = 32  # bytes of a hash
ANCHOR = "hoaban-audit-1"
EXPORT_HASH = "export_sha256"  # the fact under which an entry keeps the hash of a file taken away from the audit


def leaf(values: Mapping[str, object]) -> bytes:
    """The hash of an entry: SHA-256 of a zero byte and its values as canonical JSON."""
    return leaf_of(json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str))


def leaf_of(text: str) -> bytes:
    """The hash of an entry by its text as the database writes it: SHA-256 of a zero byte and the text."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def split(leaves: bytes) -> list[bytes]:
    """Hashes that were written one after the other."""
    return [leaves[start : start + SIZE] for start in range(0, len(leaves), SIZE)]


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root of one or more leaves; a level's odd last node rises as it is."""
    level = list(leaves)
    while len(level) > 1:
        level = [*(_node(a, b) for a, b in zip(level[::2], level[1::2], strict=False)), *_odd_one(level)]
    return level[0]


@dataclass(frozen=True)
class Step:
    """One neighbour on the way from a leaf to the root."""

    hash: bytes
    is_left: bool


def proof(leaves: Sequence[bytes], position: int) -> list[Step]:
    """The neighbours that lead from the leaf at `position` to the root."""
    steps = []
    level = list(leaves)
    while len(level) > 1:
        neighbour = position ^ 1
        if neighbour < len(level):
            steps.append(Step(level[neighbour], is_left=neighbour < position))
        level = [*(_node(a, b) for a, b in zip(level[::2], level[1::2], strict=False)), *_odd_one(level)]
        position //= 2
    return steps


def leads_to(start: bytes, steps: Sequence[Step], goal: bytes) -> bool:
    """Whether the proof leads from a leaf to that root."""
    for step in steps:
        start = _node(step.hash, start) if step.is_left else _node(start, step.hash)
    return start == goal


def epoch_hash(previous: bytes, number: int, sealed_at: dt.datetime, count: int, merkle_root: bytes) -> bytes:
    """The hash that chains an epoch to the one before: of both, its number, time and count."""
    line = f"{number} {in_utc(sealed_at)} {count}"
    return hashlib.sha256(b"\x02" + previous + merkle_root + line.encode()).digest()


def in_utc(moment: dt.datetime) -> str:
    """A moment as the audit writes it: UTC, to the microsecond."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True)
class Anchor:
    """The head of the chain at one time, short enough to be printed and kept elsewhere."""

    number: int
    entries: int
    sealed_at: str
    hash: str

    def __str__(self) -> str:
        return f"{ANCHOR} {self.number} {self.entries} {self.sealed_at} {self.hash}"


def read_anchor(text: str) -> Anchor:
    """The anchor that was kept. Raises NotAnAnchor."""
    found = re.fullmatch(rf"\s*{ANCHOR} (\d{{1,18}}) (\d{{1,18}}) (\S{{1,40}}) ([0-9a-f]{{64}})\s*", text)
    if found is None:
        raise NotAnAnchor()
    return Anchor(int(found[1]), int(found[2]), found[3], found[4])


class Differs(StrEnum):
    """What isn't as it was sealed."""

    CHANGED = "changed"
    REMOVED = "removed"
    SWAPPED = "swapped"
    ADDED = "added"
    LIST = "list"
    ROOT = "root"
    LINK = "link"
    MISSING = "missing"
    ANCHOR = "anchor"


DIFFERS_WORDS = {
    Differs.CHANGED: _("what the entry says isn't what was sealed"),
    Differs.REMOVED: _("the entry was sealed and is gone"),
    Differs.SWAPPED: _("the entry stands where another was sealed"),
    Differs.ADDED: _("the entry was put among sealed ones later"),
    Differs.LIST: _("the epoch's list of entries was changed"),
    Differs.ROOT: _("the epoch's hashes don't lead to its root"),
    Differs.LINK: _("the epoch's hash doesn't follow from the epoch before"),
    Differs.MISSING: _("an epoch before this one is gone"),
    Differs.ANCHOR: _("the anchor that was kept isn't in this chain"),
}


class NotAnAnchor(Refusal):
    """The text isn't an anchor."""

    code = "audit.not_an_anchor"
    message = _("This isn't an anchor. An anchor is one line that begins with hoaban-audit-1.")


class NotSealed(Refusal):
    """The entry is too young for a proof."""

    code = "audit.not_sealed"
    message = _("Entry %(ulid)s isn't sealed yet. That is done every minute: ask again.")


class NotAnExport(Refusal):
    """No entry vouches for the file."""

    code = "audit.not_an_export"
    message = _("No such file was taken away from this audit, or it was changed since. Check it as it was downloaded.")


class NothingSealed(Refusal):
    """There is no epoch yet."""

    code = "audit.nothing_sealed"
    message = _("Nothing is sealed yet. That is done every minute: ask again.")


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _odd_one(level: list[bytes]) -> list[bytes]:
    return level[-1:] if len(level) % 2 else []
