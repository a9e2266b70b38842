"""Tells Django of this room."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """The room `cards`."""

    name = "hoaban.cards"
    label = "cards"
    default_auto_field = "django.db.models.BigAutoField"
