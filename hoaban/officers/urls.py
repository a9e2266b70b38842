"""Addresses of officers' own pages."""

from __future__ import annotations

from django.urls import path

from hoaban.officers import pages

app_name = "officers"
urlpatterns = [path("nguoi-thu-hai", pages.waiting, name="waiting")]
