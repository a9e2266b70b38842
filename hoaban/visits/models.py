"""Appointments: one row for each time that somebody was promised a team."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Appointment(models.Model):
    """A person, a team, a time and a place. `plan_ref` names the plan that promised it.

    It is open until the person was met or it was called off; nobody has two open ones.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    team_code = models.CharField(max_length=20)
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    plan_ref = models.CharField(max_length=60)
    promised_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    why_cancelled = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(met_at=None, cancelled_at=None),
                name="one_open_appointment_per_person",
            ),
            models.UniqueConstraint(fields=["plan_ref", "person"], name="a_plan_promises_a_person_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(cancelled_at=None), name="an_appointment_ends_in_one_way"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, why_cancelled="") | Q(cancelled_at__isnull=False) & ~Q(why_cancelled=""),
                name="appointment_called_off_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["team_code", "day"], name="appointments_of_a_team"),
            models.Index(fields=["commune_code", "day"], name="appointments_of_a_commune"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.place}"

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"visits.Appointment:{self.pk}"
