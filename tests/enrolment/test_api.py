"""What a station may ask over HTTP, and what becomes of those who aren't one."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from hoaban.base import records, sealing
from hoaban.base.clock import now
from hoaban.enrolment import actions, queries
from hoaban.enrolment.models import Packet
from hoaban.enrolment.rules import packet
from hoaban.kit import queries as kit_queries
from hoaban.kit.store import Station
from tests import make, make_station
from tests.make import MAKER

pytestmark = pytest.mark.django_db
Answer = Any


def _ask(
    key: sealing.SigningKey, method: str, address: str, body: bytes = b"", signed: dict[str, str] | None = None
) -> Answer:
    claims = {"method": method, "address": address, "sha256": hashlib.sha256(body).hexdigest()}
    token = key.sign(claims | (signed or {}), packet.REQUEST)
    return Client().generic(
        method, address, body, content_type="application/octet-stream",
        headers={"Authorization": f"{packet.REQUEST_SCHEME} {token}"},
    )  # fmt: skip


@pytest.fixture
def sealed(station: Station) -> tuple[packet.Announced, bytes]:
    """A packet that the station announced, and its bytes."""
    person = make.person()
    make_station.give_list(station, person.pk)
    ulid = make_station.enrol(station, person.pk)
    one = kit_queries.announced(kit_queries.sealed(station, ulid))
    said = json.dumps({"packets": [records.plain(one)], "clock": now().isoformat(), "waiting": 1}).encode()
    assert _ask(station.signing, "POST", "/dong-bo/announce", said).json()["answers"][0]["verdict"] == "want"
    return one, (station.packets / f"{ulid}.hbp").read_bytes()


def _send(station: Station, one: packet.Announced, offset: int, chunk: bytes, **signed: str) -> Answer:
    return _ask(station.signing, "PATCH", f"/dong-bo/p/{one.ulid}?offset={offset}", chunk, signed)


def _head(station: Station, one: packet.Announced) -> tuple[str, str]:
    answer = _ask(station.signing, "HEAD", f"/dong-bo/p/{one.ulid}")
    return answer.headers["Upload-Offset"], answer.headers["Upload-Length"]


def test_pieces_make_a_packet_and_the_offset_stays_true_after_its_end(
    station: Station, sealed: tuple[packet.Announced, bytes]
) -> None:
    one, content = sealed
    half = len(content) // 2

    assert _send(station, one, 0, content[:half]).json() == {"offset": half, "receipt": ""}
    assert _head(station, one) == (str(half), str(one.size))
    last = _send(station, one, half, content[half:]).json()

    assert last["receipt"]
    assert _head(station, one) == (str(one.size), str(one.size))
    assert _send(station, one, half, content[half:]).json() == last


def test_a_piece_from_the_wrong_byte_is_told_the_right_one(
    station: Station, sealed: tuple[packet.Announced, bytes]
) -> None:
    one, content = sealed
    _send(station, one, 0, content[:100])

    answer = _send(station, one, 50, content[50:150])

    assert (answer.status_code, answer.json()["facts"]) == (409, {"offset": 100})


def test_a_damaged_piece_is_wanted_again_and_moves_nothing(
    station: Station, sealed: tuple[packet.Announced, bytes]
) -> None:
    one, content = sealed

    answer = _send(station, one, 0, content[:100], sha256=hashlib.sha256(b"other").hexdigest())

    assert answer.status_code == 422
    assert _head(station, one)[0] == "0"


def test_bytes_that_arent_those_announced_begin_anew(station: Station, sealed: tuple[packet.Announced, bytes]) -> None:
    one, content = sealed
    spoiled = content[:-1] + bytes([content[-1] ^ 1])

    answer = _send(station, one, 0, spoiled)

    assert (answer.status_code, answer.json()["facts"]) == (409, {"offset": 0})
    assert _send(station, one, 0, content).json()["receipt"]


def test_a_crash_between_file_and_row_loses_nothing(station: Station, sealed: tuple[packet.Announced, bytes]) -> None:
    one, content = sealed
    queries.blobs().keep(content)

    assert _head(station, one)[0] == str(one.size)
    assert _send(station, one, one.size, b"").json()["receipt"]
    assert Packet.objects.get().state == "received"


@pytest.mark.parametrize("offset", ["-1", "x", "", "9" * 12, "\u0661"])
def test_an_impossible_offset_is_refused(station: Station, sealed: tuple[packet.Announced, bytes], offset: str) -> None:
    one, _content = sealed

    assert _ask(station.signing, "PATCH", f"/dong-bo/p/{one.ulid}?offset={offset}", b"x").status_code in (401, 422)


def test_too_much_is_refused(station: Station, sealed: tuple[packet.Announced, bytes]) -> None:
    one, content = sealed

    assert _send(station, one, 0, content + b"more").status_code == 422
    assert _send(station, one, 0, bytes(packet.CHUNK_BYTES + 1)).status_code == 422


def test_one_impossible_packet_doesnt_stop_the_others(station: Station) -> None:
    person = make.person()
    make_station.give_list(station, person.pk)
    ulid = make_station.enrol(station, person.pk)
    good = records.plain(kit_queries.announced(kit_queries.sealed(station, ulid)))
    said = {"packets": [{"ulid": 5}, "what", good | {"sha256": "x"}, good], "clock": "now", "waiting": -1}

    answers = _ask(station.signing, "POST", "/dong-bo/announce", json.dumps(said).encode()).json()["answers"]

    assert [answer["verdict"] for answer in answers] == ["conflict", "conflict", "conflict", "want"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 5000])
def test_an_announcement_that_cant_be_read_is_refused(station: Station, body: bytes) -> None:
    assert _ask(station.signing, "POST", "/dong-bo/announce", body).status_code == 422


ADDRESSES = [("POST", "/dong-bo/announce"), ("HEAD", "/dong-bo/p/X"), ("PATCH", "/dong-bo/p/X?offset=0"),
             ("GET", "/dong-bo/lists?have=0")]  # fmt: skip


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_only_our_stations_are_answered(station: Station, method: str, address: str) -> None:
    stranger = sealing.SigningKey.new()

    assert Client().generic(method, address).status_code == 401
    assert _ask(stranger, method, address).status_code == 401
    assert _ask(station.signing, method, address, signed={"address": "/dong-bo/other"}).status_code == 401
    assert _ask(station.signing, method, address, signed={"method": "DELETE"}).status_code == 401
    actions.withdraw_kit(kit=queries.kit("NK01"), reason="stolen", by=MAKER, at=now())
    assert _ask(station.signing, method, address).status_code == 403


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_other_methods_are_told_so(method: str, address: str) -> None:
    assert Client().generic("DELETE", address).status_code == 405


def test_a_station_gets_no_packet_of_another(
    station: Station, sealed: tuple[packet.Announced, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = make_station.station(tmp_path_factory.mktemp("other"), "NK02")
    one, content = sealed

    assert _send(other, one, 0, content).status_code == 404
    assert _ask(other.signing, "HEAD", f"/dong-bo/p/{one.ulid}").status_code == 404


def test_the_list_comes_once_per_version(station: Station) -> None:
    first = _ask(station.signing, "GET", "/dong-bo/lists?have=0")

    assert first.status_code == 200
    assert kit_queries.opened_list(
        first.content, station.identity, station.registered.server_public, "NK01"
    ).version == 1  # fmt: skip
    assert _ask(station.signing, "GET", "/dong-bo/lists?have=1").status_code == 204
