"""Addresses of the pages of suspected pairs."""

from __future__ import annotations

from django.urls import path

from hoaban.matching import pages

app_name = "matching"
urlpatterns = [
    path("mot-hay-hai", pages.cases, name="cases"),
    path("mot-hay-hai/<int:case_id>", pages.case, name="case"),
]
