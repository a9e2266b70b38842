"""Receiving forms: files kept, rows checked, people entered, the rest returned."""

from hoaban.intake.actions.loading import load, load_received
from hoaban.intake.actions.receiving import receive, register_images, send

__all__ = ["load", "load_received", "receive", "register_images", "send"]
