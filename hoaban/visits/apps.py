"""Tells Django of this room."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The room `visits`."""

    name = "hoaban.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"
