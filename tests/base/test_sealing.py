"""Signatures and envelopes: what was signed is what is opened, and nothing else passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base import sealing
from hoaban.base.errors import Refusal

KEY = sealing.SigningKey.new()
IDENTITY = sealing.new_identity()
RECIPIENT = sealing.recipient_of(IDENTITY)
PARTS = {"facts": b"who", "face": b"\xff\xd8" * 50}
WRITTEN = sealing.write_envelope({"ulid": "X"}, PARTS, recipient=RECIPIENT, key=KEY, kind="test")


def _opened(content: bytes) -> dict[str, bytes]:
    envelope = sealing.read_envelope(content)
    sealing.verify_envelope(envelope, KEY.public, "test")
    return {name: sealing.unseal(part, IDENTITY) for name, part in envelope.parts.items()}


@given(st.dictionaries(st.text("abcdef", min_size=1), st.binary(max_size=2000), min_size=1, max_size=5))
def test_what_was_sealed_is_what_is_opened(parts: dict[str, bytes]) -> None:
    content = sealing.write_envelope({}, parts, recipient=RECIPIENT, key=KEY, kind="test")

    assert _opened(content) == parts


@given(st.integers(0, len(WRITTEN) - 1), st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_refused(place: int, bit: int) -> None:
    spoiled = bytearray(WRITTEN)
    spoiled[place] ^= 1 << bit

    with pytest.raises(Refusal):
        _opened(bytes(spoiled))


@given(st.integers(0, len(WRITTEN) - 1))
def test_an_envelope_cut_short_or_made_longer_is_refused(length: int) -> None:
    for spoiled in (WRITTEN[:length], WRITTEN + WRITTEN[: length + 1]):
        with pytest.raises(Refusal):
            _opened(spoiled)


@given(st.binary(max_size=300))
def test_noise_is_refused_and_breaks_nothing(noise: bytes) -> None:
    for content in (noise, sealing.MAGIC + noise, sealing.MAGIC + noise + b"\n"):
        with pytest.raises(Refusal):
            _opened(content)


def test_a_part_of_another_envelope_cant_stand_in() -> None:
    other = sealing.write_envelope({"ulid": "Y"}, PARTS, recipient=RECIPIENT, key=KEY, kind="test")
    manifest = WRITTEN.split(b"\n")[1]
    parts = other.split(b"\n", 2)[2]

    with pytest.raises(sealing.BadEnvelope):
        _opened(sealing.MAGIC + manifest + b"\n" + parts)


def test_a_signature_for_one_use_serves_no_other() -> None:
    token = KEY.sign({"a": 1}, "hoaban-receipt")

    with pytest.raises(sealing.BadSignature):
        sealing.verify(token, KEY.public, "hoaban-list")


def test_only_the_recipient_opens() -> None:
    sealed = sealing.seal(b"secret", RECIPIENT)

    assert b"secret" not in sealed
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(sealed, sealing.new_identity())


def test_the_list_of_a_big_commune_passes() -> None:
    key = sealing.SigningKey.new()
    people = [{"person_id": number, "full_name": "Lo Thi Mai", "address": "x" * 300} for number in range(8_000)]

    token = key.sign({"people": people}, "list")

    assert len(token) > 2_000_000
    assert sealing.verify(token, key.public, "list")["people"] == people
