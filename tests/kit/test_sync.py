"""A packet arrives exactly once, whatever the line, the power and the station's disk do."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import sqlite3
import zipfile
from pathlib import Path

import httpx
import pytest

from hoaban.base import durable
from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.models import Enrolment, Packet, Receipt
from hoaban.enrolment.rules import packet
from hoaban.kit import actions, queries, rules, store
from hoaban.kit.actions.sending import SyncReport
from hoaban.kit.line import HttpLine
from hoaban.kit.store import Station
from tests import make, make_station
from tests.make import MAKER
from tests.make_station import OPERATOR, BadLine

pytestmark = pytest.mark.django_db
SCHEDULES = 25


def _round(station: Station, line: HttpLine | None = None) -> SyncReport:
    return actions.synchronise(station=station, line=line or make_station.line(station), by=MAKER, at=now())


def _enrol(station: Station, people: int = 1) -> list[str]:
    persons = [make.person(f"Lo Pao May {n}") for n in range(people)]
    make_station.give_list(station, *(person.pk for person in persons))
    return [make_station.enrol(station, person.pk) for person in persons]


def _received() -> set[str]:
    return set(Packet.objects.exclude(state="announced").values_list("ulid", flat=True))


def test_an_enrolment_arrives_and_its_receipt_comes_back(station: Station) -> None:
    [ulid] = _enrol(station)

    report = _round(station)
    make.run_due_jobs()

    assert (report.sent, report.waiting, report.trouble) == (1, 0, "")
    found = enrolments.by_ulid(ulid)
    assert (found.state, found.remarks, found.simulated) == ("cleared", [], True)
    assert enrolments.face(found.pk).startswith(b"\xff\xd8")
    assert set(enrolments.fingers(found.pk)) == set(range(1, 11))


def test_a_second_round_sends_nothing(station: Station) -> None:
    _enrol(station)
    _round(station)

    assert _round(station).sent == 0
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_a_line_that_cuts_doubles_and_damages_brings_everything_once(
    station: Station, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packet, "CHUNK_BYTES", 3000)
    ulids = _enrol(station, people=2)
    lines: list[BadLine] = []

    def bad(inner: httpx.BaseTransport) -> BadLine:
        lines.append(BadLine(inner, seed + 1000 * len(lines), mischief=0.35))
        return lines[-1]

    rounds = 0
    while queries.condition(station).waiting and rounds < 100:
        _round(station, make_station.line(station, bad))
        rounds += 1
    make.run_due_jobs()

    assert _received() == set(ulids)
    assert Receipt.objects.count() == Enrolment.objects.count() == 2
    assert queries.condition(station).stuck == 0
    harmed = sum(line.harms for line in lines)
    sizes = sum(row["size"] for row in queries.outbox(station))
    assert sum(line.bytes_sent for line in lines) <= sizes + harmed * packet.CHUNK_BYTES


def test_a_line_that_is_down_keeps_everything_and_says_so(station: Station) -> None:
    _enrol(station)

    report = _round(station, make_station.line(station, lambda inner: BadLine(inner, 1, 1.0, only="before")))

    assert (report.sent, report.waiting) == (0, 1)
    assert report.trouble == str(rules.LineDown())


def test_a_receipt_of_somebody_else_moves_nothing(station: Station, tmp_path: Path) -> None:
    [ulid] = _enrol(station)
    row = queries.sealed(station, ulid)
    forged = station.signing.sign(
        dataclasses.asdict(packet.Receipt(ulid, row["sha256"], "NK01", row["epoch"], row["seq"], "now")), packet.RECEIPT
    )

    assert actions.take_receipts(station=station, tokens=[forged, "noise", ""], by=MAKER, at=now()) == 0
    assert queries.sealed(station, ulid)["state"] == "waiting"


def test_a_stick_is_as_good_as_a_line_and_both_together_count_once(station: Station, tmp_path: Path) -> None:
    ulids = _enrol(station, people=3)
    file = tmp_path / "stick.zip"
    assert actions.export(station=station, file=file, by=MAKER) == 3

    _round(station)
    with zipfile.ZipFile(file) as bundle:
        answers = [
            enrolment.receive_whole(content=bundle.read(name), came_by="usb", by=MAKER, at=now())
            for name in bundle.namelist()
        ]
    make.run_due_jobs()

    assert _received() == set(ulids)
    assert Enrolment.objects.count() == 3
    assert {answer.verdict for answer in answers} == {packet.Verdict.HAVE}


def test_receipts_come_back_on_the_stick(station: Station, tmp_path: Path) -> None:
    _enrol(station)
    actions.export(station=station, file=tmp_path / "stick.zip", by=MAKER)
    with zipfile.ZipFile(tmp_path / "stick.zip") as bundle:
        [name] = bundle.namelist()
        answer = enrolment.receive_whole(content=bundle.read(name), came_by="usb", by=MAKER, at=now())

    assert actions.take_receipts(station=station, tokens=[answer.receipt], by=MAKER, at=now()) == 1
    assert queries.condition(station).waiting == 0


def test_a_restored_disk_counts_anew_and_loses_and_doubles_nothing(station: Station, tmp_path: Path) -> None:
    persons = [make.person(f"Lo Pao May {n}") for n in range(4)]
    make_station.give_list(station, *(person.pk for person in persons))
    first = make_station.enrol(station, persons[0].pk)
    shutil.copytree(station.home, tmp_path / "copy")
    lost = [make_station.enrol(station, persons[1].pk), make_station.enrol(station, persons[2].pk)]
    _round(station)
    restored = Station(tmp_path / "copy")

    after = [make_station.enrol(restored, persons[3].pk), make_station.enrol(restored, persons[2].pk)]
    for _twice in range(2):
        _round(restored)
    make.run_due_jobs()

    assert _received() == {first, *lost, *after}
    assert queries.condition(restored).waiting == queries.condition(restored).stuck == 0
    assert len({row["epoch"] for row in queries.outbox(restored)}) == 2
    assert all(not missing for missing in enrolments.missing_numbers(enrolments.kit("NK01")).values())


def test_two_stations_cloned_from_one_disk_both_bring_their_packets(station: Station, tmp_path: Path) -> None:
    persons = [make.person(f"Lo Pao May {n}") for n in range(4)]
    make_station.give_list(station, *(person.pk for person in persons))
    shutil.copytree(station.home, tmp_path / "clone")
    clone = Station(tmp_path / "clone")
    ulids = [make_station.enrol(one, person.pk) for one, person in zip((station, clone) * 2, persons, strict=True)]

    for _again in range(3):
        for one in (station, clone):
            _round(one)

    assert _received() == set(ulids)


def test_a_packet_damaged_on_the_stations_disk_is_told_and_stops_no_other(station: Station) -> None:
    ulids = _enrol(station, people=3)
    (station.packets / f"{ulids[0]}.hbp").write_bytes(b"rust")
    (station.packets / f"{ulids[1]}.hbp").unlink()

    report = _round(station)

    assert (report.sent, report.stuck, report.trouble) == (1, 2, "")
    assert _received() == {ulids[2]}


@pytest.mark.parametrize("place", ["write", "settle", "sync_folder"])
def test_a_power_cut_while_sealing_leaves_one_packet_or_the_question(
    station: Station, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.person()
    make_station.give_list(station, person.pk)
    [expected] = queries.work_list(station).people
    ulid = actions.begin(station=station, person=expected, by=OPERATOR, at=now()).ulid
    make_station.through(station, ulid)
    with monkeypatch.context() as cut:
        cut.setattr(durable, place, _power_cut)
        with pytest.raises(KeyboardInterrupt):
            actions.finish(station=station, ulid=ulid, by=OPERATOR, at=now())

    assert rules.next_step(queries.draft(station, ulid)) is rules.Step.FINISH
    for _twice in range(2):
        actions.finish(station=station, ulid=ulid, by=OPERATOR, at=now())
    _round(station)
    assert _received() == {ulid}
    assert [row["seq"] for row in queries.outbox(station)] == [1]


def test_a_power_cut_between_file_and_row_seals_again(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make.person()
    make_station.give_list(station, person.pk)
    [expected] = queries.work_list(station).people
    ulid = actions.begin(station=station, person=expected, by=OPERATOR, at=now()).ulid
    make_station.through(station, ulid)
    with monkeypatch.context() as cut:
        cut.setattr(store, "put", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            actions.finish(station=station, ulid=ulid, by=OPERATOR, at=now())

    assert queries.outbox(station) == []
    actions.finish(station=station, ulid=ulid, by=OPERATOR, at=now())
    assert _round(station).sent == 1


def test_bytes_leave_the_station_only_long_after_their_receipt(station: Station) -> None:
    [ulid] = _enrol(station)
    file = station.packets / f"{ulid}.hbp"
    much_later = now() + dt.timedelta(days=rules.KEEP_DAYS + 1)

    assert actions.tidy(station=station, by=MAKER, at=much_later) == 0
    _round(station)
    assert actions.tidy(station=station, by=MAKER, at=now()) == 0
    assert file.exists()
    assert actions.tidy(station=station, by=MAKER, at=much_later) == 1
    assert not file.exists()
    assert _round(station).stuck == 0


def test_the_store_forbids_removing_what_isnt_received(station: Station) -> None:
    _enrol(station)

    with station.writing() as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE outbox SET is_removed = 1")


def test_the_server_learns_of_the_stations_clock_and_the_station_of_its_own(station: Station) -> None:
    fast = now() + dt.timedelta(days=365)

    actions.synchronise(station=station, line=make_station.line(station), by=MAKER, at=fast)

    assert queries.condition(station).is_clock_off
    assert abs((enrolments.kit("NK01").clock_offset_s or 0) - 365 * 86400) < 60


def test_nothing_about_a_person_lies_open_on_the_stations_disk(station: Station) -> None:
    person = make.person("Vang Thi Nghieng", phone="0912345678")
    other = make.person("Giang A Chu")
    make_station.give_list(station, person.pk, other.pk)
    make_station.enrol(station, person.pk)
    [_done, left] = queries.work_list(station).people
    ulid = actions.begin(station=station, person=left, by=OPERATOR, at=now()).ulid
    make_station.through(station, ulid)

    everything = b"".join(path.read_bytes() for path in station.home.rglob("*") if path.is_file())

    for known in (b"Vang Thi Nghieng", b"Giang A Chu", b"Nghieng", b"MOCK", b"\xff\xd8\xff"):
        assert known not in everything


def _power_cut(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_withdrawn_station_is_told(station: Station) -> None:
    _enrol(station)
    enrolment.withdraw_kit(kit=enrolments.kit("NK01"), reason="lost", by=MAKER, at=now())

    report = _round(station)

    assert "NK01" in report.trouble
    assert report.waiting == 1
