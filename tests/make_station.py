"""Makers: a province with its keys, stations in folders, people enrolled at them, and lines that fail."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from django.test import Client, override_settings

from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.rules import capture, review
from hoaban.kit import actions, devices, queries
from hoaban.kit.line import HttpLine
from hoaban.kit.store import Station
from hoaban.web.actor import job_actor
from tests.make import MAKER

OPERATOR = job_actor("officer:1")
SERVER = "http://testserver"
PIN = "483920"


@contextmanager
def province(folder: Path) -> Iterator[None]:
    """A province whose keys and packets stand in that folder."""
    with override_settings(HOABAN_KEYS=folder / "keys", HOABAN_FILES=folder / "files", HOABAN_MOCK_DEVICES=True):
        enrolment.make_keys(by=MAKER, at=now())
        yield


def station(home: Path, code: str = "NK01", team: str = "") -> Station:
    """A station in that folder, registered with the province."""
    request = actions.init(home=home, code=code, by=MAKER)
    given = enrolment.register_kit(request=request, team_code=team, by=MAKER, at=now())
    made = Station(home)
    actions.take_pass(station=made, given=given, by=MAKER)
    return made


def give_list(at: Station, *person_ids: int) -> None:
    """Let the station have a list with these people."""
    kit = enrolments.kit(at.code)
    enrolment.expect(kit=kit, person_ids=person_ids, by=MAKER, at=now())
    made = enrolment.draw_list(kit=kit, by=MAKER, at=now())
    actions.take_list(station=at, sealed=bytes(made.sealed), by=MAKER, at=now())


def enrol(at: Station, person_id: int, corrections: str = "") -> str:
    """Enrol somebody of the station's list from beginning to end; the packet's ULID."""
    person = next(one for one in queries.work_list(at).people if one.person_id == person_id)
    ulid = actions.begin(station=at, person=person, by=OPERATOR, at=now()).ulid
    through(at, ulid, corrections)
    actions.finish(station=at, ulid=ulid, by=OPERATOR, at=now())
    return ulid


def through(at: Station, ulid: str, corrections: str = "") -> None:
    """Take an enrolment to the step before the last, with mock devices."""
    same: dict[str, Any] = {"station": at, "ulid": ulid, "by": OPERATOR, "at": now()}
    actions.confirm(**same, corrections=corrections, phone="", wants_card=True, wants_eid=True)
    actions.take_face(**same, picture=devices.mock_face(ulid), source=capture.Source.MOCK)
    for press in capture.Press:
        actions.press_fingers(**same, press=press, reader=ClearReader(ulid))
    actions.agree(**same, consent=review.Consent.SIGNATURE)


class ClearReader(devices.MockFingerReader):
    """A mock that never gives a poor print, so that no enrolment is held by chance."""

    def press(self, press: capture.Press, without: Sequence[int]) -> tuple[capture.Finger, ...]:
        """The fingers of a press, all of them clear."""
        return tuple(replace(one, quality=capture.CLEAR_FROM) for one in super().press(press, without))


def line(at: Station, wrap: Callable[[httpx.BaseTransport], httpx.BaseTransport] | None = None) -> HttpLine:
    """The station's line to the server in this very program; `wrap` may make it a bad one."""
    wire: httpx.BaseTransport = Wire()
    return HttpLine(SERVER, at.signing, wrap(wire) if wrap else wire)


class Wire(httpx.BaseTransport):
    """Carries requests to the server in this program, in the test's own transaction."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask Django's own handler."""
        answer = Client().generic(
            request.method, request.url.raw_path.decode(), request.read(),
            content_type="application/octet-stream", headers=dict(request.headers),
        )  # fmt: skip
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


class BadLine(httpx.BaseTransport):
    """A line that cuts before, within and after answers, damages, doubles and repeats old requests.

    `mischief` says how often, 0 to 1; what happens follows from the seed alone.
    """

    HARMS = ("before", "after", "within", "damage", "twice", "late")

    def __init__(self, inner: httpx.BaseTransport, seed: int, mischief: float, only: str = "") -> None:
        self._inner, self._random, self._mischief = inner, random.Random(seed), mischief
        self._harms = (only,) if only else self.HARMS
        self._past: list[tuple[str, httpx.URL, httpx.Headers, bytes]] = []
        self.bytes_sent = self.harms = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, or do harm."""
        body = request.read()
        self.bytes_sent += len(body) if request.method == "PATCH" else 0
        asked = (request.method, request.url, request.headers, body)
        self._past.append(asked)
        if self._random.random() >= self._mischief:
            return self._pass_on(asked)
        self.harms += 1
        harm = self._random.choice(self._harms)
        if harm == "before":
            raise httpx.ConnectError("cut before the request")
        if harm == "damage" and body:
            spoiled = bytearray(body)
            spoiled[self._random.randrange(len(spoiled))] ^= 1 << self._random.randrange(8)
            return self._pass_on((*asked[:3], bytes(spoiled)))
        if harm == "late":
            self._pass_on(self._random.choice(self._past))
        if harm == "twice":
            self._pass_on(asked)
        answer = self._pass_on(asked)
        if harm == "after":
            raise httpx.ReadError("cut before the answer")
        if harm == "within":
            return httpx.Response(answer.status_code, content=answer.content[: len(answer.content) // 2])
        return answer

    def _pass_on(self, asked: tuple[str, httpx.URL, httpx.Headers, bytes]) -> httpx.Response:
        method, url, headers, body = asked
        answer = self._inner.handle_request(httpx.Request(method, url, headers=headers, content=body))
        answer.read()
        return answer
