"""Tells Django of this room."""

from django.apps import AppConfig


class CampaignConfig(AppConfig):
    """The room `campaign`."""

    name = "hoaban.campaign"
    label = "campaign"
    default_auto_field = "django.db.models.BigAutoField"
