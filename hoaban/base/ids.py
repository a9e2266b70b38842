"""Ids made without asking anybody: in the field, or to be read aloud."""

from __future__ import annotations

import secrets

from ulid import ULID

PUBLIC_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # no 0 O 1 I, no U: read aloud, written by hand
PUBLIC_LENGTH = 6


def new_ulid() -> str:
    """A sortable id of 26 letters, unique without a network (ULID)."""
    return str(ULID())


def public_code() -> str:
    """A code of 6 letters that a person can read from a slip to somebody else."""
    return "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(PUBLIC_LENGTH))


def tidy_public_code(typed: str) -> str:
    """What was typed, as a code: capitals, without spaces or dashes."""
    return typed.upper().replace(" ", "").replace("-", "").strip()
