"""Every address: each room's `urls`, and the few of the site itself."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from hoaban.site import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.front, name="front"),
    path("suc-khoe", pages.health, name="health"),
    path("ngon-ngu", pages.language, name="language"),
    path("dong-chi/", include("allauth.urls")),
    *(path("", include(f"hoaban.{name}.urls")) for name in settings.CONTEXTS if find_spec(f"hoaban.{name}.urls")),
]
