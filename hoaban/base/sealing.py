"""Sealing: signatures, secrets for one recipient, and the envelope that joins the two.

Signatures are compact JWS with Ed25519 (RFC 7515, RFC 8037, RFC 9864), secrets are age files for an
X25519 recipient. Age hides who sealed, so an envelope's signed manifest covers the hash of every
sealed part and the recipient. The station and the server share this; `docs/packet.md` describes the
bytes for other languages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyrage
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hoaban.base.errors import Refusal
from hoaban.base.words import _

ALGORITHM = "Ed25519"
MAGIC = b"HOABAN-ENVELOPE-1\n"
MANIFEST_LIMIT = 64 * 1024  # bytes; ours are below 2 KB


class _Registry(jws.JWSRegistry):
    """Lets a station's list of some thousand people pass; the library's own limit is 128 kB."""

    max_payload_length = 16_000_000


_REGISTRY = _Registry(algorithms=[ALGORITHM])


class BadSignature(Refusal):
    """The signature doesn't hold, or nobody we know made it."""

    code = "base.bad_signature"
    message = _("The signature doesn't hold: %(why)s.")


class CannotOpen(Refusal):
    """Sealed for somebody else, or damaged."""

    code = "base.cannot_open"
    message = _("This can't be opened with our key: it is damaged or was sealed for somebody else.")


class BadEnvelope(Refusal):
    """The bytes aren't an envelope, or not the one that was signed."""

    code = "base.bad_envelope"
    message = _("The packet is damaged: %(why)s.")


# --- signatures -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SigningKey:
    """A private Ed25519 key as JSON Web Key text; `id` is its RFC 7638 thumbprint."""

    text: str

    @classmethod
    def new(cls) -> SigningKey:
        """A key that nobody had before."""
        return cls(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True), sort_keys=True))

    @property
    def id(self) -> str:
        """The thumbprint by which the public half is known."""
        return _key(self.text).thumbprint()

    @property
    def public(self) -> str:
        """The public half, as JSON Web Key text."""
        return json.dumps(_key(self.text).as_dict(private=False), sort_keys=True)

    def sign(self, claims: Mapping[str, Any], kind: str) -> str:
        """A compact JWS of the claims; `kind` (its `typ`) keeps a signature from serving as another."""
        header = {"alg": ALGORITHM, "kid": self.id, "typ": kind}
        text = json.dumps(claims, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return jws.serialize_compact(header, text.encode(), _key(self.text), algorithms=[ALGORITHM])


def key_id(public: str) -> str:
    """The thumbprint of a public key. Raises BadSignature where the text is no Ed25519 key."""
    return _key(public).thumbprint()


def signer_of(token: str) -> str:
    """Which key a token says it was signed with, not yet believed. Raises BadSignature."""
    try:
        return str(jws.extract_compact(token.encode()).headers()["kid"])
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadSignature(why="no token") from error


def verify(token: str, public: str, kind: str) -> dict[str, Any]:
    """The claims of a token signed by that key for that kind of use. Raises BadSignature."""
    try:
        found = jws.deserialize_compact(token, _key(public), algorithms=[ALGORITHM], registry=_REGISTRY)
        claims = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise BadSignature(why=type(error).__name__) from error
    if found.headers().get("typ") != kind or not isinstance(claims, dict):
        raise BadSignature(why=f"not a {kind}")
    return claims


def _key(text: str) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(text))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadSignature(why="no key") from error
    if key.curve_name != "Ed25519":
        raise BadSignature(why="no Ed25519 key")
    return key


# --- secrets ----------------------------------------------------------------------------------------


def new_identity() -> str:
    """A secret age identity (`AGE-SECRET-KEY-1...`) that nobody had before."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """To whom one seals so that this identity can open (`age1...`)."""
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def seal(content: bytes, recipient: str) -> bytes:
    """The content as an age file that only the recipient opens."""
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)]))


def unseal(sealed: bytes, identity: str) -> bytes:
    """The content of an age file. Raises CannotOpen."""
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError as error:
        raise CannotOpen from error


# --- envelopes --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Envelope:
    """An envelope taken apart: the signed manifest, still to be verified, and its sealed parts by name."""

    manifest: str
    parts: Mapping[str, bytes]


def write_envelope(
    claims: Mapping[str, Any], parts: Mapping[str, bytes], *, recipient: str, key: SigningKey, kind: str
) -> bytes:
    """Seal each part for the recipient and sign a manifest of the claims, the recipient and the parts."""
    return join({**claims, "recipient": recipient}, {n: seal(p, recipient) for n, p in parts.items()}, key, kind)


def join(claims: Mapping[str, Any], sealed: Mapping[str, bytes], key: SigningKey, kind: str) -> bytes:
    """An envelope of parts that are sealed already: a signed manifest before them."""
    listed = [
        {"name": name, "size": len(part), "sha256": hashlib.sha256(part).hexdigest()} for name, part in sealed.items()
    ]
    manifest = key.sign({**claims, "parts": listed}, kind)
    return MAGIC + manifest.encode() + b"\n" + b"".join(sealed.values())


def read_envelope(content: bytes) -> Envelope:
    """Take an envelope apart by what its manifest says; nothing is believed yet. Raises BadEnvelope."""
    if not content.startswith(MAGIC):
        raise BadEnvelope(why="not an envelope")
    end = content.find(b"\n", len(MAGIC), len(MAGIC) + MANIFEST_LIMIT)
    if end < 0:
        raise BadEnvelope(why="no manifest")
    try:
        manifest = content[len(MAGIC) : end].decode("ascii")
        claims = json.loads(jws.extract_compact(manifest.encode()).payload)
        sizes = [(part["name"], part["size"]) for part in claims["parts"]]
        sound = all(type(name) is str and type(size) is int and size >= 0 for name, size in sizes)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadEnvelope(why="unreadable manifest") from error
    if not sound or len(dict(sizes)) != len(sizes):
        raise BadEnvelope(why="unreadable manifest")
    parts, start = {}, end + 1
    for name, size in sizes:
        parts[name] = content[start : start + size]
        start += size
    if start != len(content):
        raise BadEnvelope(why="cut short or longer than signed")
    return Envelope(manifest, parts)


def verify_envelope(envelope: Envelope, public: str, kind: str) -> dict[str, Any]:
    """The manifest's claims, once its signature and the hash of every part hold.

    Raises BadSignature or BadEnvelope.
    """
    claims = verify(envelope.manifest, public, kind)
    for part in claims["parts"]:
        if hashlib.sha256(envelope.parts[part["name"]]).hexdigest() != part["sha256"]:
            raise BadEnvelope(why=f"part {part['name']} isn't the one that was signed")
    return claims
