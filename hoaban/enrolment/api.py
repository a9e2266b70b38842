"""HTTP for stations: announce, send in pieces, fetch the list. `docs/packet.md` describes it.

Each request is signed with a key of the station over its method, its address and the hash of its body;
no cookies. Saying a request again does no harm, so a signature needs no clock and no once-only number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, UnreadablePostError

from hoaban.base import records, sealing
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.enrolment import actions, queries
from hoaban.enrolment.models import Kit
from hoaban.enrolment.rules import packet
from hoaban.web.actor import Actor, acting_as, coming_from, job_actor
from hoaban.web.permissions import for_machines

P = ParamSpec("P")
Asked = Callable[Concatenate[HttpRequest, Kit, Actor, P], HttpResponse]
Page = Callable[Concatenate[Any, P], HttpResponse]
STATUS = {
    packet.UnknownKit: 401, packet.RevokedKit: 403, packet.NotAnnounced: 404, packet.WrongOffset: 409,
    packet.DamagedChunk: 422,
}  # fmt: skip


def from_kit(method: str) -> Callable[[Asked[P]], Page[P]]:
    """Mark an address that only our stations may ask, by requests that they signed."""

    def mark(page: Asked[P]) -> Page[P]:
        @wraps(page)
        def checked(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != method:
                return HttpResponseNotAllowed([method])
            try:
                kit = _who_asks(request)
                with acting_as(job_actor(f"kit.{kit.code}")) as actor, coming_from(terminal=f"kit {kit.code}"):
                    return page(request, kit, actor, *args, **kwargs)
            except Refusal as no:
                return _refusal(no)

        return for_machines(cast("Page[P]", checked))

    return mark


def _who_asks(request: HttpRequest) -> Kit:
    """The station whose key signed the request. Raises UnknownKit, RevokedKit, DamagedChunk."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != packet.REQUEST_SCHEME:
        raise packet.UnknownKit
    try:
        key = queries.kit_key(sealing.signer_of(token))
        claims = sealing.verify(token, key.public, packet.REQUEST)
    except sealing.BadSignature as no:
        raise packet.UnknownKit from no
    if (claims.get("method"), claims.get("address")) != (request.method, request.get_full_path()):
        raise packet.UnknownKit
    if claims.get("sha256") != hashlib.sha256(_body(request)).hexdigest():
        raise packet.DamagedChunk
    return key.kit


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except (UnreadablePostError, RequestDataTooBig) as error:
        raise packet.DamagedChunk from error


@from_kit("POST")
def announce(request: HttpRequest, kit: Kit, actor: Actor) -> HttpResponse:
    """Which of these packets are wanted, held or in conflict."""
    said = _json(request.body)
    at = now()
    actions.hear_from(
        kit=kit, clock_offset_s=_offset_s(said.get("clock"), at), waiting=_count(said.get("waiting")),
        by=actor, at=at,
    )  # fmt: skip
    listed = said.get("packets")
    sound, answers = [], []
    for one in listed if isinstance(listed, list) else []:
        try:
            sound.append(records.read(packet.Announced, one))
        except records.BadRecord as no:
            ulid = one.get("ulid") if isinstance(one, dict) else ""
            answers.append(packet.Answer(str(ulid), packet.Verdict.CONFLICT, why=str(no)))
    answers += actions.announce(kit=kit, packets=sound, came_by="net", by=actor, at=at)
    return JsonResponse({"server_time": at.isoformat(), "answers": [records.plain(one) for one in answers]})


@from_kit("PATCH")
def chunk(request: HttpRequest, kit: Kit, actor: Actor, ulid: str) -> HttpResponse:
    """A piece of a packet. 409 tells the byte to go on from, 422 wants the piece again."""
    offset = request.GET.get("offset", "")
    if not offset.isascii() or not offset.isdigit() or len(offset) > 9:
        raise packet.DamagedChunk
    if len(request.body) > packet.CHUNK_BYTES:
        raise packet.DamagedChunk
    progress = actions.receive_chunk(kit=kit, ulid=ulid, offset=int(offset), chunk=request.body, by=actor, at=now())
    return JsonResponse({"offset": progress.offset, "receipt": progress.receipt})


@from_kit("HEAD")
def offset(request: HttpRequest, kit: Kit, actor: Actor, ulid: str) -> HttpResponse:
    """How far a packet has come; stays true after its end."""
    row = queries.packets(kit=kit).filter(ulid=ulid).first()
    if row is None:
        raise packet.NotAnnounced(ulid=ulid)
    held = queries.held_bytes(row)
    return HttpResponse(headers={"Upload-Offset": str(held), "Upload-Length": str(row.size)})


@for_machines
def piece(request: HttpRequest, ulid: str) -> HttpResponse:
    """A packet on its way: HEAD asks how far it has come, PATCH sends a piece."""
    return (offset if request.method == "HEAD" else chunk)(request, ulid)


@from_kit("GET")
def work_list(request: HttpRequest, kit: Kit, actor: Actor) -> HttpResponse:
    """The station's list, sealed for it, if there is one newer than it has."""
    newest = actions.draw_list(kit=kit, by=actor, at=now())
    if str(newest.version) == request.GET.get("have"):
        return HttpResponse(status=204)
    return HttpResponse(bytes(newest.sealed), content_type="application/octet-stream")


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise packet.DamagedChunk
    return said


def _offset_s(clock: object, at: datetime) -> int:
    """By how many seconds the station's clock is ahead; 0 where it says nothing that can be read."""
    try:
        ahead = datetime.fromisoformat(str(clock)) - at
    except (ValueError, TypeError):
        return 0
    return max(-(2**31), min(2**31 - 1, round(ahead.total_seconds())))


def _count(said: object) -> int:
    return min(said, 1_000_000) if isinstance(said, int) and said >= 0 else 0


def _refusal(no: Refusal) -> JsonResponse:
    status = STATUS.get(type(no), 400)
    facts = {name: one if isinstance(one, int | str) else str(one) for name, one in no.facts.items()}
    return JsonResponse({"code": no.code, "message": str(no), "facts": facts}, status=status)
