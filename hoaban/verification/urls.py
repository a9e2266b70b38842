"""Addresses of the checks."""

from __future__ import annotations

from django.urls import path

from hoaban.verification.pages import corrections, forms, lots, rounds

app_name = "verification"
urlpatterns = [
    path("kiem-tra", rounds.rounds, name="rounds"),
    path("kiem-tra/rut-mau", rounds.draw, name="draw"),
    path("kiem-tra/cho-duyet", corrections.waiting, name="corrections"),
    path("kiem-tra/dot/<int:round_id>", rounds.one_round, name="round"),
    path("kiem-tra/lo/<int:lot_id>", lots.one_lot, name="lot"),
    path("kiem-tra/lo/<int:lot_id>/mau.csv", lots.sample, name="sample"),
    path("kiem-tra/lo/<int:lot_id>/ket-luan", lots.decide, name="decide"),
    path("kiem-tra/lo/<int:lot_id>/gui", lots.send, name="send"),
    path("kiem-tra/lo/<int:lot_id>/tiep", forms.take_next, name="next"),
    path("kiem-tra/lo/<int:lot_id>/hoan-tac", forms.undo, name="undo"),
    path("kiem-tra/lo/<int:lot_id>/to-khai/<int:place>", forms.form, name="form"),
    path("kiem-tra/lo/<int:lot_id>/to-khai/<int:place>/anh.png", forms.image, name="image"),
]
