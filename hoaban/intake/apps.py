"""Tells Django of this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room `intake`."""

    name = "hoaban.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
