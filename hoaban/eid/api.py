"""The OpenID provider's addresses for machines (OpenID Connect Core 1.0, Discovery 1.0, RFC 6749, 7636, 9207).

Authlib checks requests; what is kept, used up and written down are `actions`. Only the authorization code
flow with PKCE (S256), ES256, exact return addresses and pairwise subjects.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.errors import InsecureTransportError, InvalidGrantError, InvalidRequestError, OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoaban.base.clock import now
from hoaban.eid import actions, queries, rules
from hoaban.eid.engine.keys import ALGORITHM
from hoaban.eid.models import AccessToken, AuthorizationCode, Client
from hoaban.eid.rules import Scope, State
from hoaban.web.actor import Actor, Kind, acting, acting_as
from hoaban.web.permissions import ActingRequest, for_machines

LEVELS = (1, 2)


class Party(ClientMixin):  # type: ignore[misc]
    """A relying party as Authlib asks about it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get_client_id(self) -> str:
        """Its id."""
        return self.client.client_id

    def get_default_redirect_uri(self) -> None:
        """None: the request must name the address, exactly."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Of what is asked, what it may have; None without `openid`."""
        asked = rules.scopes_in(scope or "") & self.client.allowed
        return rules.scope_text(asked) if Scope.OPENID in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it's one of its addresses, to the letter."""
        return redirect_uri in self.client.redirects

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it's its secret."""
        return constant_time_compare(queries.digest(client_secret), self.client.secret_hash)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """A public one shows no secret, another must."""
        return (method == "none") == (not self.client.secret_hash)

    def check_response_type(self, response_type: str) -> bool:
        """Only the code flow."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Only codes: no refresh tokens, a citizen is asked again."""
        return grant_type == "authorization_code"


