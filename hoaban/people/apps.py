"""Tells Django of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people`."""

    name = "hoaban.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
