"""Tells Django of this room."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """The room `outreach`."""

    name = "hoaban.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"
