"""Tells Django of this room."""

from django.apps import AppConfig


class EidConfig(AppConfig):
    """The room `eid`."""

    name = "hoaban.eid"
    label = "eid"
    default_auto_field = "django.db.models.BigAutoField"
