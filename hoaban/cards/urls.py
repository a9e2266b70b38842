"""Addresses of the card pages."""

from __future__ import annotations

from django.urls import path

from hoaban.cards.pages import batches, counter, desk, tracking

app_name = "cards"
urlpatterns = [
    path("the", tracking.where, name="where"),
    path("the/ban", desk.desk, name="desk"),
    path("the/ban/de-nghi", desk.to_propose, name="to-propose"),
    path("the/ban/duyet", desk.to_release, name="to-release"),
    path("the/ban/don/<str:code>", desk.application, name="application"),
    path("the/ban/kiem", desk.to_check, name="to-check"),
    path("the/ban/cham", desk.late, name="late"),
    path("the/ban/lo", batches.batches, name="batches"),
    path("the/ban/lo/<str:code>", batches.batch, name="batch"),
    path("the/ban/phat", counter.counter, name="counter"),
    path("the/ban/phat/<str:serial>", counter.handover, name="handover"),
    path("the/ban/the/<str:serial>", counter.card, name="card"),
    path("the/ban/the/<str:serial>/mat.pdf", counter.faces_pdf, name="faces-pdf"),
    path("the/ban/the/<str:serial>/<str:side>.png", counter.face_png, name="face-png"),
    path("the/<str:code>", tracking.track, name="track"),
]
