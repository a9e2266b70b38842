"""The files of a card's chip (ICAO Doc 9303 part 10, LDS 1.7): EF.COM and the data groups.

DG1 machine readable zone, DG2 face (ISO/IEC 19794-5:2005), DG13 national facts, DG14 security
options, DG15 public key for active authentication. The security object over them is in `sod`.

DG13 follows a profile file read from two public readers of real cards; the wrapper around its
fields is ours. It is never a claim about the state's own chip.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from asn1crypto import core
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from hoaban.cards.engine import mrz, tlv
from hoaban.cards.rules import CardContent

DG13_PROFILE = Path(__file__).parents[2] / "data" / "card_dg13.csv"
TAGS = {1: 0x61, 2: 0x75, 13: 0x6D, 14: 0x6E, 15: 0x6F}
ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_IMAGE_STARTS = 14 + 20 + 12  # after the headers of record, face and image
ECDSA_PLAIN_SHA256 = "0.4.0.127.0.7.1.1.4.1.3"  # BSI TR-03111, named by Doc 9303 part 11


class ActiveAuthenticationInfo(core.Sequence):  # type: ignore[misc]
    """Which signature the chip makes to prove that it isn't a copy (Doc 9303 part 11)."""

    _fields = [
        ("protocol", core.ObjectIdentifier),
        ("version", core.Integer),
        ("signature_algorithm", core.ObjectIdentifier),
    ]


class SecurityInfos(core.SetOf):  # type: ignore[misc]
    """The set that DG14 holds."""

    _child_spec = ActiveAuthenticationInfo


@dataclass(frozen=True)
class ProfileRow:
    """One field of DG13: its number and the fact it holds."""

    field: int
    fact: str


@cache
def dg13_profile() -> tuple[ProfileRow, ...]:
    """The fields of DG13, in order, as the profile file lists them."""
    with DG13_PROFILE.open(encoding="utf-8", newline="") as lines:
        return tuple(ProfileRow(int(row["field"]), row["fact"]) for row in csv.DictReader(lines))


def groups_of(content: CardContent, face_jpeg: bytes, chip_key: ec.EllipticCurvePublicKey) -> dict[int, bytes]:
    """Every data group by its number."""
    return {
        1: dg1(content),
        2: dg2(face_jpeg, content.sex),
        13: dg13(content),
        14: dg14(),
        15: dg15(chip_key),
    }


def ef_com(numbers: list[int]) -> bytes:
    """The table of contents: LDS version 1.7, Unicode 4.0.0, the data groups present."""
    present = bytes(TAGS[number] for number in sorted(numbers))
    return tlv.wrap(0x60, tlv.wrap(0x5F01, b"0107") + tlv.wrap(0x5F36, b"040000") + tlv.wrap(0x5C, present))


def dg1(content: CardContent) -> bytes:
    """The machine readable zone, 90 characters."""
    lines = mrz.zone(
        number=content.number,
        full_name=content.full_name,
        born=content.born,
        sex=content.sex,
        expires_on=content.expires_on,
    )
    return tlv.wrap(0x61, tlv.wrap(0x5F1F, "".join(lines).encode("ascii")))


def dg2(face_jpeg: bytes, sex: str) -> bytes:
    """One face in its biometric template (CBEFF patron format of Doc 9303 part 10, section 4.7.2)."""
    header = (
        tlv.wrap(0x80, b"\x01\x01")  # version of the header
        + tlv.wrap(0x81, b"\x02")  # facial features
        + tlv.wrap(0x82, b"\x00")  # no subtype
        + tlv.wrap(0x87, b"\x01\x01")  # format owner: ISO/IEC JTC 1/SC 37
        + tlv.wrap(0x88, b"\x00\x08")  # format type: face image
    )
    template = tlv.wrap(0xA1, header) + tlv.wrap(0x5F2E, face_record(face_jpeg, sex))
    group = tlv.wrap(0x02, b"\x01") + tlv.wrap(0x7F60, template)
    return tlv.wrap(0x75, tlv.wrap(0x7F61, group))


