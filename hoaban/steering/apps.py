"""Tells Django of this room."""

from django.apps import AppConfig


class SteeringConfig(AppConfig):
    """The room `steering`."""

    name = "hoaban.steering"
    label = "steering"
    default_auto_field = "django.db.models.BigAutoField"
