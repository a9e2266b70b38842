"""The document security object (EF.SOD): the hashes of a chip's data groups, signed.

CMS SignedData over the LDS security object version 0 (ICAO Doc 9303 part 10), SHA-256, ECDSA P-256.
`faults` is passive authentication: whether the files are those that were signed, and by whom.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hoaban.cards.engine import tlv
from hoaban.cards.engine.authority import Authority

TAG = 0x77
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"


class DataGroupHash(core.Sequence):  # type: ignore[misc]
    """The hash of one data group."""

    _fields = [("number", core.Integer), ("digest", core.OctetString)]


class DataGroupHashes(core.SequenceOf):  # type: ignore[misc]
    """The hashes of all data groups."""

    _child_spec = DataGroupHash


class LdsSecurityObject(core.Sequence):  # type: ignore[misc]
    """What is signed."""

    _fields = [
        ("version", core.Integer),
        ("digest_algorithm", algos.DigestAlgorithm),
        ("hashes", DataGroupHashes),
    ]


def sign(groups: Mapping[int, bytes], authority: Authority, at: dt.datetime) -> bytes:
    """EF.SOD over the data groups, signed by the authority's document signer."""
    content = LdsSecurityObject(
        {
            "version": 0,
            "digest_algorithm": _sha256(),
            "hashes": [
                {"number": number, "digest": hashlib.sha256(groups[number]).digest()} for number in sorted(groups)
            ],
        }
    ).dump()
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", LDS_SECURITY_OBJECT),
            _attribute("signing_time", cms.Time({"utc_time": at.astimezone(dt.UTC)})),
            _attribute("message_digest", hashlib.sha256(content).digest()),
        ]
    )
    signer = asn1_x509.Certificate.load(authority.signer.public_bytes(serialization.Encoding.DER))
    signer_info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": signer.issuer, "serial_number": signer.serial_number}
                    )
                }
            ),
            "digest_algorithm": _sha256(),
            "signed_attrs": attributes,
            "signature_algorithm": _sha256_ecdsa(),
            "signature": authority.signer_key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [_sha256()],
            "encap_content_info": {"content_type": LDS_SECURITY_OBJECT, "content": content},
            "certificates": [signer],
            "signer_infos": [signer_info],
        }
    )
    message = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return tlv.wrap(TAG, message.dump())


def message_of(ef_sod: bytes) -> bytes:
    """The CMS message in EF.SOD, as tools that check signatures want it."""
    return tlv.unwrap(ef_sod, TAG)


def faults(groups: Mapping[int, bytes], ef_sod: bytes, csca: x509.Certificate) -> list[str]:
    """What doesn't hold, as short codes; an empty list is a chip as it was signed.

    `unreadable`, `signer_not_trusted`, `signature_wrong`, `group_N_changed`, `group_N_missing`,
    `group_N_not_signed`.
    """
    try:
        read = _read(message_of(ef_sod))
    except (ValueError, TypeError, KeyError, IndexError, x509.InvalidVersion):
        return ["unreadable"]
    found = []
    try:
        read.signer.verify_directly_issued_by(csca)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        found.append("signer_not_trusted")
    if not _signature_holds(read):
        found.append("signature_wrong")
    return found + _changed(groups, _hashes_of(read.content))


@dataclass(frozen=True)
class _Read:
    signer: x509.Certificate
    content: bytes
    signed_digest: bytes
    attributes: bytes
    signature: bytes


def _read(message: bytes) -> _Read:
    """The parts of a message of exactly the shape that `sign` writes. ValueError for another shape."""
    info = cms.ContentInfo.load(message, strict=True)
    signed = info["content"]
    certificate = signed["certificates"][0].chosen
    signer_info = signed["signer_infos"][0]
    sid = signer_info["sid"].chosen
    attributes = {one["type"].native: one["values"][0].native for one in signer_info["signed_attrs"]}
    content = signed["encap_content_info"]["content"].native
    _hashes_of(content)
    shape = (
        info["content_type"].native == "signed_data",
        signed["version"].native == "v3",
        signed["digest_algorithms"].dump() == cms.DigestAlgorithms([_sha256()]).dump(),
        signed["encap_content_info"]["content_type"].native == LDS_SECURITY_OBJECT,
        signer_info["version"].native == "v1",
        signer_info["digest_algorithm"].dump() == _sha256().dump(),
        signer_info["signature_algorithm"].dump() == _sha256_ecdsa().dump(),
        sid["issuer"].dump() == certificate.issuer.dump(),
        sid["serial_number"].native == certificate.serial_number,
        attributes["content_type"] == LDS_SECURITY_OBJECT,
        certificate["signature_value"].contents[:1] == b"\x00",  # no unused bits: DER
    )
    if not all(shape):
        raise ValueError("not a security object as Doc 9303 describes it")
    return _Read(
        signer=x509.load_der_x509_certificate(certificate.dump()),
        content=content,
        signed_digest=attributes["message_digest"],
        attributes=signer_info["signed_attrs"].untag().dump(),
        signature=signer_info["signature"].native,
    )


def _changed(groups: Mapping[int, bytes], expected: Mapping[int, bytes]) -> list[str]:
    found = []
    for number in sorted(groups.keys() | expected.keys()):
        if number not in groups:
            found.append(f"group_{number}_missing")
        elif number not in expected:
            found.append(f"group_{number}_not_signed")
        elif hashlib.sha256(groups[number]).digest() != expected[number]:
            found.append(f"group_{number}_changed")
    return found


def _signature_holds(read: _Read) -> bool:
    if read.signed_digest != hashlib.sha256(read.content).digest():
        return False
    try:
        key = read.signer.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(read.signature, read.attributes, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _hashes_of(content: bytes) -> dict[int, bytes]:
    listed = LdsSecurityObject.load(content, strict=True)["hashes"]
    return {one["number"].native: one["digest"].native for one in listed}


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": [value]})


def _sha256() -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": "sha256"})


def _sha256_ecdsa() -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
