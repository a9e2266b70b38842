"""Officers, the roles they hold in areas, and approvals that need two of them."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class Officer(AbstractBaseUser):
    """Somebody who signs in to act for the state. Made by an administrator, never by sign-up."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=100)
    title = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    number = models.CharField(
        max_length=12, blank=True
    )  # their own, if they gave it: known people are told apart by it
    is_active = models.BooleanField(default=True)
    simulated = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]
    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.full_name


class Assignment(models.Model):
    """A role held in an area (the code and level of a unit) between two days."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20)
    unit_code = models.CharField(max_length=10)
    unit_level = models.CharField(max_length=10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "role", "unit_code", "unit_level"],
                condition=Q(valid_to=None),
                name="one_open_assignment_of_a_role_in_a_unit",
            )
        ]


class Approval(models.Model):
    """Something proposed by one officer that a second must decide by a day. `payload` belongs to who proposed.

    `permission` is what the second officer must hold in that commune, "" where the caller asks. A proposal that
    nobody decided in time is closed as expired: a no without a second officer.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    commune_code = models.CharField(max_length=10)
    payload = models.JSONField(default=dict)
    permission = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()
    proposed_by_id_text = models.CharField(max_length=60)
    proposed_by_name = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by_id_text = models.CharField(max_length=60, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    expired = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by_id_text=F("proposed_by_id_text")), name="a_second_officer_decides"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, approved=None) | Q(decided_at__isnull=False, approved__isnull=False),
                name="a_decision_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(approved=False) | ~Q(reason="") | Q(expired=True), name="a_no_has_its_reason"
            ),
            models.CheckConstraint(condition=Q(expired=False) | Q(approved=False), name="what_expired_is_a_no"),
            models.CheckConstraint(condition=Q(due_at__gt=F("proposed_at")), name="a_proposal_leaves_time"),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(decided_at=None),
                name="one_open_approval_on_a_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "commune_code"], name="approval_waiting", condition=Q(decided_at=None)),
            models.Index(fields=["due_at"], name="approval_due", condition=Q(decided_at=None)),
            models.Index(fields=["subject"], name="approval_on_subject"),
        ]