def face_record(face_jpeg: bytes, sex: str) -> bytes:
    """A facial record of ISO/IEC 19794-5:2005 with one full frontal JPEG. ValueError for another format."""
    width, height = _size_of_jpeg(face_jpeg)
    image = (
        b"\x01"  # full frontal
        + b"\x00"  # JPEG
        + width.to_bytes(2, "big")
        + height.to_bytes(2, "big")
        + b"\x01"  # sRGB, 24 bit
        + b"\x02"  # a still digital camera
        + b"\x00\x00"  # device: unspecified
        + b"\x00\x00"  # quality: unspecified
        + face_jpeg
    )
    block_size = 20 + len(image)
    facial = (
        block_size.to_bytes(4, "big")
        + b"\x00\x00"  # no feature points
        + {"M": b"\x01", "F": b"\x02"}.get(sex, b"\x00")
        + b"\x00"  # eye colour: unspecified
        + b"\x00"  # hair colour: unspecified
        + b"\x00\x00\x00"  # no properties stated
        + b"\x00\x00"  # expression: unspecified
        + b"\x00\x00\x00"  # pose
        + b"\x00\x00\x00"  # uncertainty of pose
    )
    record_size = 14 + block_size
    return b"FAC\x00010\x00" + record_size.to_bytes(4, "big") + b"\x00\x01" + facial + image


def face_in(group: bytes) -> bytes:
    """The JPEG in a DG2 that `dg2` wrote. ValueError for another shape."""
    template = tlv.unwrap(tlv.unwrap(group, 0x75), 0x7F61)
    record = dict(tlv.items(dict(tlv.items(template))[0x7F60]))[0x5F2E]
    return record[_IMAGE_STARTS:]


def dg13(content: CardContent) -> bytes:
    """National facts as numbered fields, by the profile file; unknown facts are left out."""
    texts = _dg13_texts(content)
    fields = b"".join(_dg13_field(row.field, texts[row.fact]) for row in dg13_profile() if any(texts[row.fact]))
    return tlv.wrap(0x6D, tlv.wrap(0x30, fields))


def dg14() -> bytes:
    """The security options: active authentication by ECDSA with SHA-256."""
    info = ActiveAuthenticationInfo(
        {"protocol": ACTIVE_AUTHENTICATION, "version": 1, "signature_algorithm": ECDSA_PLAIN_SHA256}
    )
    return tlv.wrap(0x6E, SecurityInfos([info]).dump())


def dg15(chip_key: ec.EllipticCurvePublicKey) -> bytes:
    """The chip's public key."""
    der = chip_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return tlv.wrap(0x6F, der)


def as_jpeg(image: bytes, largest: int = 20_000) -> bytes:
    """The picture as a JPEG of 3 x 4 proportion, small enough for a chip. ValueError for what isn't a picture."""
    try:
        picture = Image.open(io.BytesIO(image)).convert("RGB")
    except OSError as error:
        raise ValueError("not a picture") from error
    picture = _cropped_to_3_by_4(picture)
    picture.thumbnail((480, 640))
    for quality in (85, 70, 55, 40):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= largest:
            break
    return out.getvalue()


def _cropped_to_3_by_4(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    wanted = min(width, height * 3 // 4)
    tall = wanted * 4 // 3
    left, top = (width - wanted) // 2, (height - tall) // 2
    return picture.crop((left, top, left + wanted, top + tall))


def _size_of_jpeg(face_jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(face_jpeg)) as picture:
        if picture.format != "JPEG":
            raise ValueError("the chip takes a JPEG")
        return picture.size


def _dg13_texts(content: CardContent) -> dict[str, tuple[str, ...]]:
    single = {
        "number": content.number,
        "full_name": content.full_name,
        "born": content.born.vietnamese(),
        "sex": content.sex_word,
        "nationality": content.nationality,
        "ethnicity": content.ethnicity,
        "religion": content.religion,
        "origin": content.origin,
        "residence": content.residence,
        "marks": content.marks,
        "issued_on": f"{content.issued_on:%d/%m/%Y}",
        "expires_on": content.expiry_words,
        "spouse": content.spouse,
        "old_number": content.old_number,
    }
    return {fact: (text,) for fact, text in single.items()} | {"parents": (content.father, content.mother)}


def _dg13_field(number: int, texts: tuple[str, ...]) -> bytes:
    inner = core.Integer(number).dump()
    if len(texts) == 1:
        inner += core.UTF8String(texts[0]).dump()
    else:
        inner += b"".join(tlv.wrap(0x30, core.UTF8String(text).dump()) for text in texts)
    return tlv.wrap(0x30, inner)
