"""Packets' bytes on disk: growing in `incoming/` by ULID, whole in the folder itself by SHA-256.

A file by hash is complete and durable. Its row comes after it, so a crash between the two loses
nothing: the next request finds the file and only the row is to be written.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hoaban.base import durable
from hoaban.enrolment.rules.packet import DamagedChunk, WrongOffset


@dataclass(frozen=True)
class Incoming:
    """A packet on its way: its names and its size as announced."""

    ulid: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Blobs:
    """The packets' folder."""

    folder: Path

    def offset(self, packet: Incoming) -> int:
        """How many bytes we hold."""
        if self._whole(packet.sha256).exists():
            return packet.size
        try:
            return self._growing(packet.ulid).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, packet: Incoming, offset: int, chunk: bytes) -> bool:
        """Add a chunk; whether the packet is whole now and stands by its hash.

        Raises DamagedChunk for one that is too long, and WrongOffset with the byte to go on from: also 0,
        where all bytes came and aren't those that were announced.
        """
        if offset + len(chunk) > packet.size:
            raise DamagedChunk
        with self._locked(packet.ulid) as file:
            held = self.offset(packet)
            if offset != held:
                raise WrongOffset(offset=held)
            if self._whole(packet.sha256).exists():
                return True
            _extend(file, offset, chunk)
            if offset + len(chunk) < packet.size:
                return False
            self._settle(file, packet)
            return True

    def keep(self, content: bytes) -> str:
        """Keep whole bytes by their hash, which is returned."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._whole(sha256).exists():
            durable.write(self._whole(sha256), content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes of a whole packet."""
        return self._whole(sha256).read_bytes()

    def _settle(self, file: int, packet: Incoming) -> None:
        growing = self._growing(packet.ulid)
        if hashlib.sha256(growing.read_bytes()).hexdigest() != packet.sha256:
            os.ftruncate(file, 0)
            raise WrongOffset(offset=0)
        os.fsync(file)
        durable.settle(growing, self._whole(packet.sha256))

    @contextmanager
    def _locked(self, ulid: str) -> Iterator[int]:
        """The growing file, held by nobody else: the same chunk may be on its way twice."""
        self._growing(ulid).parent.mkdir(parents=True, exist_ok=True)
        while True:
            file = os.open(self._growing(ulid), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                if self._is_still_named(file, ulid):
                    yield file
                    return
            finally:
                os.close(file)

    def _is_still_named(self, file: int, ulid: str) -> bool:
        """Whether the file we locked wasn't renamed away by who held the lock before."""
        try:
            return os.fstat(file).st_ino == self._growing(ulid).stat().st_ino
        except FileNotFoundError:
            return False

    def _growing(self, ulid: str) -> Path:
        return self.folder / "incoming" / ulid

    def _whole(self, sha256: str) -> Path:
        return self.folder / sha256


def _extend(file: int, offset: int, chunk: bytes) -> None:
    try:
        written = os.pwrite(file, chunk, offset)
    except OSError:
        os.ftruncate(file, offset)
        raise
    if written != len(chunk):
        os.ftruncate(file, offset)
        raise OSError("the disk took only a part of a chunk")
