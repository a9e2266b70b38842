"""Addresses of enrolment."""

from django.urls import path

from hoaban.enrolment import api, pages

app_name = "enrolment"
urlpatterns = [
    path("thu-nhan", pages.packets, name="packets"),
    path("thu-nhan/goi/<str:ulid>", pages.packet, name="packet"),
    path("thu-nhan/luot/<str:ulid>", pages.enrolment, name="enrolment"),
    path("thu-nhan/luot/<str:ulid>/anh.jpg", pages.face, name="face"),
    path("thu-nhan/luot/<str:ulid>/cho-qua", pages.release, name="release"),
    path("thu-nhan/luot/<str:ulid>/la-ai", pages.name_person, name="name-person"),
    path("thu-nhan/tram/<str:code>", pages.kit, name="kit"),
    path("thu-nhan/tram/<str:code>/thu-hoi", pages.withdraw, name="withdraw"),
    path("dong-bo/announce", api.announce, name="announce"),
    path("dong-bo/p/<str:ulid>", api.piece, name="piece"),
    path("dong-bo/lists", api.work_list, name="work-list"),
]
