"""Addresses of the checks."""

from __future__ import annotations

from django.urls import path

from hoaban.verification.pages import corrections, forms, rounds

app_name = "verification"
urlpatterns = [
    path("kiem-tra", rounds.rounds, name="rounds"),
    path("kiem-tra/rut-mau", rounds.draw, name="draw"),
    path("kiem-tra/cho-duyet", corrections.waiting, name="corrections"),
    path("kiem-tra/<int:round_id>", rounds.one_round, name="round"),
    path("kiem-tra/<int:round_id>/ket-luan", rounds.decide, name="decide"),
    path("kiem-tra/<int:round_id>/gui", rounds.send, name="send"),
    path("kiem-tra/<int:round_id>/tiep", forms.take_next, name="next"),
    path("kiem-tra/<int:round_id>/hoan-tac", forms.undo, name="undo"),
    path("kiem-tra/<int:round_id>/to-khai/<int:place>", forms.form, name="form"),
    path("kiem-tra/<int:round_id>/to-khai/<int:place>/anh.png", forms.image, name="image"),
]
