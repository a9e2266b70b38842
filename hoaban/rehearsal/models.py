"""Which steps were played here."""

from __future__ import annotations

from django.db import models


class Played(models.Model):
    """A step that was played to its end, how long it took and what came of it."""

    step = models.CharField(max_length=20, primary_key=True)
    done_at = models.DateTimeField()
    seconds = models.FloatField()
    megabytes = models.FloatField()  # by which database and files grew
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.step
