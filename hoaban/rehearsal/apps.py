"""Tells Django of this room."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """The room `rehearsal`."""

    name = "hoaban.rehearsal"
    label = "rehearsal"
    default_auto_field = "django.db.models.BigAutoField"
