"""A citizen with an account, and a relying party that asks who they are."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.test import Client as Browser

from hoaban.base.clock import now
from hoaban.eid import actions
from hoaban.eid.models import Account, Client
from hoaban.enrolment.models import Enrolment
from hoaban.kit import queries as kit_queries
from hoaban.kit.store import Station
from hoaban.people.models import Person
from hoaban.web.actor import NOBODY, acting_as
from tests import make
from tests.cards import world as cards

PASSWORD = "ruong lua vang"
VERIFIER = "a-verifier-of-at-least-43-letters-and-digits-0123456789"
BACK = "https://bank.example/back"
ASK = "/dinh-danh/oidc/authorize"
AGREE = "/dinh-danh/dong-y"
TOKEN = "/dinh-danh/oidc/token"
USERINFO = "/dinh-danh/oidc/userinfo"


def enrolled(person: Person) -> Enrolment:
    """Her enrolment."""
    return cards.enrolled(person)


def opened(person: Person) -> tuple[Account, str]:
    """Her account, not yet activated, and the secret code on her slip."""
    one = enrolled(person)
    account = actions.open_account(enrolment_id=one.pk, by=make.MAKER, at=now())
    assert account is not None
    return account, secret_of(one)


def secret_of(one: Enrolment) -> str:
    """The secret code on her slip, which only her station can still print."""
    station = Station(settings.HOABAN_HOME / "stations" / one.kit_id)
    return kit_queries.activation_code(station, kit_queries.sealed(station, one.ulid), now())


def active(person: Person) -> Account:
    """Her account, in use."""
    _account, code = opened(person)
    with acting_as(NOBODY):
        return actions.activate(number=person.number, slip_code=code, password=PASSWORD, by=NOBODY, at=now())


def signed_in(browser: Browser, person: Person) -> Account:
    """Her account, in use, and she is signed in there."""
    account = active(person)
    answer = browser.post("/dinh-danh/dang-nhap", {"number": person.number, "password": PASSWORD})
    assert answer.status_code == 302
    return account


@dataclass
class Party:
    """A relying party with its secret, and what it says."""

    client: Client
    secret: str

    def request(self, **changes: str | None) -> str:
        """The query with which it sends a citizen; a change of None leaves a parameter out."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        asked: dict[str, str | None] = {
            "response_type": "code", "client_id": self.client.client_id, "redirect_uri": BACK,
            "scope": "openid profile number", "state": "s1", "nonce": "n1",
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return urlencode({key: value for key, value in (asked | changes).items() if value is not None})

    def redeem(self, browser: Browser, code: str, /, **changes: str | None) -> Any:
        """What it's answered for a code."""
        said: dict[str, str | None] = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER,
            "client_id": self.client.client_id, "client_secret": self.secret or None,
        }  # fmt: skip
        return browser.post(TOKEN, {key: value for key, value in (said | changes).items() if value is not None})


def party(name: str = "Bank", *, public: bool = False, redirect: str = BACK, scopes: tuple[str, ...] = ()) -> Party:
    """A relying party that may ask for everything, unless told otherwise."""
    client, secret = actions.add_client(
        name=name, redirects=[redirect], scopes=scopes or ("profile", "number"), public=public,
        by=make.MAKER, at=now(),
    )  # fmt: skip
    return Party(client, secret)


def agreed(browser: Browser, party: Party, *, number: bool = False, **changes: str | None) -> str:
    """The code that comes back when she agrees."""
    said = {"yes": "1"} | ({"number": "on"} if number else {})
    return returned(browser.post(f"{AGREE}?{party.request(**changes)}", said))["code"]


def returned(answer: Any) -> dict[str, str]:
    """What the browser carries back to the relying party."""
    assert answer.status_code == 302, answer.content.decode()
    return {key: values[0] for key, values in parse_qs(urlsplit(answer["Location"]).query).items()}
