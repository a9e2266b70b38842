"""Every address is asked for with what nobody writes by accident."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from hoaban.officers.rules import Role
from tests import make
from tests.services import world
from tests.shape.test_routes import ADDRESSES

pytestmark = pytest.mark.django_db

NUMBERS = ("0", "9999999999999999999999999")
TEXTS = ("a\x00b", "'\"><script>", "..%2f..%2fetc", "\u00b2", "x" * 5000)
ASKED = (
    "page", "q", "text", "ban", "den", "ket-qua", "loi", "trang-thai", "scan", "code", "next", "toi", "have", "offset",
    "prompt", "max_age", "client_id", "redirect_uri", "actor", "action", "number", "first_day", "wrong",
)  # fmt: skip
SENT = (
    "form", "gate", "consent", "key", "reason", "chosen", "person_id", "full_name", "born", "first_day", "last_day",
    "address", "password", "slip_code", "language", "grant_type", "yes",
)  # fmt: skip


def _filled(address: str, number: str, text: str) -> str:
    filled = re.sub(r"<int:\w+>", number, address.replace("\\Z", "").replace("^", "").replace("$", ""))
    return "/" + re.sub(r"<(?:\w+:)?\w+>", quote(text, safe="%"), filled)


def _faults(client: Client, text: str) -> list[tuple[str, str, str]]:
    """What failed, of all addresses, by GET and POST."""
    client.raise_request_exception = False
    faults = []
    for address, _page in ADDRESSES:
        if re.fullmatch(r"_mau/loi.*|giam-sat/niem-phong", address):
            continue
        for number in NUMBERS:
            asked = _filled(address, number, text)
            answers: tuple[Any, ...] = (
                client.get(asked),
                client.get(asked, dict.fromkeys(ASKED, text)),
                client.post(asked, dict.fromkeys((*ASKED, *SENT), text)),
            )
            for answer in answers:
                if answer.status_code >= 500:
                    request = answer.wsgi_request
                    faults.append((str(request.method), asked[:80], answer.content[:200].decode()))
    return faults


@pytest.mark.parametrize("text", TEXTS, ids=["nul", "markup", "path", "power", "long"])
def test_what_nobody_writes_by_accident_is_no_fault_of_ours(client: Client, text: str) -> None:
    officer = make.officer("province_officer", "11", "province")
    for role in Role:
        if role != Role.PROVINCE_OFFICER:
            make.assign(officer, role)
    client.force_login(officer)
    session = client.session
    session["people.purpose"] = "check"
    session.save()

    assert _faults(client, text) == []


@pytest.mark.parametrize("text", TEXTS, ids=["nul", "markup", "path", "power", "long"])
def test_nor_is_what_a_citizen_writes(client: Client, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    world.sign_in(client, monkeypatch, world.family().aunt)

    assert _faults(client, text) == []
