"""The gallery of components."""

from django.urls import path

from hoaban.web import pages

app_name = "web"
urlpatterns = [
    path("_mau", pages.gallery, name="gallery"),
    path("_mau/loi/<int:status>", pages.error, name="error"),
]
