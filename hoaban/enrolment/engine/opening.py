"""Opening a packet: every check on its bytes, then what it holds. All faults are told, not the first."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from hoaban.base import ids, records, sealing
from hoaban.base.errors import Refusal
from hoaban.base.id_number import IdNumber
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.enrolment.engine.keys import ProvinceKeys
from hoaban.enrolment.rules import packet, review

_DIGEST = re.compile("[0-9a-f]{64}")
FACE_LIMIT = 4000  # pixels a side
LONGEST = {
    "full_name": 120, "commune_code": 5, "corrections": 500, "phone": 20,
    "operator_id": 60, "operator_name": 120,
}  # fmt: skip


class Faulty(Refusal):
    """A packet that can't be taken; `faults` are all that was found."""

    code = "enrolment.faulty_packet"
    message = _("The packet can't be taken: %(faults)s.")

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults="; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Content:
    """What a packet holds."""

    manifest: packet.Manifest
    facts: review.Facts
    fingers: review.Fingers
    face: bytes


def signer_of(content: bytes) -> str:
    """The key with which a packet says to be signed, not yet believed. Raises BadEnvelope, BadSignature."""
    return sealing.signer_of(sealing.read_envelope(content).manifest)


def manifest_of(content: bytes, public: str) -> packet.Manifest:
    """The manifest of a packet whose signature and parts hold.

    Raises BadEnvelope, BadSignature, BadRecord.
    """
    claims = sealing.verify_envelope(sealing.read_envelope(content), public, packet.PACKET)
    return records.read(packet.Manifest, claims)


def open_packet(
    content: bytes, announced: packet.Announced, kit: str, publics: Mapping[str, str], keys: ProvinceKeys
) -> Content:
    """Verify and open a packet that was announced by a station whose public keys are given.

    Raises Faulty.
    """
    try:
        public = publics.get(signer_of(content))
        if public is None:
            raise packet.UnknownKit
        manifest = manifest_of(content, public)
    except records.BadRecord as no:
        raise Faulty(no.faults) from no
    except Refusal as no:
        raise Faulty([str(no)]) from no
    envelope = sealing.read_envelope(content)
    if faults := packet.manifest_faults(manifest, announced, kit, envelope.parts):
        raise Faulty(faults)
    parts = _unsealed(envelope, keys)
    facts, fingers, faults = _read(parts, manifest.format)
    if facts is None or fingers is None or faults:
        raise Faulty(faults)
    return Content(manifest, facts, fingers, parts["face"])


def _unsealed(envelope: sealing.Envelope, keys: ProvinceKeys) -> dict[str, bytes]:
    try:
        return {name: sealing.unseal(part, keys.identity) for name, part in envelope.parts.items()}
    except sealing.CannotOpen as no:
        raise Faulty([str(no)]) from no


def _read(parts: Mapping[str, bytes], form: int) -> tuple[review.Facts | None, review.Fingers | None, list[str]]:
    faults: list[str] = []
    facts = _part(review.Facts, parts["facts"], "facts", faults)
    fingers = _part(review.Fingers, parts["fingers"], "fingers", faults)
    if facts is not None:
        faults += _impossible(facts)
        if form > 1 and bool(facts.activation_digest) != facts.wants_eid:
            faults.append("facts.activation_digest: stands where an e-ID is asked for, and only there")
    if not _is_portrait(parts["face"]):
        faults.append(str(review.NoFace()))
    return facts, fingers, faults


def _part(kind: type[records.T], content: bytes, name: str, faults: list[str]) -> records.T | None:
    try:
        return records.read(kind, json.loads(content))
    except records.BadRecord as no:
        faults += [f"{name}.{fault}" for fault in no.faults]
    except (ValueError, RecursionError):
        faults.append(f"{name}: not JSON")
    return None


def _impossible(facts: review.Facts) -> list[str]:
    faults = []
    try:
        PartialDate.parse(facts.born)
    except ValueError:
        faults.append(f"facts.born: {facts.born[:10]!r} is no date")
    try:
        if facts.number:
            IdNumber(facts.number)
    except ValueError:
        faults.append("facts.number: not 12 digits")
    if facts.sex not in ("M", "F"):
        faults.append("facts.sex: neither M nor F")
    if not facts.full_name.strip():
        faults.append("facts.full_name: empty")
    if len(facts.slip_code) != ids.PUBLIC_LENGTH or set(facts.slip_code) - set(ids.PUBLIC_ALPHABET):
        faults.append("facts.slip_code: not a code")
    if facts.activation_digest and not _DIGEST.fullmatch(facts.activation_digest):
        faults.append("facts.activation_digest: no SHA-256")
    if not _is_moment(facts.taken_at):
        faults.append("facts.taken_at: no moment with its time zone")
    faults += [f"facts.{name}: too long" for name, most in LONGEST.items() if len(getattr(facts, name)) > most]
    return faults


def _is_moment(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_portrait(face: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(face), formats=["JPEG"]) as picture:
            fits = max(picture.size) <= FACE_LIMIT
            picture.load() if fits else None
            return fits
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
