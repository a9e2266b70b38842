"""Ids made without asking anybody: in the field, or to be read aloud."""

from __future__ import annotations

import hashlib
import secrets

from ulid import ULID

PUBLIC_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # no 0 O 1 I, no U: read aloud, written by hand
PUBLIC_LENGTH = 6
SECRET_LENGTH = 12  # 59 bits: not to be guessed, even by who holds its digest


def new_ulid() -> str:
    """A sortable id of 26 letters, unique without a network (ULID)."""
    return str(ULID())


def public_code() -> str:
    """A code of 6 letters that a person can read from a slip to somebody else."""
    return "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(PUBLIC_LENGTH))


def secret_code() -> str:
    """A code of 12 letters in three groups, which its holder tells nobody."""
    letters = "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(SECRET_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, SECRET_LENGTH, 4))


def secret_digest(typed: str) -> str:
    """By what a secret code is known where it isn't written: SHA-256 of it as tidied (docs/packet.md)."""
    return hashlib.sha256(b"hoaban-secret-code\n" + tidy_public_code(typed).encode()).hexdigest()


def tidy_public_code(typed: str) -> str:
    """What was typed, as a code: capitals, without spaces or dashes."""
    return typed.upper().replace(" ", "").replace("-", "").strip()
