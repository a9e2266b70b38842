"""Tells Django of this room."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The room `verification`."""

    name = "hoaban.verification"
    label = "verification"
    default_auto_field = "django.db.models.BigAutoField"
