"""How entries are hashed and sealed: a Merkle tree per epoch, epochs chained by hash (RFC 6962 shapes)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def leaf(values: Mapping[str, object]) -> bytes:
    """The hash of an entry: SHA-256 of a zero byte and its values as canonical JSON."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


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


def epoch_hash(previous: bytes, merkle_root: bytes, count: int) -> bytes:
    """The hash that chains an epoch to the one before."""
    return hashlib.sha256(previous + merkle_root + count.to_bytes(8, "big")).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _odd_one(level: list[bytes]) -> list[bytes]:
    return level[-1:] if len(level) % 2 else []
