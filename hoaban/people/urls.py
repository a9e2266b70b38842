"""Addresses of the register's pages."""

from __future__ import annotations

from django.urls import path

from hoaban.people import pages

app_name = "people"
urlpatterns = [
    path("dan-cu", pages.find, name="find"),
    path("dan-cu/ly-do", pages.purpose, name="purpose"),
    path("dan-cu/<int:person_id>", pages.person, name="person"),
    path("dan-cu/<int:person_id>/lich-su", pages.history, name="history"),
    path("dan-cu/<int:person_id>/ai-da-xem", pages.who_looked, name="who-looked"),
]
