"""Addresses of the data protection pages."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter

from hoaban.oversight.pages import breaches, entries, requests, unusual, withholding


class Day:
    """A day in an address: 2026-03-07."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """The day; ValueError where there is none of that name."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """As it is written in an address."""
        return value.isoformat()


register_converter(Day, "date")
app_name = "oversight"
urlpatterns = [
    path("toi/ai-da-xem", entries.who_looked, name="who-looked"),
    path("toi/ai-da-xem/khong-dong-y/<str:ulid>", requests.disagree, name="disagree"),
    path("toi/du-lieu", requests.my_requests, name="my-requests"),
    path("giam-sat", entries.entries, name="entries"),
    path("giam-sat/niem-phong", entries.seals, name="seals"),
    path("giam-sat/nhat-ky.csv", entries.export, name="export"),
    path("giam-sat/bat-thuong", unusual.unusual, name="unusual"),
    path("giam-sat/bat-thuong/<str:actor_id>/<date:day>", unusual.one_day, name="unusual-day"),
    path("giam-sat/yeu-cau", requests.requests, name="requests"),
    path("giam-sat/yeu-cau/<str:code>", requests.one_request, name="request"),
    path("giam-sat/bao-sau", withholding.withholdings, name="withholdings"),
    path("giam-sat/bao-sau/de-nghi", withholding.ask, name="ask-to-withhold"),
    path("giam-sat/bao-sau/<int:withholding_id>", withholding.decide, name="withholding"),
    path("giam-sat/su-co", breaches.breaches, name="breaches"),
    path("giam-sat/su-co/<str:code>", breaches.breach, name="breach"),
    path("giam-sat/su-co/<str:code>/dong", breaches.close, name="close-breach"),
    path("giam-sat/tac-dong", breaches.impact, name="impact"),
    path("giam-sat/<str:ulid>", entries.entry, name="entry"),
]
