"""Teams, plans, the days of teams and what they hold on them. No person stands here: names are asked for anew."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hoaban.campaign.rules.life import PLAN_WORDS, PlanState
from hoaban.campaign.rules.planning import KIND_WORDS, SessionKind


class Team(models.Model):
    """People with one kit; its base is the seat of a commune. Stations know it by its code."""

    code = models.CharField(max_length=20, unique=True)
    commune_code = models.CharField(max_length=10)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Plan(models.Model):
    """A week of some teams in some communes. `figures` were counted when it was made."""

    first_day = models.DateField()
    commune_codes = ArrayField(models.CharField(max_length=10))
    team_codes = ArrayField(models.CharField(max_length=20))
    state = models.CharField(max_length=10, default=PlanState.DRAFT.value)
    figures = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=120)
    fixed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    why_withdrawn = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first_day", "commune_codes", "team_codes"],
                condition=Q(state=PlanState.DRAFT.value),
                name="one_draft_for_the_same_question",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PlanState]), name="plan_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT.value) | Q(fixed_at__isnull=False), name="fixed_plan_has_its_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.WITHDRAWN.value) | Q(withdrawn_at__isnull=False) & ~Q(why_withdrawn=""),
                name="withdrawn_plan_has_date_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"campaign.Plan:{self.pk}"

    @property
    def state_words(self) -> object:
        """Where it is, in words."""
        return PLAN_WORDS[PlanState(self.state)]


class Shift(models.Model):
    """A team's day: when and from where it leaves, when it is done, where it sleeps."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="shifts")
    team = models.ForeignKey(Team, models.PROTECT, related_name="shifts")
    day = models.DateField()
    leaves_from = models.CharField(max_length=12)
    leaves_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sleeps_at = models.CharField(max_length=12)
    travel_minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "team", "day"], name="one_shift_of_a_team_a_day"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("leaves_at")), name="shift_ends_after_it_begins"),
        ]


class Stop(models.Model):
    """A session of a shift: people of one village at one place, at the simulator's times."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="stops")
    number = models.PositiveSmallIntegerField()  # within the shift
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    place = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in SessionKind])
    people = models.PositiveIntegerField()
    seconds_each = models.PositiveIntegerField()
    travel_minutes = models.PositiveIntegerField()
    arrives_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "number"], name="one_stop_of_a_number_in_a_shift"),
            models.CheckConstraint(condition=Q(people__gt=0), name="a_stop_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("arrives_at"), ends_at__gt=F("starts_at")),
                name="a_stop_runs_forward",
            ),
        ]

    @property
    def kind_words(self) -> object:
        """What is done there, in words."""
        return KIND_WORDS[SessionKind(self.kind)]
