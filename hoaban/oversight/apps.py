"""Tells Django of this room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The room `oversight`."""

    name = "hoaban.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.BigAutoField"
