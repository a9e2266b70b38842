"""Asking about accounts: whose, in what state, how many; and about relying parties and what they may see.

Whoever stands at the door may see no person yet, so the first questions go through functions of the
database that answer with ids alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet

from hoaban.base.errors import NotFound
from hoaban.base.partial_date import PartialDate
from hoaban.eid import rules
from hoaban.eid.engine import keys
from hoaban.eid.models import AccessToken, Account, AuthorizationCode, Client, Consent, Slip
from hoaban.eid.rules import Scope, State
from hoaban.people import queries as people
from hoaban.web.actor import Actor, Kind
from hoaban.web.permissions import CITIZEN

# --- who acts -------------------------------------------------------------------------------------------


def citizen_actor(account_id: int, signed_in_at: int | None = None) -> Actor:
    """As whom the holder of an account acts, in a session that began then (seconds since 1970).

    Raises NotOpen where the account is locked, closed or not yet activated, its holder is dead, or the
    session began before the password was last set or the account last locked.
    """
    row = _asked("SELECT * FROM eid_citizen(%s, %s)", account_id, signed_in_at)
    if row is None:
        raise rules.NotOpen
    person_id, full_name = row
    return Actor(
        Kind.CITIZEN, f"citizen:{person_id}", full_name, frozenset({CITIZEN}), communes=frozenset(), person_id=person_id
    )


def agency_actor(client: Client, person_id: int | None) -> Actor:
    """As whom a relying party acts: for one person, and seeing nobody else."""
    return Actor(Kind.AGENCY, f"client:{client.client_id}", client.name, communes=frozenset(), person_id=person_id)


# --- accounts -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A live account that somebody at the door means, by ids alone."""

    account_id: int
    person_id: int


def under(number: str) -> Found | None:
    """The live account of whoever has that 12-digit number, whoever asks."""
    row = _asked("SELECT * FROM eid_under(%s)", number)
    return Found(*row) if row else None


def account(account_id: int) -> Account:
    """One account. Raises NotFound."""
    found = Account.objects.select_related("person").filter(pk=account_id).first()
    if found is None:
        raise NotFound(what=account_id)
    return found


def account_of(person_id: int) -> Account | None:
    """The person's account that isn't closed, if they have one."""
    return Account.objects.filter(person=person_id).exclude(state=State.CLOSED).first()


def under_joined(person_id: int) -> QuerySet[Account]:
    """Accounts left under records that were joined to this person's, locked because nobody has two."""
    found = Account.objects.filter(person__joined_to=person_id).exclude(state=State.CLOSED)
    return found.select_related("person").order_by("pk")


def account_under(number: str, communes: Iterable[str] | None) -> Account:
    """The account that isn't closed of whoever has that number in these communes. Raises NotFound."""
    found = Account.objects.filter(person__number=number).exclude(state=State.CLOSED)
    if communes is not None:
        found = found.filter(person__commune_code__in=sorted(communes))
    if (account := found.first()) is None:
        raise NotFound(what=number)
    return account


def slip_of(account_id: int) -> Slip | None:
    """The account's newest slip: the one that counts."""
    return Slip.objects.filter(account=account_id).order_by("-id").first()


def count_by_commune() -> dict[str, int]:
    """How many accounts are in use, by the commune where their holder lives."""
    rows = Account.objects.filter(state=State.ACTIVE).values_list("person__commune_code")
    return dict(rows.annotate(count=Count("pk")).order_by("person__commune_code"))


def holders(commune_code: str | None = None) -> QuerySet[Account, int]:
    """Ids of the people living in a commune, or anywhere, whose account is in use."""
    found = Account.objects.filter(state=State.ACTIVE)
    if commune_code is not None:
        found = found.filter(person__commune_code=commune_code)
    return found.values_list("person_id", flat=True)


def waiting(communes: Iterable[str] | None = None) -> QuerySet[Account]:
    """Accounts that wait for their holder to activate them, oldest first."""
    found = Account.objects.filter(state=State.WAITING).select_related("person")
    if communes is not None:
        found = found.filter(person__commune_code__in=sorted(communes))
    return found.order_by("opened_at", "pk")


# --- relying parties ------------------------------------------------------------------------------------


def client(client_id: str) -> Client | None:
    """The relying party of that id, unless it was withdrawn."""
    return Client.objects.filter(client_id=client_id, withdrawn_at=None).first()


def clients() -> QuerySet[Client]:
    """Every relying party, by name."""
    return Client.objects.order_by("name")


def consent(account_id: int, client: Client) -> Consent | None:
    """What the account's holder has agreed to share with a relying party, and not taken back."""
    return Consent.objects.filter(account=account_id, client=client, withdrawn_at=None).first()


def consents_of(account_id: int) -> QuerySet[Consent]:
    """With whom the account's holder shares what, newest first."""
    found = Consent.objects.filter(account=account_id, withdrawn_at=None).select_related("client")
    return found.order_by("-given_at", "-pk")


def person_of_code(code: str) -> int | None:
    """Whose code this is, whoever asks."""
    row = _asked("SELECT eid_person_of_code(%s)", digest(code))
    return row[0] if row else None


def person_of_token(token: str) -> int | None:
    """Whose token this is, whoever asks."""
    row = _asked("SELECT eid_person_of_token(%s)", digest(token))
    return row[0] if row else None


def code(text: str, client: Client) -> AuthorizationCode | None:
    """The code that was made for that relying party, used or not, in time or not."""
    found = AuthorizationCode.objects.select_related("account", "client")
    return found.filter(code_hash=digest(text), client=client).first()


def nonce_used(nonce: str, client_id: str) -> bool:
    """Whether the relying party has used that nonce for somebody whom the actor may see."""
    return AuthorizationCode.objects.filter(client__client_id=client_id, nonce=nonce).exists()


def token(text: str) -> AccessToken | None:
    """The token, valid or not."""
    found = AccessToken.objects.select_related("code__account", "code__client")
    return found.filter(token_hash=digest(text)).first()


def subject_for(client: Client, person_id: int) -> str:
    """The code by which a relying party knows a person."""
    return rules.subject(provider_keys().secret, client.sector, person_id)


def claims(client: Client, person_id: int, scopes: Iterable[Scope]) -> dict[str, Any]:
    """What the relying party is told of the person under these scopes, as the register says now."""
    person = people.person(person_id)
    said = {
        "sub": subject_for(client, person_id),
        "name": person.full_name,
        "birthdate": rules.birthdate(PartialDate.parse(person.born)),
        "id_number": person.number,
    }
    return {claim: said[claim] for claim in rules.claims_of(scopes)}


def provider_keys() -> keys.ProviderKeys:
    """The keys of this installation's provider."""
    return keys.stand_by(settings.HOABAN_KEYS / "eid")


def issuer() -> str:
    """The name of this provider, which is its address."""
    return str(settings.HOABAN_BASE_URL)


def digest(secret: str) -> str:
    """How a code, a token or a client's secret stands in the tables: long random text needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _asked(sql: str, *values: int | str | None) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
