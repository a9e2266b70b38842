"""The OpenID provider: relying parties, what citizens agree to share with them, codes and tokens."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base.errors import NotFound
from hoaban.eid import queries, rules
from hoaban.eid.engine import keys
from hoaban.eid.models import AccessToken, Account, AuthorizationCode, Client, Consent
from hoaban.eid.rules import Scope, State
from hoaban.web.actor import Actor

CLIENTS = "eid.clients"  # nobody's: by the command line alone


@transaction.atomic
def add_client(
    *, name: str, redirects: Sequence[str], scopes: Sequence[str] = (), sector: str = "", public: bool = False,
    by: Actor, at: dt.datetime,
) -> tuple[Client, str]:  # fmt: skip
    """Admit a relying party; it and its secret, which is kept nowhere ("" for a public one).

    Raises ClientKnown, BadRedirect, ManySectors, UnknownScope.
    """
    by.must(CLIENTS)
    known = Client.objects.filter(name=name).first()
    if known is not None:
        raise rules.ClientKnown(name=name, client_id=known.client_id)
    secret = "" if public else secrets.token_urlsafe(32)
    client = Client.objects.create(
        client_id=f"hb-{secrets.token_hex(8)}", name=name, redirects=list(redirects),
        sector=rules.sector_of(redirects, sector), scopes=rules.scope_text(rules.check_scopes(scopes)),
        secret_hash=queries.digest(secret) if secret else "", added_at=at,
    )  # fmt: skip
    audit.record(
        "eid.client_added", client.subject, by=by, at=at,
        facts={"client": client.client_id, "name": name, "redirects": client.redirects, "scopes": client.scopes},
    )  # fmt: skip
    return client, secret


@transaction.atomic
def withdraw_client(*, client_id: str, by: Actor, at: dt.datetime) -> None:
    """Let a relying party ask nothing more; what it holds is revoked. Again changes nothing. Raises NotFound."""
    by.must(CLIENTS)
    client = Client.objects.select_for_update().filter(client_id=client_id).first()
    if client is None:
        raise NotFound(what=client_id)
    if client.withdrawn_at is None:
        client.withdrawn_at = at
        client.save(update_fields=["withdrawn_at"])
        AccessToken.objects.filter(code__client=client, revoked_at=None).update(revoked_at=at)
        audit.record("eid.client_withdrawn", client.subject, by=by, at=at, facts={"client": client_id})


def add_key(*, by: Actor, at: dt.datetime) -> None:
    """Make a new key, which signs from now on; the older ones stay published."""
    by.must(CLIENTS)
    keys.add(settings.HOABAN_KEYS / "eid")
    kid = queries.provider_keys().current.thumbprint()
    audit.record("eid.key_added", f"eid.Key:{kid}", by=by, at=at, facts={"kid": kid})


@transaction.atomic
def authorise(
    *, account_id: int, client: Client, redirect_uri: str, scopes: Iterable[Scope], nonce: str, code: str,
    code_challenge: str, signed_in_at: dt.datetime, by: Actor, at: dt.datetime,
) -> AuthorizationCode:  # fmt: skip
    """Agree, as the holder, to share these scopes with a relying party, under a code good for a minute.

    Raises NotTheirs, NotOpen.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if by.person_id != account.person_id:
        raise rules.NotTheirs
    if account.state != State.ACTIVE:
        raise rules.NotOpen
    granted = frozenset(scopes) & client.allowed
    _agree(account, client, granted, by=by, at=at)
    return AuthorizationCode.objects.create(
        code_hash=queries.digest(code), client=client, account=account, redirect_uri=redirect_uri,
        scopes=rules.scope_text(granted), nonce=nonce, code_challenge=code_challenge, signed_in_at=signed_in_at,
        made_at=at, expires_at=at + rules.CODE_LIFE,
    )  # fmt: skip


@transaction.atomic
def exchange(*, code: AuthorizationCode, token: str, by: Actor, at: dt.datetime) -> AccessToken:
    """Give a token for a code, once: from now on the relying party has what was agreed. Raises CodeUsed."""
    if not AuthorizationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=at):
        raise rules.CodeUsed
    made = AccessToken.objects.create(code=code, token_hash=queries.digest(token), expires_at=at + rules.TOKEN_LIFE)
    audit.record(
        "eid.shared", code.client.subject, by=by, at=at, person_ids=[code.account.person_id],
        facts={
            "client": code.client.client_id, "name": code.client.name,
            "claims": rules.claims_of(rules.scopes_in(code.scopes)),
        },
    )  # fmt: skip
    return made


@transaction.atomic
def revoke(*, code: AuthorizationCode, by: Actor, at: dt.datetime) -> None:
    """End the token that came of a code which somebody shows a second time; again changes nothing."""
    if AccessToken.objects.filter(code=code, revoked_at=None).update(revoked_at=at):
        audit.record(
            "eid.token_revoked", code.client.subject, by=by, at=at, person_ids=[code.account.person_id],
            facts={"client": code.client.client_id},
        )  # fmt: skip


@transaction.atomic
def withdraw_consent(*, consent_id: int, by: Actor, at: dt.datetime) -> None:
    """Share nothing more with a relying party, by the holder. Again changes nothing. Raises NotFound, NotTheirs."""
    consent = Consent.objects.select_related("account", "client").filter(pk=consent_id).first()
    if consent is None:
        raise NotFound(what=consent_id)
    if by.person_id != consent.account.person_id:
        raise rules.NotTheirs
    if Consent.objects.filter(pk=consent_id, withdrawn_at=None).update(withdrawn_at=at):
        tokens = AccessToken.objects.filter(code__account=consent.account, code__client=consent.client, revoked_at=None)
        tokens.update(revoked_at=at)
        under_way = AuthorizationCode.objects.filter(account=consent.account, client=consent.client, used_at=None)
        under_way.update(used_at=at)
        audit.record(
            "eid.consent_withdrawn", consent.client.subject, by=by, at=at, person_ids=[consent.account.person_id],
            facts={"client": consent.client.client_id, "name": consent.client.name},
        )  # fmt: skip


def _agree(account: Account, client: Client, granted: frozenset[Scope], *, by: Actor, at: dt.datetime) -> None:
    """Keep what was agreed; a consent to something else takes the place of the one before."""
    text = rules.scope_text(granted)
    present = queries.consent(account.pk, client)
    if present is not None:
        if present.scopes == text:
            return
        present.withdrawn_at = at
        present.save(update_fields=["withdrawn_at"])
    Consent.objects.create(account=account, client=client, scopes=text, given_at=at)
    audit.record(
        "eid.consented", client.subject, by=by, at=at, person_ids=[account.person_id],
        facts={"client": client.client_id, "name": client.name, "claims": rules.claims_of(granted)},
    )  # fmt: skip
