"""Addresses of intake."""

from __future__ import annotations

from django.urls import path

from hoaban.intake import pages

app_name = "intake"
urlpatterns = [
    path("phieu", pages.batches, name="batches"),
    path("phieu/gui", pages.send, name="send"),
    path("phieu/cho-sua", pages.waiting, name="waiting"),
    path("phieu/quy-tac", pages.catalogue, name="catalogue"),
    path("phieu/mau.xlsx", pages.template, name="template"),
    path("phieu/<int:batch_id>/tien-do", pages.progress, name="progress"),
    path("phieu/<int:batch_id>/sua/<int:line>", pages.mend, name="mend"),
    path("phieu/<int:batch_id>", pages.batch, name="batch"),
    path("phieu/<int:batch_id>/dong", pages.rows, name="rows"),
    path("phieu/<int:batch_id>/tra-lai.xlsx", pages.returned, name="returned"),
]
