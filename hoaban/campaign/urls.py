"""Addresses of the campaign's pages."""

from __future__ import annotations

from django.urls import path

from hoaban.campaign import pages

app_name = "campaign"
urlpatterns = [
    path("chien-dich", pages.board, name="board"),
    path("chien-dich/con-lai/<str:commune>", pages.left, name="left-all"),
    path("chien-dich/con-lai/<str:commune>/<str:segment>", pages.left, name="left"),
    path("chien-dich/ke-hoach", pages.new, name="new"),
    path("chien-dich/ke-hoach/<int:plan_id>", pages.plan, name="plan"),
    path("chien-dich/ke-hoach/<int:plan_id>/chot", pages.fix, name="fix"),
    path("chien-dich/ke-hoach/<int:plan_id>/thu-hoi", pages.withdraw, name="withdraw"),
    path("chien-dich/ke-hoach/<int:plan_id>/<str:team>/<str:day>", pages.sheet, name="sheet"),
]
