"""Tells Django of this room."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The room `matching`."""

    name = "hoaban.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
