"""Addresses of the services, the citizen's pages and the desk."""

from __future__ import annotations

from django.urls import path

from hoaban.services.pages import applying, desk, home, offering

app_name = "services"
urlpatterns = [
    path("dich-vu-cong", offering.services, name="services"),
    path("dich-vu-cong/quay", desk.desk, name="desk"),
    path("dich-vu-cong/quay/<str:code>", desk.application, name="application"),
    path("dich-vu-cong/<slug:slug>", offering.start, name="start"),
    path("dich-vu-cong/<slug:slug>/cau/<int:number>", applying.question, name="question"),
    path("dich-vu-cong/<slug:slug>/xem-lai", applying.check, name="check"),
    path("toi", home.citizen_home, name="citizen-home"),
    path("toi/ho-so/<str:code>", home.result, name="result"),
    path("toi/ho-so/<str:code>/sua", home.mend, name="mend"),
]
