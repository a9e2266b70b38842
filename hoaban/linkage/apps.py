"""Tells Django of this room."""

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """The room `linkage`."""

    name = "hoaban.linkage"
    label = "linkage"
    default_auto_field = "django.db.models.BigAutoField"
