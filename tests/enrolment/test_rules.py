"""What station and server agree on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base.records import BadRecord
from hoaban.enrolment.rules import capture, packet, review, station, worklist
from hoaban.enrolment.rules.capture import Finger, Press

DAY = dt.date(2026, 3, 1)
QUALITIES = st.integers(0, 100)


def _fingers(**changed: Finger) -> review.Fingers:
    return review.Fingers(tuple(changed.get(f"f{code}", Finger(code, 80, 1, "x")) for code in capture.FINGER_NAMES))


FACTS = review.Facts(
    person_id=1, number="011158000001", full_name="Lo Pao May", sex="F", born="1958", commune_code="03174",
    corrections="", wants_card=True, wants_eid=True, phone="", consent=review.Consent.THUMB, slip_code="7F3K92",
    face_source=capture.Source.CAMERA, fingers_source=capture.Source.DEVICE,
    taken_at="2026-03-01T08:00:00+00:00", operator_id="officer:1", operator_name="A", list_version=1,
)  # fmt: skip


def _facts(**changed: Any) -> review.Facts:
    return dataclasses.replace(FACTS, **changed)


SAME = review.Registered("011158000001", "LO PAO MAY", "F", "1958")


@given(st.lists(QUALITIES, min_size=1, max_size=6))
def test_of_all_presses_the_best_print_stays(qualities: list[int]) -> None:
    kept: Finger | None = None
    for quality in qualities:
        kept = capture.better(kept, Finger(2, quality, 1, str(quality)))

    assert kept is not None
    assert (kept.quality, kept.template) == (max(qualities), str(max(qualities)))
    assert kept.tries == len(qualities)


@given(QUALITIES)
def test_after_three_tries_or_with_a_reason_one_goes_on(quality: int) -> None:
    assert capture.is_settled(Finger(2, quality, capture.TRIES))
    assert capture.is_settled(Finger(2, why_not=capture.WhyNot.WORN))
    assert capture.is_settled(Finger(2, quality, 1)) is (quality >= capture.ENOUGH_FROM)
    assert not capture.is_settled(None)


def test_the_three_presses_take_each_finger_once() -> None:
    assert sorted(itertools.chain(*capture.FINGERS.values())) == sorted(capture.FINGER_NAMES)
    assert [len(capture.FINGERS[press]) for press in Press] == [4, 4, 2]


def test_a_sound_enrolment_goes_on_by_itself() -> None:
    assert review.remarks(_facts(), _fingers(), SAME, DAY) == []


@pytest.mark.parametrize(
    ("changed", "remark"),
    [
        ({"born": "1959"}, review.Remark.FACTS_DIFFER),
        ({"number": "011158000002"}, review.Remark.FACTS_DIFFER),
        ({"corrections": "the name has another mark"}, review.Remark.CORRECTIONS),
    ],
)
def test_what_is_doubtful_is_held(changed: dict[str, Any], remark: review.Remark) -> None:
    assert remark in review.remarks(_facts(**changed), _fingers(), SAME, DAY)


def test_a_child_of_thirteen_is_held_and_one_of_fourteen_is_not() -> None:
    for born, is_held in (("2012-03-02", True), ("2012-03-01", False)):
        registered = review.Registered("", "Lo Pao May", "F", born)
        found = review.remarks(_facts(born=born, number=""), _fingers(), registered, DAY)
        assert (review.Remark.TOO_YOUNG_FOR_CARD in found) is is_held
        assert (review.Remark.TOO_YOUNG_FOR_EID in found) is is_held


def test_worn_hands_are_no_reason_to_hold() -> None:
    worn = {f"f{code}": Finger(code, why_not=capture.WhyNot.WORN) for code in range(1, 8)}

    assert review.remarks(_facts(), _fingers(**worn), SAME, DAY) == []


def test_a_finger_without_print_and_reason_is_held() -> None:
    lacking = review.Fingers(_fingers().fingers[:-1])

    assert review.remarks(_facts(), lacking, SAME, DAY) == [review.Remark.FINGERS_INCOMPLETE]


def test_whatever_a_mock_took_is_simulated() -> None:
    assert _facts(face_source=capture.Source.MOCK).is_simulated
    assert _facts(fingers_source=capture.Source.MOCK).is_simulated
    assert not _facts().is_simulated


ONE = packet.Announced("01ARZ3NDEKTSV4RRFFQ69G5FAV", "0" * 16, 1, "a" * 64, 1000)


def _other(**changed: Any) -> packet.Announced:
    return dataclasses.replace(ONE, **changed)


def test_a_packet_said_again_is_no_conflict() -> None:
    assert packet.conflict(ONE, "NK01", [(ONE, "NK01")]) is None


@pytest.mark.parametrize(
    ("known", "kit", "why"),
    [
        (_other(sha256="b" * 64), "NK01", packet.Conflict.OTHER_BYTES),
        (_other(seq=2), "NK01", packet.Conflict.OTHER_BYTES),
        (ONE, "NK02", packet.Conflict.OTHER_BYTES),
        (_other(ulid="01ARZ3NDEKTSV4RRFFQ69G5FAW", sha256="b" * 64), "NK01", packet.Conflict.NUMBER_TAKEN),
        (_other(ulid="01ARZ3NDEKTSV4RRFFQ69G5FAW", seq=9), "NK01", packet.Conflict.BYTES_KNOWN),
    ],
)
def test_what_contradicts_is_named(known: packet.Announced, kit: str, why: packet.Conflict) -> None:
    assert packet.conflict(ONE, "NK01", [(known, kit)]) is why


@pytest.mark.parametrize(
    "changed",
    [
        {"ulid": "../../etc/passwd"}, {"ulid": ""}, {"epoch": "x"}, {"seq": 0}, {"seq": 2**40}, {"sha256": "A" * 64},
        {"size": 0}, {"size": packet.LARGEST_BYTES + 1},
    ],
)  # fmt: skip
def test_an_impossible_packet_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(BadRecord):
        _other(**changed).check()


@given(st.permutations(range(1, 9)), st.sets(st.integers(1, 8)))
def test_missing_numbers_are_found_in_any_order(order: list[int], lost: set[int]) -> None:
    came = [number for number in order if number not in lost]

    assert packet.holes(came) == sorted(number for number in lost if number < max(came, default=0))


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "111111", "123456", "654321", "112112"])
def test_a_weak_pin_is_refused(pin: str) -> None:
    with pytest.raises(station.WeakPin):
        station.check_pin(pin)


def _expected(number: str, name: str) -> worklist.Expected:
    return worklist.Expected(1, number, name, "F", "1958", "", "03174")


def test_people_are_found_by_last_digits_and_names_without_marks() -> None:
    may = _expected("011158001234", "L\u00f2 Pao M\u00e0y")
    people = [may, _expected("011158001235", "Ly A Sua")]

    assert worklist.find(people, "1234 may") == [may]
    assert worklist.find(people, "may lo") == [may]
    assert worklist.find(people, "1235 may") == []
    assert worklist.find(people, "011158001234|040123456|LO PAO MAY|1958") == [may]
