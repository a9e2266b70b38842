"""Tells Django of this room."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The room `places`."""

    name = "hoaban.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
