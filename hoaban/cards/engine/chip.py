"""A chip's files together: made, written to a folder, read back, checked.

The folder holds what would be written into the chip, under the names of ICAO Doc 9303. `chip.key` is
the chip's own secret for active authentication; it is deleted once the card has passed its check.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hoaban.cards.engine import lds, sod
from hoaban.cards.engine.authority import Authority
from hoaban.cards.rules import CardContent

EF_COM, EF_SOD, KEY = "EF.COM", "EF.SOD", "chip.key"


@dataclass(frozen=True)
class ChipFiles:
    """What a chip holds: the data groups, the table of contents, the security object."""

    groups: Mapping[int, bytes]
    ef_com: bytes
    ef_sod: bytes

    def named(self) -> dict[str, bytes]:
        """Every file by its name."""
        return {f"DG{number}": group for number, group in self.groups.items()} | {
            EF_COM: self.ef_com,
            EF_SOD: self.ef_sod,
        }


def make(
    content: CardContent, face_jpeg: bytes, authority: Authority, at: dt.datetime
) -> tuple[ChipFiles, ec.EllipticCurvePrivateKey]:
    """The files of a new chip, signed, and the chip's own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    groups = lds.groups_of(content, face_jpeg, key.public_key())
    return ChipFiles(groups, lds.ef_com(list(groups)), sod.sign(groups, authority, at)), key


def key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The chip's key as PKCS #8."""
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read(folder: Path) -> ChipFiles:
    """The files in a folder. OSError where EF.COM or EF.SOD isn't there."""
    groups = {number: (folder / f"DG{number}").read_bytes() for number in lds.TAGS if (folder / f"DG{number}").exists()}
    return ChipFiles(groups, (folder / EF_COM).read_bytes(), (folder / EF_SOD).read_bytes())


def faults(files: ChipFiles, csca: x509.Certificate) -> list[str]:
    """What isn't as it was signed, as `sod.faults` says it, and `contents_differ` for a false EF.COM."""
    found = sod.faults(files.groups, files.ef_sod, csca)
    if files.ef_com != lds.ef_com(list(files.groups)):
        found.append("contents_differ")
    return found


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files so that the folder is whole or not there; only its owner may read them."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
    for name, content in files.items():
        (part / name).write_bytes(content)
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)
