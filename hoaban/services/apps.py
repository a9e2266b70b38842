"""Tells Django of this room."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """The room `services`."""

    name = "hoaban.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"
