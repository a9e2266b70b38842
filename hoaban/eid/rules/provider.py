"""What the OpenID provider shares with whom, and under which name (OpenID Connect Core 1.0)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.eid.rules.refusals import BadRedirect, ManySectors, UnknownScope


class Scope(StrEnum):
    """What a relying party may ask for."""

    OPENID = "openid"
    PROFILE = "profile"
    NUMBER = "number"


CLAIMS = {
    Scope.OPENID: ("sub",),
    Scope.PROFILE: ("name", "birthdate"),
    Scope.NUMBER: ("id_number",),
}
CLAIM_WORDS = {
    "sub": _("That it's you, under a code that only they have for you"),
    "name": _("Full name"),
    "birthdate": _("Date of birth"),
    "id_number": _("12-digit number"),
}
CODE_LIFE = dt.timedelta(seconds=60)
TOKEN_LIFE = dt.timedelta(minutes=10)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def scopes_in(text: str) -> frozenset[Scope]:
    """The scopes in a request that exist; others are passed over (Core 3.1.2.1)."""
    return frozenset(Scope(word) for word in text.split() if word in set(Scope))


def scope_text(scopes: Iterable[Scope]) -> str:
    """Scopes as a request or an answer names them."""
    return " ".join(scope for scope in Scope if scope in set(scopes))


def check_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes of those names, `openid` always among them. Raises UnknownScope."""
    for word in words:
        if word not in set(Scope):
            raise UnknownScope(scope=word, known=", ".join(Scope))
    return frozenset(Scope(word) for word in words) | {Scope.OPENID}


def claims_of(scopes: Iterable[Scope]) -> list[str]:
    """The claims that these scopes cover, in the order in which people read them."""
    return [claim for scope in Scope if scope in set(scopes) for claim in CLAIMS[scope]]


def birthdate(born: PartialDate) -> str:
    """A date of birth as the claim has it: a whole day, or the year alone (Core 5.1 knows no month alone)."""
    return str(born) if born.precision == "day" else f"{born.year:04d}"


def acr(level: int) -> str:
    """The name of a level in tokens."""
    return f"urn:hoaban:loa:{level}"


def subject(secret: bytes, sector: str, person_id: int) -> str:
    """The code by which one sector knows one person, and no other sector does (Core 8.1, pairwise)."""
    digest = hmac.new(secret, f"{sector}\n{person_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_redirect(uri: str) -> str:
    """A return address: https, or http on this very machine; no fragment. Raises BadRedirect."""
    try:
        parts = urlsplit(uri)
        sound = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    except ValueError:
        raise BadRedirect(uri=uri) from None
    if not sound or not parts.hostname or "#" in uri or parts.username or any(ord(one) <= 32 for one in uri):
        raise BadRedirect(uri=uri)
    return uri


def sector_of(redirects: Iterable[str], named: str = "") -> str:
    """The host that stands for a relying party in pairwise subjects. Raises ManySectors, BadRedirect."""
    hosts = sorted({urlsplit(check_redirect(uri)).hostname or "" for uri in redirects})
    if named:
        return named
    if len(hosts) != 1:
        raise ManySectors(hosts=", ".join(hosts))
    return hosts[0]
