"""Which steps were begun and played here."""

from __future__ import annotations

from django.db import models


class Played(models.Model):
    """A step that was begun; played to its end it says how long it took and what came of it."""

    step = models.CharField(max_length=20, primary_key=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    megabytes = models.FloatField(default=0)  # by which database and files grew
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.step
