"""The station's addresses."""

from django.urls import include, path

from hoaban.kit import pages

app_name = "kit"
_pages = [
    path("", pages.today, name="today"),
    path("mo-khoa", pages.sign_in, name="sign-in"),
    path("khoa", pages.sign_out, name="sign-out"),
    path("tim", pages.find, name="find"),
    path("bat-dau/<int:person_id>", pages.begin, name="begin"),
    path("ngoai-danh-sach", pages.not_on_list, name="not-on-list"),
    path("luot/<str:ulid>", pages.turn, name="turn"),
    path("luot/<str:ulid>/dung-nguoi", pages.person, name="person"),
    path("luot/<str:ulid>/anh", pages.face, name="face"),
    path("luot/<str:ulid>/anh.jpg", pages.portrait, name="portrait"),
    path("luot/<str:ulid>/van-tay/<str:press>", pages.fingers, name="fingers"),
    path("luot/<str:ulid>/ky", pages.consent, name="consent"),
    path("luot/<str:ulid>/bo", pages.drop, name="drop"),
    path("bien-nhan/<str:ulid>", pages.slip, name="slip"),
    path("dong-bo", pages.sync, name="sync"),
    path("dong-bo/gui", pages.send, name="send"),
]
urlpatterns = [path("", include((_pages, app_name)))]
