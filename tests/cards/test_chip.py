"""The chip's files, checked by programs that aren't ours: openssl for signatures, byte counts by hand."""

from __future__ import annotations

import hashlib
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from hoaban.base.partial_date import PartialDate
from hoaban.cards.engine import authority, chip, lds, sod, tlv
from tests.cards import samples

AUTHORITY = authority.make()[0]
FILES, KEY = chip.make(samples.content(), samples.face(), AUTHORITY, samples.AT)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl program isn't installed")


def openssl_verifies(folder: Path, ef_sod: bytes) -> bool:
    """Whether `openssl cms -verify` accepts the message in EF.SOD under our CSCA."""
    (folder / "sod.cms").write_bytes(sod.message_of(ef_sod))
    (folder / "csca.pem").write_bytes(AUTHORITY.csca_pem())
    ran = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", "sod.cms", "-CAfile", "csca.pem",
         "-purpose", "any", "-no_check_time", "-out", "lds.der"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    return ran.returncode == 0


@needs_openssl
def test_openssl_verifies_the_security_object_and_finds_our_hashes_in_it(tmp_path: Path) -> None:
    assert openssl_verifies(tmp_path, FILES.ef_sod)

    listed = subprocess.run(
        ["openssl", "asn1parse", "-inform", "DER", "-in", "lds.der"],
        cwd=tmp_path, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    for group in FILES.groups.values():
        assert hashlib.sha256(group).hexdigest().upper() in listed


@needs_openssl
@pytest.mark.parametrize("part", ["content", "signature"])
def test_openssl_refuses_a_flipped_byte(tmp_path: Path, part: str) -> None:
    at = FILES.ef_sod.find(hashlib.sha256(FILES.groups[1]).digest()) if part == "content" else -1
    broken = bytearray(FILES.ef_sod)
    broken[at] ^= 1

    assert not openssl_verifies(tmp_path, bytes(broken))


@needs_openssl
def test_openssl_accepts_the_signer_under_the_csca(tmp_path: Path) -> None:
    authority.stand_by(tmp_path / "cards")

    ran = subprocess.run(
        ["openssl", "verify", "-CAfile", "csca.pem", "signer.pem"],
        cwd=tmp_path / "cards", capture_output=True, check=False, text=True,
    )  # fmt: skip

    assert "signer.pem: OK" in ran.stdout


def test_a_chip_as_signed_has_no_faults() -> None:
    assert chip.faults(FILES, AUTHORITY.csca) == []


@given(st.data())
@settings(deadline=None)
def test_any_changed_byte_of_any_file_is_found(draw: st.DataObject) -> None:
    name = draw.draw(st.sampled_from(sorted(FILES.named())))
    content = bytearray(FILES.named()[name])
    place = draw.draw(st.integers(0, len(content) - 1))
    content[place] ^= draw.draw(st.integers(1, 255))
    files = FILES.named() | {name: bytes(content)}
    groups = {number: files[f"DG{number}"] for number in FILES.groups}

    assert chip.faults(chip.ChipFiles(groups, files["EF.COM"], files["EF.SOD"]), AUTHORITY.csca)


def test_a_chip_signed_by_somebody_else_is_not_trusted() -> None:
    other = authority.make()[0]

    assert chip.faults(FILES, other.csca) == ["signer_not_trusted"]


def test_a_missing_and_a_smuggled_group_are_named() -> None:
    groups = dict(FILES.groups)
    del groups[2]
    groups[3] = b"fingers"

    assert sod.faults(groups, FILES.ef_sod, AUTHORITY.csca) == ["group_2_missing", "group_3_not_signed"]


def test_the_face_record_says_its_own_lengths() -> None:
    jpeg = samples.face()
    record = lds.face_record(jpeg, "F")

    assert record[:8] == b"FAC\x00010\x00"
    assert int.from_bytes(record[8:12], "big") == len(record)
    assert int.from_bytes(record[12:14], "big") == 1
    assert int.from_bytes(record[14:18], "big") == len(record) - 14
    assert record[20] == 2
    assert (int.from_bytes(record[36:38], "big"), int.from_bytes(record[38:40], "big")) == (480, 640)
    assert record[46:] == jpeg


def test_the_face_is_wrapped_as_doc_9303_describes() -> None:
    group = tlv.unwrap(tlv.unwrap(FILES.groups[2], 0x75), 0x7F61)
    (count_tag, count), (template_tag, template) = tlv.items(group)

    assert (count_tag, count, template_tag) == (0x02, b"\x01", 0x7F60)
    assert [tag for tag, _ in tlv.items(template)] == [0xA1, 0x5F2E]


def test_the_face_is_read_back_from_its_group() -> None:
    assert lds.face_in(FILES.groups[2]) == samples.face()


def test_national_facts_are_numbered_texts_and_unknown_ones_are_left_out() -> None:
    fields = dict(_dg13_fields(lds.dg13(samples.content(born=PartialDate(1958), old_number=""))))

    assert fields[1] == b"011185001234"
    assert fields[3] == b"1958"
    assert 16 not in fields
    assert 14 not in fields


def test_a_picture_of_any_form_becomes_a_small_jpeg_of_3_by_4() -> None:
    jpeg = lds.as_jpeg(samples.face("PNG", (1200, 900)))

    assert lds.face_record(jpeg, "M")[46:] == jpeg
    assert len(jpeg) <= 20_000
    with pytest.raises(ValueError, match="not a picture"):
        lds.as_jpeg(b"no picture at all")


def test_the_authority_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = authority.stand_by(tmp_path / "keys" / "cards")
    second = authority.stand_by(tmp_path / "keys" / "cards")

    assert first.csca == second.csca
    assert stat.S_IMODE((tmp_path / "keys" / "cards").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["cards"]


def test_both_certificates_have_the_profile_of_doc_9303() -> None:
    for certificate in (AUTHORITY.csca, AUTHORITY.signer):
        assert certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod)
        assert certificate.extensions.get_extension_for_class(x509.IssuerAlternativeName)
    usage = AUTHORITY.signer.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign


def test_files_come_back_from_a_folder_as_they_were_written(tmp_path: Path) -> None:
    chip.write(tmp_path / "card", FILES.named() | {chip.KEY: chip.key_bytes(KEY)})

    assert chip.read(tmp_path / "card") == FILES


@given(st.integers(0, 70_000), st.sampled_from([0x61, 0x5F1F, 0x7F61]))
def test_a_wrapped_value_comes_back(size: int, tag: int) -> None:
    assert tlv.unwrap(tlv.wrap(tag, bytes(size)), tag) == bytes(size)


def _dg13_fields(group: bytes) -> list[tuple[int, bytes]]:
    fields = []
    for _tag, field in tlv.items(tlv.unwrap(tlv.unwrap(group, 0x6D), 0x30)):
        (_number_tag, number), *texts = tlv.items(field)
        fields.append((number[0], texts[0][1]))
    return fields
