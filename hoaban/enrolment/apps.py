"""Tells Django of this room."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """The room `enrolment`."""

    name = "hoaban.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"
