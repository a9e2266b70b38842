"""The line to the province: signed requests over HTTP, which may be cut at any byte.

Nothing here remembers anything: what was lost is asked for and sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from hoaban.base import records, sealing
from hoaban.enrolment.rules import packet
from hoaban.kit import rules

TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Heard:
    """The province's answer to an announcement."""

    server_time: str
    answers: tuple[packet.Answer, ...]


@dataclass(frozen=True)
class Sent:
    """What became of a chunk: the byte to go on from, the receipt, whether it must be sent again."""

    offset: int
    receipt: str = ""
    is_damaged: bool = False


class Line(Protocol):
    """What a station needs of the province."""

    def announce(self, packets: Sequence[packet.Announced], clock: str, waiting: int) -> Heard:
        """Ask of each packet whether it's wanted. Raises LineDown, Refused."""

    def send(self, ulid: str, offset: int, chunk: bytes) -> Sent:
        """Send a piece. Raises LineDown, Refused."""

    def work_list(self, version: int) -> bytes | None:
        """The station's list, still sealed, if there is one after that version. Raises LineDown, Refused."""


class HttpLine:
    """The line over HTTP."""

    def __init__(self, server_url: str, key: sealing.SigningKey, transport: httpx.BaseTransport | None = None) -> None:
        self._key = key
        self._client = httpx.Client(base_url=server_url, timeout=TIMEOUT_S, transport=transport)

    def announce(self, packets: Sequence[packet.Announced], clock: str, waiting: int) -> Heard:
        """Ask of each packet whether it's wanted. Raises LineDown, Refused."""
        said = {"packets": [records.plain(one) for one in packets], "clock": clock, "waiting": waiting}
        answer = self._ask("POST", "/dong-bo/announce", json.dumps(said).encode())
        return _read(Heard, _checked(answer))

    def send(self, ulid: str, offset: int, chunk: bytes) -> Sent:
        """Send a piece. Raises LineDown, Refused."""
        answer = self._ask("PATCH", f"/dong-bo/p/{ulid}?offset={offset}", chunk)
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            return Sent(offset, is_damaged=True)
        if answer.status_code == httpx.codes.CONFLICT:
            return _read(Sent, _body(answer).get("facts"))
        return _read(Sent, _checked(answer))

    def work_list(self, version: int) -> bytes | None:
        """The station's list, still sealed, if there is one after that version. Raises LineDown, Refused."""
        answer = self._ask("GET", f"/dong-bo/lists?have={version}")
        if answer.status_code == httpx.codes.NO_CONTENT:
            return None
        if answer.status_code != httpx.codes.OK:
            _checked(answer)
        return answer.content

    def _ask(self, method: str, address: str, body: bytes = b"") -> httpx.Response:
        claims = {"method": method, "address": address, "sha256": hashlib.sha256(body).hexdigest()}
        token = self._key.sign(claims, packet.REQUEST)
        try:
            return self._client.request(
                method, address, content=body, headers={"Authorization": f"{packet.REQUEST_SCHEME} {token}"}
            )
        except httpx.TransportError as error:
            raise rules.LineDown from error


def _checked(answer: httpx.Response) -> dict[str, Any]:
    body = _body(answer)
    if answer.status_code != httpx.codes.OK:
        raise rules.Refused(why=body.get("message") or body.get("code") or answer.status_code)
    return body


def _body(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer. Anything else wasn't said by the province, but by something in between."""
    try:
        body = answer.json()
    except ValueError as error:
        raise rules.LineDown from error
    if not isinstance(body, dict):
        raise rules.LineDown
    return body


def _read(kind: type[records.T], body: object) -> records.T:
    try:
        return records.read(kind, body)
    except records.BadRecord as error:
        raise rules.LineDown from error
