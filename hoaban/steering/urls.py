"""Addresses of steering."""

from __future__ import annotations

from django.urls import path

from hoaban.steering.pages import board, home, reports

app_name = "steering"
urlpatterns = [
    path("viec", home.home, name="home"),
    path("tinh", board.board, name="board"),
    path("tinh/so-lieu.csv", board.as_csv, name="csv"),
    path("tinh/so-lieu.xlsx", board.as_xlsx, name="xlsx"),
    path("tinh/ten/<str:indicator>", board.names, name="area-names"),
    path("xa/<str:code>", board.commune, name="commune"),
    path("xa/<str:code>/ten/<str:indicator>", board.names, name="names"),
    path("bao-cao/tuan", reports.weekly, name="weekly"),
    path("bao-cao/tuan/chot", reports.close, name="close"),
    path("bao-cao/tuan.<str:kind>", reports.document, name="document"),
]
