"""The citizen's door: activate, sign in, sign out, change the password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.eid import actions, queries
from hoaban.eid.forms import ActivateForm, ChangePasswordForm, SignInForm
from hoaban.eid.models import Account
from hoaban.web.permissions import ActingRequest, for_anyone, for_citizen

ACCOUNT = "citizen_account"  # the site's middleware reads both
SIGNED_IN_AT = "citizen_signed_in_at"


@for_anyone
@never_cache
def activate(request: ActingRequest) -> HttpResponse:
    """Number, slip, password twice: the account is in use and its holder signed in."""
    form = ActivateForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("number", "slip_code", "password")}
        try:
            account = actions.activate(**given, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            _let_in(request, account)
            messages.success(request, gettext("Your account is in use. Papers to bring from now on: 0."))
            return HttpResponseRedirect(_onward(request))
    return render(request, "eid/activate.html", {"form": form, "onward": request.GET.urlencode()})


@for_anyone
@never_cache
def sign_in(request: ActingRequest) -> HttpResponse:
    """Number and password; back to where the citizen was."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            account = actions.sign_in(**form.cleaned_data, by=request.actor, at=now())
        except Refusal as no:
            form.refuse(no)
        else:
            _let_in(request, account)
            return HttpResponseRedirect(_onward(request))
    return render(request, "eid/sign_in.html", {"form": form, "onward": request.GET.urlencode()})


@for_anyone
@require_POST
def sign_out(request: ActingRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("front")


@for_citizen
@never_cache
def password(request: ActingRequest) -> HttpResponse:
    """A new password, for who knows the present one."""
    account = queries.account(request.session[ACCOUNT])
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        written = form.cleaned_data
        try:
            actions.change_password(
                account_id=account.pk, old=written["old"], new=written["password"], by=request.actor,
                at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.refuse(no)
        else:
            _let_in(request, account)
            messages.success(request, gettext("Your new password is kept."))
            return redirect("eid:password")
    return render(request, "eid/password.html", {"form": form, "account": account})


def _let_in(request: ActingRequest, account: Account) -> None:
    """Begin a session of the citizen's own; whoever was signed in here before is signed out."""
    logout(request)
    request.session[ACCOUNT] = account.pk
    request.session[SIGNED_IN_AT] = int(now().timestamp())


def _onward(request: ActingRequest) -> str:
    """Where the citizen wanted to go, if that's here; else their own page."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else str(settings.CITIZEN_LOGIN_REDIRECT_URL)
