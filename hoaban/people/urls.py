"""Addresses of the register's pages."""

from __future__ import annotations

from django.urls import path

from hoaban.people.pages import changing, deciding, finding, joining, records

app_name = "people"
urlpatterns = [
    path("dan-cu", finding.find, name="find"),
    path("dan-cu/ly-do", finding.purpose, name="purpose"),
    path("dan-cu/cho-duyet", deciding.waiting, name="waiting"),
    path("dan-cu/cho-duyet/<int:approval_id>", deciding.decide, name="decide"),
    path("dan-cu/<int:person_id>", records.person, name="person"),
    path("dan-cu/<int:person_id>/lich-su", records.history, name="history"),
    path("dan-cu/<int:person_id>/ai-da-xem", records.who_looked, name="who-looked"),
    path("dan-cu/<int:person_id>/gop", joining.join, name="join"),
    path("dan-cu/<int:person_id>/<slug:way>", changing.change, name="change"),
    path("ho/<int:household_id>", records.household, name="household"),
    path("ho/<int:household_id>/chu-ho", changing.change_head, name="household-head"),
    path("ho/<int:household_id>/tach", changing.split, name="household-split"),
    path("ho/<int:household_id>/chuyen", changing.move, name="household-move"),
]
