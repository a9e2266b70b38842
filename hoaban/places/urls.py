"""Addresses of places."""

from __future__ import annotations

from django.urls import path

from hoaban.places import pages

app_name = "places"
urlpatterns = [
    path("dia-danh", pages.find, name="find"),
    path("dia-danh/<str:key>", pages.place, name="place"),
]
