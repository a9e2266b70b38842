"""Addresses of steering."""

from __future__ import annotations

from django.urls import path

from hoaban.steering.pages import board, doors, home, register, reports

app_name = "steering"
urlpatterns = [
    path("viec", home.home, name="home"),
    path("tung-nha", doors.villages, name="villages"),
    path("tung-nha/<str:commune>/<str:village>", doors.doors, name="doors"),
    path("tinh", board.board, name="board"),
    path("tinh/so-lieu.csv", board.as_csv, name="csv"),
    path("tinh/so-lieu.xlsx", board.as_xlsx, name="xlsx"),
    path("tinh/ten/<str:measure>", board.names, name="area-names"),
    path("xa/<str:code>", board.commune, name="commune"),
    path("xa/<str:code>/ten/<str:measure>", board.names, name="names"),
    path("so-dan-cu", register.register, name="register"),
    path("so-dan-cu/ho", register.households, name="households"),
    path("so-dan-cu/so-lieu.<str:kind>", register.document, name="register-document"),
    path("so-dan-cu/ten/<str:measure>", register.names, name="register-names"),
    path("so-dan-cu/<str:key>", register.register, name="register-of"),
    path("so-dan-cu/<str:key>/ho", register.households, name="households-of"),
    path("so-dan-cu/<str:key>/so-lieu.<str:kind>", register.document, name="register-document-of"),
    path("so-dan-cu/<str:key>/ten/<str:measure>", register.names, name="register-names-of"),
    path("bao-cao/tuan", reports.weekly, name="weekly"),
    path("bao-cao/tuan/chot", reports.close, name="close"),
    path("bao-cao/tuan.<str:kind>", reports.document, name="document"),
]
