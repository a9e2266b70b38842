"""Applications: who asks what for whom, what was answered, what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hoaban.services.rules import STATE_WORDS, Mender, State

DECIDED = [State.APPROVED.value, State.RETURNED.value, State.DECLINED.value]


class Application(models.Model):
    """Somebody asks for a service, for themselves or for somebody else.

    `key` comes with the request, so that the same request twice is one application. `prefilled` is what
    the state filled in, as it stood in the register when the application was sent. `commune_code` is the
    commune that decides. The audit under `subject` is the application's history.
    """

    code = models.CharField(max_length=6, unique=True)
    key = models.CharField(max_length=40, unique=True)
    definition = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    applicant = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    about = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    answers = models.JSONField()
    prefilled = models.JSONField()
    state = models.CharField(
        max_length=10, choices=[(state.value, state.name) for state in State], default=State.SUBMITTED.value
    )
    simulated = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id_text = models.CharField(max_length=60, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    field = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    rule = models.CharField(max_length=200, blank=True)
    mender = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "about"],
                condition=Q(state__in=[State.SUBMITTED.value, State.RETURNED.value]),
                name="one_open_application_of_a_service_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="application_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED.value)
                | ~Q(field="") & ~Q(reason="") & ~Q(rule="") & Q(mender__in=[mender.value for mender in Mender]),
                name="a_return_says_field_reason_rule_and_who_mends_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED.value) | ~Q(reason="") & ~Q(rule=""),
                name="a_no_says_reason_and_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_at__isnull=False) & ~Q(decided_by_id_text=""),
                name="a_decision_has_its_date_and_officer",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(decided_at__gte=F("submitted_at")),
                name="decided_after_it_was_submitted",
            ),
        ]
        indexes = [models.Index(fields=["commune_code", "state", "due_on"], name="applications_by_due_day")]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"services.Application:{self.pk}"

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return STATE_WORDS[State(self.state)]
