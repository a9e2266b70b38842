"""What is shared with whom: the door for relying parties' citizens, the consent, what was agreed before."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.errors import OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.eid import actions, api, queries, rules
from hoaban.eid.api import CodeGrant, Granting
from hoaban.eid.forms import ConsentForm
from hoaban.eid.pages.door import ACCOUNT, SIGNED_IN_AT
from hoaban.eid.rules import Scope
from hoaban.web.actor import Kind
from hoaban.web.permissions import ActingRequest, for_citizen, for_machines
from hoaban.web.rules import Fact

SIGN_IN_FIRST = ("login", "select_account")


@for_machines
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: ActingRequest) -> HttpResponse:
    """A relying party sends a citizen: to sign in, to agree, or straight back where all that is done."""
    if request.method == "POST":  # comes from elsewhere, without our cookie: the browser asks again by itself
        return redirect(f"{reverse('eid:authorize')}?{request.POST.urlencode()}")
    try:
        grant = _grant(request)
        if grant.prompt in SIGN_IN_FIRST or _signed_in_too_long_ago(request):
            return _to_sign_in(request, grant)
        wanted = rules.scopes_in(grant.request.scope)
        if _has_agreed(request, grant, wanted):
            return _answer(request, grant, wanted)
        if request.GET.get("prompt") == "none":
            raise ConsentRequiredError(redirect_uri=grant.redirect_uri)
    except OAuth2Error as error:
        return _refused(request, error)
    return redirect(f"{reverse('eid:consent')}?{request.GET.urlencode()}")


@for_citizen
@never_cache
def consent(request: ActingRequest) -> HttpResponse:
    """Show exactly what is shared with whom; nothing is, until the citizen says yes."""
    try:
        grant = _grant(request)
    except OAuth2Error as error:
        return _refused(request, error)
    client, wanted = grant.request.client.client, rules.scopes_in(grant.request.scope)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "yes" not in request.POST:
            return _answer(request, grant, None)
        return _answer(request, grant, wanted if form.cleaned_data["number"] else wanted - {Scope.NUMBER})
    told = queries.claims(client, request.actor.person_id or 0, wanted)
    shared = [Fact(str(rules.CLAIM_WORDS[claim]), told[claim]) for claim in told if claim not in ("sub", "id_number")]
    page = {"client": client, "shared": shared, "number": told.get("id_number", ""), "form": form}
    return render(request, "eid/consent.html", page)


@for_citizen
@never_cache
def agreed(request: ActingRequest) -> HttpResponse:
    """With whom the citizen shares what; each can be taken back."""
    if request.method == "POST" and _is_count(request.POST.get("consent", "")):
        try:
            actions.withdraw_consent(consent_id=int(request.POST["consent"]), by=request.actor, at=now())
        except NotFound:
            pass
        else:
            messages.success(request, gettext("Nothing more is shared there."))
        return redirect("eid:agreed")
    return render(request, "eid/agreed.html", {"consents": queries.consents_of(request.session[ACCOUNT])})


def _grant(request: ActingRequest) -> CodeGrant:
    """The request as Authlib has checked it. Raises OAuth2Error."""
    signed_in = request.session.get(ACCOUNT) if request.actor.kind is Kind.CITIZEN else None
    grant: CodeGrant = api.PROVIDER.get_consent_grant(request, end_user=signed_in)
    return grant


def _has_agreed(request: ActingRequest, grant: CodeGrant, wanted: frozenset[Scope]) -> bool:
    """Whether the citizen has agreed to just this before, and isn't to be asked anew."""
    before = queries.consent(request.session[ACCOUNT], grant.request.client.client)
    return before is not None and rules.scopes_in(before.scopes) == wanted and grant.prompt != "consent"


def _signed_in_too_long_ago(request: ActingRequest) -> bool:
    signed_in_at, most = request.session.get(SIGNED_IN_AT), request.GET.get("max_age", "")
    if signed_in_at is None:
        return True
    return _is_count(most) and signed_in_at + int(most) < now().timestamp()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _to_sign_in(request: ActingRequest, grant: CodeGrant) -> HttpResponse:
    """Sign in, then come back with the same request, which no longer asks for that. Raises LoginRequiredError."""
    if request.GET.get("prompt") == "none":
        raise LoginRequiredError(redirect_uri=grant.redirect_uri)
    asked = request.GET.copy()
    rest = [word for word in asked.get("prompt", "").split() if word not in SIGN_IN_FIRST]
    for name in ("prompt", "max_age"):
        asked.pop(name, None)
    if rest:
        asked["prompt"] = " ".join(rest)
    back = f"{reverse('eid:authorize')}?{asked.urlencode()}"
    return redirect(f"{reverse('eid:sign-in')}?{urlencode({'next': back})}")


def _answer(request: ActingRequest, grant: CodeGrant, scopes: frozenset[Scope] | None) -> HttpResponse:
    """Send the citizen back with a code for these scopes, or with a no."""
    granting = None
    if scopes is not None:
        signed_in_at = dt.datetime.fromtimestamp(request.session[SIGNED_IN_AT], dt.UTC)
        granting = Granting(request.session[ACCOUNT], scopes, signed_in_at)
    response = api.PROVIDER.create_authorization_response(grant.request, grant_user=granting, grant=grant)
    return api.with_issuer(response)


def _refused(request: ActingRequest, error: OAuth2Error) -> HttpResponse:
    """Back to the relying party with its error; a page of ours where there is no safe way back."""
    error.state = request.GET.get("state")
    response = api.refused(error)
    if "Location" in response:
        return response
    return render(request, "eid/refused.html", {"why": error.description or error.error}, status=400)
