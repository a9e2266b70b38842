"""Every address is marked with who may ask for it, and lets nobody else in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hoaban.officers.rules import PERMISSIONS, Role
from hoaban.web.permissions import ANYONE, CITIZEN, MACHINES
from tests import make

OURS = {CITIZEN, ANYONE, MACHINES}
SAMPLES = {"int": "987654321", "str": "ZZZZZZ", "slug": "zz", "path": "zz", "uuid": "0" * 8, "date": "2024-01-01"}


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not address.startswith("dong-chi/"):  # the sign-in pages of allauth
                yield from _addresses(one, address)
        else:
            yield address, one


ADDRESSES = list(_addresses(get_resolver()))


def _sample(address: str) -> str:
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "ZZZZZZ"), address)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


@pytest.mark.parametrize(("address", "page"), ADDRESSES, ids=[address or "/" for address, _ in ADDRESSES])
def test_every_page_names_its_permission(address: str, page: URLPattern) -> None:
    permission = getattr(page.callback, "permission", None)

    assert permission, f"{address} has no mark"
    assert permission in OURS or permission in PERMISSIONS, f"{permission} isn't held by any role"


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_into_its_pages_and_no_others(client: Client, role: Role) -> None:
    client.raise_request_exception = True
    client.force_login(make.officer(role))

    for address, page in ADDRESSES:
        permission = page.callback.permission  # type: ignore[attr-defined]
        if permission in OURS:
            continue
        status = client.get(_sample(address)).status_code
        if role in PERMISSIONS[permission]:
            assert status in (200, 302, 400, 404, 405), f"{role} at {address}: {status}"
        else:
            assert status == 403, f"{role} at {address}: {status}"


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    for address, page in ADDRESSES:
        permission = page.callback.permission  # type: ignore[attr-defined]
        if permission in (ANYONE, MACHINES):
            continue
        answer = client.get(_sample(address))
        assert answer.status_code == 302, f"{address}: {answer.status_code}"
