"""The provider's keys in a folder: ES256 keys that sign, and the secret from which pairwise subjects come.

The newest key signs, all of them are published, so that a token signed before a change of keys still
verifies. Lose `pairwise.secret` and every relying party knows everybody under a new code: copy the
folder to a safe place.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from hoaban.base import durable
from hoaban.base.ids import new_ulid

ALGORITHM = "ES256"
SECRET_FILE = "pairwise.secret"


@dataclass(frozen=True)
class ProviderKeys:
    """Keys that sign, oldest first, and the secret of pairwise subjects."""

    signing: tuple[ECKey, ...]
    secret: bytes

    @property
    def current(self) -> ECKey:
        """The key that signs now."""
        return self.signing[-1]

    def published(self) -> dict[str, Any]:
        """The public halves, as a JSON Web Key Set."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
                for key in self.signing
            ]
        }


def stand_by(folder: Path) -> ProviderKeys:
    """The keys kept in `folder`, made there on first use; two who come at once get the same ones."""
    if not (folder / SECRET_FILE).exists():
        _begin(folder)
    texts = [path.read_text() for path in sorted(folder.glob("*.jwk"))]
    return ProviderKeys(
        tuple(ECKey.import_key(json.loads(text)) for text in texts), (folder / SECRET_FILE).read_bytes()
    )


def add(folder: Path) -> None:
    """Make a new signing key; from now on it signs."""
    stand_by(folder)
    durable.write(folder / f"{new_ulid()}.jwk", _new_key())


def _begin(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))  # readable by its owner only
    durable.write(made / f"{new_ulid()}.jwk", _new_key())
    durable.write(made / SECRET_FILE, secrets.token_bytes(32))
    try:
        os.rename(made, folder)
    except OSError:  # somebody else was first
        shutil.rmtree(made)


def _new_key() -> bytes:
    return json.dumps(ECKey.generate_key("P-256").as_dict(private=True), sort_keys=True).encode()
