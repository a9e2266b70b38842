"""Tells Django of this room."""

from django.apps import AppConfig


class OfficersConfig(AppConfig):
    """The room `officers`."""

    name = "hoaban.officers"
    label = "officers"
    default_auto_field = "django.db.models.BigAutoField"
