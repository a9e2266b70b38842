"""Receiving forms: files kept, rows checked, people entered, the rest returned and mended."""

from hoaban.intake.actions.following import follow_join
from hoaban.intake.actions.loading import load, load_all, load_received
from hoaban.intake.actions.mending import mend
from hoaban.intake.actions.receiving import receive, register_images, send

__all__ = ["follow_join", "load", "load_all", "load_received", "mend", "receive", "register_images", "send"]
