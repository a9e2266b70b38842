"""Tells Django of this room. Only the station's own settings install it."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The room `kit`."""

    name = "hoaban.kit"
    label = "kit"
