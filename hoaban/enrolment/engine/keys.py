"""The province's keys in a folder: one signs lists and receipts, one opens packets.

Two files, readable by the server alone. Lose `province.identity` and every packet not yet opened is
lost: copy the folder to a safe place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hoaban.base import durable, sealing
from hoaban.base.errors import Refusal
from hoaban.base.words import _

SIGNING_FILE = "signing.jwk"
IDENTITY_FILE = "province.identity"


class NoKeys(Refusal):
    """The server has no keys to open packets with."""

    code = "enrolment.no_keys"
    message = _("The province's keys are missing in %(folder)s. Run: hoaban enrolment make-keys")


@dataclass(frozen=True)
class ProvinceKeys:
    """The server's signing key and the age identity that opens packets."""

    signing: sealing.SigningKey
    identity: str

    @property
    def recipient(self) -> str:
        """For whom stations seal."""
        return sealing.recipient_of(self.identity)


@cache
def load(folder: Path) -> ProvinceKeys:
    """The keys of a folder. Raises NoKeys."""
    try:
        return ProvinceKeys(
            sealing.SigningKey((folder / SIGNING_FILE).read_text()),
            (folder / IDENTITY_FILE).read_text().strip(),
        )
    except FileNotFoundError as error:
        raise NoKeys(folder=folder) from error


def make(folder: Path) -> None:
    """Make the keys that are missing; those that are there stay, also when two make them at once."""
    _write_once(folder / SIGNING_FILE, sealing.SigningKey.new().text)
    _write_once(folder / IDENTITY_FILE, sealing.new_identity())


def _write_once(path: Path, secret: str) -> None:
    if path.exists():
        return
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    durable.write(mine, secret.encode())
    try:
        os.link(mine, path)
    except FileExistsError:
        return
    finally:
        durable.remove(mine)
    durable.sync_folder(path.parent)
