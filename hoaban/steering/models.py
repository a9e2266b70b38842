"""The figures as they stood when a day was closed. They name no person and never change."""

from __future__ import annotations

from django.db import models


class Closing(models.Model):
    """A day whose figures were closed: once, by whom, at what time."""

    day = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return str(self.day)


class ClosedFigure(models.Model):
    """One indicator of one commune on a closed day: how many people, of how many where known."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="figures")
    commune_code = models.CharField(max_length=10)
    indicator = models.CharField(max_length=20)
    people = models.PositiveIntegerField()
    of = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "commune_code", "indicator"], name="one_figure_of_a_commune_and_day"
            ),
        ]
