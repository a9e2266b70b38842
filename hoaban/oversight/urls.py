"""Addresses of the data protection pages."""

from __future__ import annotations

from django.urls import path

from hoaban.oversight import pages

app_name = "oversight"
urlpatterns = [
    path("toi/ai-da-xem", pages.who_looked, name="who-looked"),
    path("giam-sat", pages.entries, name="entries"),
    path("giam-sat/niem-phong", pages.seals, name="seals"),
    path("giam-sat/nhat-ky.csv", pages.export, name="export"),
    path("giam-sat/<str:ulid>", pages.entry, name="entry"),
]
