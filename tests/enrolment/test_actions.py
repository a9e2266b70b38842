"""Packets are received once, opened once, and what is wrong with them is kept and told."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from hoaban.audit import queries as audit
from hoaban.base import records, sealing
from hoaban.base.clock import now
from hoaban.base.errors import NotAllowed
from hoaban.enrolment import actions, queries
from hoaban.enrolment.models import Enrolment, Packet, Quarantined, Receipt
from hoaban.enrolment.rules import packet as rules
from hoaban.enrolment.rules import review
from hoaban.enrolment.rules import station as joining
from hoaban.kit import actions as kit_actions
from hoaban.kit.store import Station
from hoaban.web.actor import acting_as
from tests import make, make_station
from tests.make import MAKER

pytestmark = pytest.mark.django_db


def _sealed(station: Station, **changes: Any) -> bytes:
    """The bytes of a packet of somebody new; `changes` alter the facts after the station wrote them."""
    person = make.person()
    make_station.give_list(station, person.pk)
    ulid = make_station.enrol(station, person.pk)
    content = (station.packets / f"{ulid}.hbp").read_bytes()
    return _rewritten(station, content, **changes) if changes else content


def _rewritten(
    station: Station, content: bytes, recipient: str = "", form: int = rules.FORMAT, **changes: Any
) -> bytes:
    """The same packet, sealed and signed anew by the station with other facts or parts."""
    envelope = sealing.read_envelope(content)
    claims = sealing.verify_envelope(envelope, station.signing.public, rules.PACKET)
    identity = queries.province_keys().identity
    parts = {name: sealing.unseal(part, identity) for name, part in envelope.parts.items()}
    facts = json.loads(parts["facts"]) | {k: v for k, v in changes.items() if k not in parts}
    parts |= {"facts": json.dumps(facts).encode()} | {k: v for k, v in changes.items() if k in parts}
    claims.pop("parts")
    claims["format"] = form
    return sealing.write_envelope(
        claims, parts, recipient=recipient or claims["recipient"], key=station.signing, kind=rules.PACKET
    )


def _receive(content: bytes) -> rules.Answer:
    return actions.receive_whole(content=content, came_by="usb", by=MAKER, at=now())


def _open(content: bytes) -> tuple[Packet, Enrolment | None]:
    ulid = _receive(content).ulid
    enrolment = actions.open_packet(ulid=ulid, by=MAKER, at=now())
    return Packet.objects.get(pk=ulid), enrolment


def test_a_packet_received_twice_is_there_once_with_the_same_receipt(station: Station) -> None:
    content = _sealed(station)

    first, second = _receive(content), _receive(content)

    assert (first.receipt, first.verdict) == (second.receipt, second.verdict)
    assert Receipt.objects.count() == Packet.objects.count() == 1
    assert make.run_due_jobs().count("enrolment.open_received") == 1
    assert Enrolment.objects.count() == 1


def test_the_receipt_is_signed_over_these_very_bytes(station: Station) -> None:
    content = _sealed(station)

    answer = _receive(content)

    claims = sealing.verify(answer.receipt, queries.province_keys().signing.public, rules.RECEIPT)
    receipt = records.read(rules.Receipt, claims)
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert receipt.covers(queries.announced(Packet.objects.get()), "NK01")


def test_opening_again_changes_nothing(station: Station) -> None:
    row, enrolment = _open(_sealed(station))

    again = actions.open_packet(ulid=row.ulid, by=MAKER, at=now())

    assert again == enrolment
    assert audit.about(f"enrolment.Enrolment:{enrolment and enrolment.pk}").count() == 1


def test_whoever_follows_learns_of_the_person(station: Station) -> None:
    _row, enrolment = _open(_sealed(station))

    assert enrolment is not None
    assert enrolment.person_id is not None
    [entry] = audit.touching(enrolment.person_id).filter(action="enrolment.received")
    assert entry.subject == f"enrolment.Enrolment:{enrolment.pk}"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"born": "1958-13"}, "facts.born"),
        ({"sex": "X", "full_name": " "}, "facts.full_name"),
        ({"taken_at": "yesterday"}, "facts.taken_at"),
        ({"slip_code": ""}, "facts.slip_code"),
        ({"activation_digest": ""}, "facts.activation_digest"),
        ({"activation_digest": "K7MW-PQ4X-9T2C"}, "facts.activation_digest"),
        ({"wants_eid": False}, "facts.activation_digest"),
        ({"phone": "0" * 21}, "facts.phone"),
        ({"wants_card": "yes"}, "facts.wants_card"),
        ({"fingers": b"[]"}, "fingers"),
        ({"face": b"no picture"}, "can't be read"),
    ],
)
def test_a_packet_that_says_the_impossible_is_refused_and_kept(
    station: Station, changes: dict[str, Any], told: str
) -> None:
    content = _sealed(station, **changes)

    with override_settings(LANGUAGE_CODE="en"):
        row, enrolment = _open(content)

    assert (row.state, enrolment) == ("refused", None)
    assert any(told in fault for fault in row.faults)
    assert queries.blobs().read(row.sha256) == content


def test_a_packet_of_the_first_format_is_still_taken(station: Station) -> None:
    content = _rewritten(station, _sealed(station), form=1, activation_digest="")

    _row, enrolment = _open(content)

    assert enrolment is not None
    assert (enrolment.wants_eid, enrolment.activation_hash) == (True, "")


def test_a_packet_sealed_for_somebody_else_is_refused(station: Station) -> None:
    stranger = sealing.recipient_of(sealing.new_identity())

    row, _none = _open(_rewritten(station, _sealed(station), recipient=stranger))

    assert row.state == "refused"


def test_a_production_server_refuses_what_a_mock_took(station: Station) -> None:
    content = _sealed(station)

    with override_settings(HOABAN_MOCK_DEVICES=False):
        row, enrolment = _open(content)

    assert (row.state, enrolment) == ("refused", None)


def test_what_no_station_of_ours_signed_is_put_aside_with_its_bytes(station: Station, tmp_path: Path) -> None:
    kit_actions.init(home=tmp_path / "other", code="NK01", by=MAKER)
    content = _rewritten(station, _sealed(station))
    envelope = sealing.read_envelope(content)
    claims = sealing.verify_envelope(envelope, station.signing.public, rules.PACKET)
    claims.pop("parts")
    forged = sealing.join(claims, envelope.parts, Station(tmp_path / "other").signing, rules.PACKET)

    answer = _receive(forged)

    assert answer.verdict is rules.Verdict.CONFLICT
    assert not Packet.objects.exists()
    assert queries.blobs().read(Quarantined.objects.get().sha256) == forged


def test_other_bytes_under_a_known_id_are_put_aside_once(station: Station) -> None:
    content = _sealed(station)
    _receive(content)
    other = _rewritten(station, content, phone="0123")

    answers = [_receive(other), _receive(other)]

    assert [answer.why for answer in answers] == ["other_bytes"] * 2
    assert Packet.objects.get().sha256 == hashlib.sha256(content).hexdigest()
    assert Quarantined.objects.count() == 1
    assert queries.blobs().read(Quarantined.objects.get().sha256) == other


def test_a_withdrawn_station_is_believed_no_more(station: Station) -> None:
    content = _sealed(station)
    actions.withdraw_kit(kit=queries.kit("NK01"), reason="stolen", by=MAKER, at=now())

    answer = _receive(content)

    assert answer.verdict is rules.Verdict.CONFLICT
    with pytest.raises(joining.ReasonMissing):
        actions.withdraw_kit(kit=queries.kit("NK01"), reason=" ", by=MAKER, at=now())


def test_a_doubtful_enrolment_waits_until_an_officer_lets_it_pass(station: Station) -> None:
    _row, enrolment = _open(_sealed(station, corrections="the year is 1957"))
    assert enrolment is not None
    assert enrolment.state == "held"

    with pytest.raises(joining.ReasonMissing):
        actions.release(enrolment_id=enrolment.pk, reason="", by=MAKER, at=now())
    actions.release(enrolment_id=enrolment.pk, reason="seen the papers", by=MAKER, at=now())

    assert queries.enrolment(enrolment.pk).state == "received"
    with pytest.raises(review.NotHeld):
        actions.release(enrolment_id=enrolment.pk, reason="again", by=MAKER, at=now())


def test_somebody_not_on_the_list_is_found_by_number_or_named_later(station: Station) -> None:
    known = make.person("Ly A Sua", sex="M", born="1970", number="011070000001")
    _row, found = _open(_sealed(station, person_id=0, number=known.number, full_name="LY A SUA", sex="M", born="1970"))
    _row, nobody = _open(_sealed(station, person_id=0, number="", full_name="Giang A Po", born="1980"))

    assert (found and found.person_id) == known.pk
    assert nobody is not None
    assert (nobody.state, nobody.person_id) == ("held", None)
    with pytest.raises(review.NobodyMeant):
        actions.release(enrolment_id=nobody.pk, reason="known to me", by=MAKER, at=now())
    actions.name_person(enrolment_id=nobody.pk, number=known.number, by=MAKER, at=now())
    actions.release(enrolment_id=nobody.pk, reason="known to me", by=MAKER, at=now())
    assert queries.of_person(known.pk).count() == 2


def test_clearing_and_holding_say_so_once(station: Station) -> None:
    _row, enrolment = _open(_sealed(station))
    assert enrolment is not None

    for _again in range(2):
        actions.clear(enrolment_id=enrolment.pk, by=MAKER, at=now())
    assert audit.about(f"enrolment.Enrolment:{enrolment.pk}").filter(action="enrolment.cleared").count() == 1
    for _again in range(2):
        actions.hold(enrolment_id=enrolment.pk, reason="two of them?", by=MAKER, at=now())
    assert audit.about(f"enrolment.Enrolment:{enrolment.pk}").filter(action="enrolment.held").count() == 1


def test_an_officer_of_another_commune_sees_no_enrolment(station: Station) -> None:
    _row, enrolment = _open(_sealed(station))
    assert enrolment is not None

    with acting_as(make.actor("commune_officer", make.NAM_TIN)):
        assert not queries.of_person(enrolment.person_id or 0).exists()
    with acting_as(make.actor("commune_officer", make.NAM_KHAN)):
        assert queries.of_person(enrolment.person_id or 0).exists()


def test_the_database_refuses_two_packets_of_one_number(station: Station) -> None:
    _receive(_sealed(station))
    row = Packet.objects.get()

    row.ulid, row.sha256 = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "b" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_list_gets_a_new_version_only_when_it_says_something_new(station: Station) -> None:
    kit, later = queries.kit("NK01"), now() + dt.timedelta(hours=1)

    actions.expect(kit=kit, person_ids=[make.person().pk], by=MAKER, at=now())
    first = actions.draw_list(kit=kit, by=MAKER, at=now())
    same = actions.draw_list(kit=kit, by=MAKER, at=later)
    actions.expect(kit=kit, person_ids=[make.person("Ly A Sua").pk], by=MAKER, at=later)
    other = actions.draw_list(kit=kit, by=MAKER, at=later)

    assert (first.version, same.version, other.version, other.people) == (1, 1, 2, 2)


def test_the_enrolled_leave_the_list(station: Station) -> None:
    _open(_sealed(station))

    assert actions.draw_list(kit=queries.kit("NK01"), by=MAKER, at=now()).people == 0


def test_a_list_is_sealed_for_its_station(station: Station) -> None:
    person = make.person("Lo Pao May", father_name="Lo Van Sinh")
    actions.expect(kit=queries.kit("NK01"), person_ids=[person.pk], by=MAKER, at=now())
    made = actions.draw_list(kit=queries.kit("NK01"), by=MAKER, at=now())

    assert b"Lo Pao May" not in bytes(made.sealed)
    assert kit_actions.take_list(station=station, sealed=bytes(made.sealed), by=MAKER, at=now()) == 1


def test_a_station_set_up_anew_keeps_its_old_packets_good(station: Station, tmp_path: Path) -> None:
    old = _sealed(station)
    make_station.station(tmp_path / "anew")

    row, enrolment = _open(old)

    assert (row.state, enrolment is not None) == ("opened", True)
    request = kit_actions.init(home=tmp_path / "copy", code="NK02", by=MAKER)
    copied = dataclasses.replace(request, public=station.signing.public)
    with pytest.raises(joining.KeyOfAnother):
        actions.register_kit(request=copied, team_code="", by=MAKER, at=now())


def test_only_a_kit_operator_gets_a_pin(station: Station) -> None:
    kit = queries.kit("NK01")
    operator, clerk = make.officer("kit_operator"), make.officer("clerk")

    actions.admit_operator(kit=kit, username=operator.username, pin=make_station.PIN, by=MAKER, at=now())
    with pytest.raises(NotAllowed):
        actions.admit_operator(kit=kit, username=clerk.username, pin=make_station.PIN, by=MAKER, at=now())

    assert [one.officer_name for one in queries.operators_of(kit)] == [operator.full_name]


def test_an_enrolled_person_is_found_in_their_commune(station: Station) -> None:
    _row, enrolment = _open(_sealed(station))

    assert list(queries.enrolled_in(make.NAM_KHAN)) == [enrolment and enrolment.person_id]
