"""Every address: each room's `urls`, and the few of the site itself."""

from __future__ import annotations

from importlib.util import find_spec

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from hoaban.site import pages

# What officers need of allauth. Nobody signs up, and no password is reset by mail: the administrator gives a new one.
OFFICERS: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("thiet-bi/", include("allauth.usersessions.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.front, name="front"),
    path("suc-khoe", pages.health, name="health"),
    path("ngon-ngu", pages.language, name="language"),
    path("dong-chi/", include(OFFICERS)),
    *(path("", include(f"hoaban.{name}.urls")) for name in settings.CONTEXTS if find_spec(f"hoaban.{name}.urls")),
]
