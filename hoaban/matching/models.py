"""Suspected pairs, what reviewers say of them, and what was looked at."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from hoaban.matching import rules
from hoaban.matching.rules import State, Verdict


class Case(models.Model):
    """Two records that may be one person. A pair is asked about once; its answer stays.

    `enrolment` raised it and is of `person`. `evidence` is linkage's: field, level, bits. The communes
    are those of both records when it was opened: who doesn't cover both doesn't see it. `proposal` is that
    of joining the two records, which officers of the register decide.
    """

    enrolment = models.ForeignKey("enrolment.Enrolment", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    other_commune_code = models.CharField(max_length=10)
    bits = models.FloatField()
    evidence = models.JSONField()
    same_prints = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, default=State.OPEN.value, choices=[(one.value, one.name) for one in State])
    simulated = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    proposal = models.ForeignKey("officers.Approval", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(Least("person", "other"), Greatest("person", "other"), name="one_case_of_a_pair"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="a_pair_is_of_two_records"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="case_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="a_decided_case_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["opened_at", "id"], name="open_cases", condition=Q(state="open"))]

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"matching.Case:{self.pk}"

    def other_of(self, person_id: int) -> int:
        """The other one of the pair."""
        return self.other_id if person_id == self.person_id else self.person_id

    @property
    def state_words(self) -> object:
        """What was decided, in words."""
        return rules.STATE_WORDS[State(self.state)]


class Review(models.Model):
    """One officer's verdict on a case, given without seeing the others'."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    officer_id = models.CharField(max_length=60)
    officer_name = models.CharField(max_length=120)
    verdict = models.CharField(max_length=10, choices=[(one.value, one.name) for one in Verdict])
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "officer_id"], name="an_officer_reviews_a_case_once"),
            models.CheckConstraint(condition=Q(verdict__in=[one.value for one in Verdict]), name="verdict_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_verdict_has_its_reason"),
        ]

    @property
    def verdict_words(self) -> object:
        """The verdict in words."""
        return rules.VERDICT_WORDS[Verdict(self.verdict)]


class Look(models.Model):
    """That doubles of an enrolled person were looked for, when, and what came of it last."""

    enrolment = models.OneToOneField("enrolment.Enrolment", models.PROTECT, primary_key=True, related_name="+")
    commune_code = models.CharField(max_length=10)
    looked_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)


class Print(models.Model):
    """The SHA-256 of one print's template, to see whether the very same capture came before."""

    enrolment = models.ForeignKey("enrolment.Enrolment", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    finger = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "finger"], name="one_print_of_a_finger")]
        indexes = [models.Index(fields=["digest"], name="prints_by_digest")]
