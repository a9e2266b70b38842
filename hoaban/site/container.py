"""The file of a backup: a tar stream sealed with age while it is written, with a hash of every part inside.

Nothing of it is ever on the disk unsealed. The last member lists the SHA-256 of all others, so a stream that
was cut, even between two members, is recognised.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyrage

from hoaban.base.errors import Refusal
from hoaban.base.words import _

SUMS = "sums.json"
PIECE = 8 * 1024 * 1024


class CannotOpen(Refusal):
    """Not a backup, damaged, cut off, or sealed for another key."""

    code = "site.backup_cannot_open"
    message = _("%(file)s can't be opened with this key: it is another key's, damaged, or not whole.")


class NotWritten(Refusal):
    """The disk takes nothing there."""

    code = "site.backup_not_written"
    message = _("The backup can't be written: %(why)s")


class BadKey(Refusal):
    """Not a key of the kind that backups take."""

    code = "site.backup_bad_key"
    message = _("%(key)s isn't a key. Make one with: hoaban backup-key FILE")


Member = tuple[str, bytes | Path]


def write(target: IO[bytes], members: Iterator[Member], recipients: list[str]) -> int:
    """Seal these members for the recipients' public keys (`age1…`); how many bytes went in.

    Raises BadKey, NotWritten.
    """
    keys = [_public(one) for one in recipients]
    inside, outside = os.pipe()
    filler = _Filler(outside, members)
    filler.start()
    try:
        with os.fdopen(inside, "rb") as stream:
            pyrage.encrypt_io(stream, target, keys)
    except pyrage.EncryptError as error:
        raise NotWritten(why=error) from error
    finally:
        filler.join()
    if filler.trouble:
        raise filler.trouble
    return filler.bytes


def read(source: IO[bytes], identity: str, name: str) -> Iterator[tuple[str, bytes]]:
    """The members in their order. Raises BadKey, and CannotOpen at the latest when the last was read."""
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError as error:
        raise BadKey(key="…") from error
    outside, inside = os.pipe()
    opener = _Opener(source, inside, key)
    opener.start()
    seen: dict[str, str] = {}
    sums: dict[str, str] | None = None
    try:
        with os.fdopen(outside, "rb") as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    raise CannotOpen(file=name)
                whole = content.read()
                if member.name == SUMS:
                    sums = json.loads(whole)
                else:
                    seen[member.name] = hashlib.sha256(whole).hexdigest()
                    yield member.name, whole
            while stream.read(PIECE):  # to its end, so that a cut stream is noticed
                pass
    except (tarfile.TarError, ValueError, OSError) as error:
        raise CannotOpen(file=name) from error
    finally:
        opener.join()
    if opener.trouble or sums != seen:
        raise CannotOpen(file=name)


def _public(recipient: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise BadKey(key=recipient) from error


class _Filler(threading.Thread):
    """Writes the tar stream into a pipe whose other end is being sealed."""

    def __init__(self, outside: int, members: Iterator[Member]) -> None:
        super().__init__(daemon=True)
        self.trouble: BaseException | None = None
        self.bytes = 0
        self._outside, self._members = outside, members

    def run(self) -> None:
        """Write every member, then their hashes."""
        sums: dict[str, str] = {}
        try:
            with os.fdopen(self._outside, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
                for name, content in self._members:
                    whole = content.read_bytes() if isinstance(content, Path) else content
                    sums[name] = hashlib.sha256(whole).hexdigest()
                    self._add(tar, name, whole)
                self._add(tar, SUMS, json.dumps(sums).encode())
        except BaseException as trouble:  # raised again by who waits for this thread
            self.trouble = trouble

    def _add(self, tar: tarfile.TarFile, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        tar.addfile(member, io.BytesIO(content))
        self.bytes += len(content)


class _Opener(threading.Thread):
    """Opens the sealed stream into a pipe from which members are read."""

    def __init__(self, source: IO[bytes], inside: int, key: pyrage.x25519.Identity) -> None:
        super().__init__(daemon=True)
        self.trouble: BaseException | None = None
        self._source, self._inside, self._key = source, inside, key

    def run(self) -> None:
        """Open to the end or to the first damage."""
        try:
            with os.fdopen(self._inside, "wb") as pipe:
                pyrage.decrypt_io(self._source, pipe, [self._key])
        except BaseException as trouble:  # looked at by who reads the pipe
            self.trouble = trouble


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """What a stream gives, in pieces that fit in memory."""
    while piece := stream.read(PIECE):
        yield piece


def safe(name: str) -> Path:
    """A member's name as a path that stays inside. Raises CannotOpen."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise CannotOpen(file=name)
    return path