class GivenCode(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code as Authlib asks about it."""

    def __init__(self, row: AuthorizationCode) -> None:
        self.row = row
        self.code_challenge, self.code_challenge_method = row.code_challenge, "S256"

    def get_redirect_uri(self) -> str:
        """Where it was sent."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What was agreed."""
        return self.row.scopes

    def get_nonce(self) -> str:
        """What the relying party wants to see again."""
        return self.row.nonce

    def get_auth_time(self) -> int:
        """When the holder wrote the password."""
        return int(self.row.signed_in_at.timestamp())

    def get_acr(self) -> str:
        """The level of the account."""
        return rules.acr(self.row.account.level)

    def get_amr(self) -> list[str]:
        """By what the holder was known."""
        return ["pwd"]


@dataclass(frozen=True)
class Granting:
    """A holder who has agreed: to what, and since when they're signed in."""

    account_id: int
    scopes: frozenset[Scope]
    signed_in_at: dt.datetime


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """The code flow, with our tables behind it."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep what the holder agreed to under the code."""
        asked, granted = request.payload.data, request.user
        actions.authorise(
            account_id=granted.account_id, client=request.client.client, redirect_uri=request.payload.redirect_uri,
            scopes=granted.scopes, nonce=asked.get("nonce", ""), code=code, code_challenge=asked["code_challenge"],
            signed_in_at=granted.signed_in_at, by=acting(), at=now(),
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Party) -> GivenCode | None:
        """The code if it's good; a second use also ends the token of the first."""
        row = queries.code(code, client.client)
        if row is None or row.expires_at <= now() or row.account.state != State.ACTIVE:
            return None
        if row.used_at is not None:
            actions.revoke(code=row, by=_agency(row), at=now())
            return None
        return GivenCode(row)

    def delete_authorization_code(self, authorization_code: GivenCode) -> None:
        """Nothing: it was used up as the token was given."""

    def authenticate_user(self, authorization_code: GivenCode) -> AuthorizationCode:
        """Whose code it is, and for whom it was made."""
        return authorization_code.row


class StrictChallenge(CodeChallenge):  # type: ignore[misc]
    """PKCE with S256, and never without."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Refuse a request without a challenge by S256."""
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with 'code_challenge_method=S256' is required.")
        if len(asked.get("nonce", "")) > 300:
            raise InvalidRequestError("'nonce' is longer than 300 characters.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):  # type: ignore[misc]
    """The id token: who, for whom, since when and how surely. Facts come from userinfo alone."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """Whether the relying party has used the nonce for this person before."""
        return queries.nonce_used(nonce, request.payload.client_id)

    def resolve_client_private_key(self, _client: Party) -> Any:
        """The key that signs now."""
        return queries.provider_keys().current

    def get_client_algorithm(self, _client: Party) -> str:
        """One for all."""
        return ALGORITHM

    def get_encode_header(self, _client: Party) -> dict[str, str]:
        """The algorithm and the key's thumbprint."""
        return {"alg": ALGORITHM, "kid": queries.provider_keys().current.thumbprint()}

    def get_client_claims(self, client: Party) -> dict[str, Any]:
        """From whom, for whom, until when."""
        at = int(now().timestamp())
        until = at + int(rules.TOKEN_LIFE.total_seconds())
        return {"iss": queries.issuer(), "aud": [client.get_client_id()], "iat": at, "exp": until}

    def subject_alone(self, user: AuthorizationCode, _scope: str) -> dict[str, Any]:
        """Under which code the relying party knows the holder."""
        return {"sub": queries.subject_for(user.client, user.account.person_id)}

    generate_user_info = subject_alone  # as Authlib calls it


class Provider(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server over our tables."""

    def __init__(self) -> None:
        super().__init__(None, None)
        self.register_token_generator(
            "default",
            BearerTokenGenerator(
                lambda **_: secrets.token_urlsafe(32),
                expires_generator=lambda *_: int(rules.TOKEN_LIFE.total_seconds()),
            ),
        )

    def query_client(self, client_id: str) -> Party | None:
        """The relying party of that id."""
        found = queries.client(client_id)
        return Party(found) if found else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Use the code up and give the token, in one step."""
        row = request.authorization_code.row
        try:
            actions.exchange(code=row, token=token["access_token"], by=_agency(row), at=now())
        except rules.CodeUsed as no:
            raise InvalidGrantError("The code has been used.") from no


def _provider() -> Provider:
    made = Provider()
    made.register_grant(CodeGrant, [IdToken(), StrictChallenge()])
    return made


PROVIDER = _provider()


def with_issuer(response: HttpResponse) -> HttpResponse:
    """Say on the way back who answers (RFC 9207), so that the answer can't be passed off as another's."""
    if "Location" in response:
        response["Location"] = add_params_to_uri(response["Location"], [("iss", queries.issuer())])
    return response


def _agency(row: AuthorizationCode) -> Actor:
    return queries.agency_actor(row.client, row.account.person_id)


def _for_one_person(person_id: int | None) -> Actor:
    """A relying party not yet known, to whom the database shows the one person whose code or token it shows."""
    return Actor(Kind.AGENCY, "", "", person_id=person_id)


# --- addresses ------------------------------------------------------------------------------------------


@for_machines
@require_GET
def configuration(request: ActingRequest) -> HttpResponse:
    """What the provider can do and where (Discovery 1.0)."""
    at = {name: queries.issuer() + reverse(f"eid:{name}") for name in ("authorize", "token", "userinfo", "jwks")}
    return _public(
        {
            "issuer": queries.issuer(),
            "authorization_endpoint": at["authorize"],
            "token_endpoint": at["token"],
            "userinfo_endpoint": at["userinfo"],
            "jwks_uri": at["jwks"],
            "scopes_supported": list(Scope),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": list(CodeGrant.TOKEN_ENDPOINT_AUTH_METHODS),
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [rules.acr(level) for level in LEVELS],
            "claims_supported": [*rules.claims_of(Scope), "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr"],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": ["vi", "en"],
        }
    )


@for_machines
@require_GET
def jwks(request: ActingRequest) -> HttpResponse:
    """The keys that verify."""
    return _public(queries.provider_keys().published())


@for_machines
@require_POST
def token(request: ActingRequest) -> HttpResponse:
    """A code for a token and an id token."""
    with acting_as(_for_one_person(queries.person_of_code(request.POST.get("code", "")))):
        try:
            return _private(PROVIDER.create_token_response(request))
        except InsecureTransportError as error:
            return _private(refused(error))


@for_machines
@require_http_methods(["GET", "POST"])
def userinfo(request: ActingRequest) -> HttpResponse:
    """What was agreed, as the register says now (Core 5.3)."""
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    shown = shown if kind.lower() == "bearer" else ""
    with acting_as(_for_one_person(queries.person_of_token(shown))):
        held = queries.token(shown)
        if held is None or not _is_good(held):
            refused = JsonResponse({"error": "invalid_token"}, status=401)
            refused["WWW-Authenticate"] = 'Bearer error="invalid_token"' if shown else "Bearer"
            return _private(refused)
        code = held.code
        told = queries.claims(code.client, code.account.person_id, rules.scopes_in(code.scopes))
    return _private(JsonResponse(told))


def _is_good(held: AccessToken) -> bool:
    row = held.code
    ended = held.revoked_at is not None or held.expires_at <= now() or row.client.withdrawn_at is not None
    return not ended and row.account.state == State.ACTIVE


def refused(error: OAuth2Error) -> HttpResponse:
    """Authlib's answer to a request that isn't in order; back at the relying party if that's known to be safe."""
    return with_issuer(PROVIDER.handle_error_response(None, error))


def _public(told: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(told)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response
