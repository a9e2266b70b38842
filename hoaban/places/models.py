"""Units with the days on which they are valid, and villages."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Level(models.TextChoices):
    """The level of a unit. Which levels exist on a day is in the rows, not here."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Unit(models.Model):
    """An administrative unit. Its identity is (code, valid_from): codes were used again in 2025."""

    code = models.CharField(max_length=5)
    level = models.CharField(max_length=10, choices=Level.choices)
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120)
    name_fold = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    seat_lat = models.FloatField(null=True)
    seat_lon = models.FloatField(null=True)
    population_2022 = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="unit_is_code_and_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Village(models.Model):
    """A village of a commune. `invented` marks names and points made up for a demonstration."""

    code = models.CharField(max_length=12, unique=True)
    commune_code = models.CharField(max_length=5)
    name = models.CharField(max_length=80)
    name_fold = models.CharField(max_length=80)
    lat = models.FloatField()
    lon = models.FloatField()
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune_code", "name"], name="one_village_of_a_name_in_a_commune")
        ]

    def __str__(self) -> str:
        return self.name
