"""Rounds, their lots, the forms drawn from them, and what was found on each form."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hoaban.verification import rules
from hoaban.verification.rules import LotState, Outcome, Verdict


class Round(models.Model):
    """One draw in a commune at one level. With its seed and its lot's frame anyone can draw it again."""

    commune_code = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    opened_at = models.DateTimeField()
    opened_by_id = models.CharField(max_length=60)
    opened_by_name = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune_code", "level", "number"], name="rounds_are_numbered"),
            models.UniqueConstraint(
                fields=["commune_code", "level"], condition=Q(closed_at=None), name="one_open_round_of_a_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_code} {self.level}/{self.number}"

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"verification.Round:{self.pk}"

    @property
    def level_words(self) -> object:
        """Its level in words."""
        return rules.level(self.level).title


class Lot(models.Model):
    """The forms that are accepted or returned together: for now all of a round.

    `frame` is the serials drawn from, `limit` the most wrong ones allowed (null where every form is
    looked at and put right). The figures of the decision stay as they were when it was made.
    """

    round = models.OneToOneField(Round, models.PROTECT, related_name="lot", primary_key=True)
    size = models.PositiveIntegerField()
    sample = models.PositiveIntegerField()
    limit = models.PositiveIntegerField(null=True)
    aql = models.CharField(max_length=6)
    frame = ArrayField(models.CharField(max_length=60))
    state = models.CharField(max_length=10, default="open", choices=[(state.value, state.name) for state in LotState])
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    checked = models.PositiveIntegerField(null=True)
    wrong = models.PositiveIntegerField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    sent_back = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sample__gt=0, sample__lte=F("size")), name="a_lot_has_its_sample"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(decided_at__isnull=False, checked__gt=0, wrong__lte=F("checked"), low__lte=F("high"))
                & ~Q(state="open"),
                name="a_decided_lot_has_its_figures",
            ),
        ]

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return rules.STATE_WORDS[LotState(self.state)]


class SampledForm(models.Model):
    """A form drawn for a check: in whose hands it is, how it came out, and its correction's way.

    A correction is sent by the checker and then corrected or declined by a second officer; one that
    was declined in an open lot goes back to the pile with the reason.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="forms")
    place = models.PositiveIntegerField()
    commune_code = models.CharField(max_length=10)
    serial = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    collected_by = models.CharField(max_length=200, blank=True)
    keyed_by_id = models.CharField(max_length=60, blank=True)
    simulated = models.BooleanField(default=False)
    held_by_id = models.CharField(max_length=60, blank=True)
    held_by_name = models.CharField(max_length=120, blank=True)
    held_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True, choices=[(one.value, one.name) for one in Outcome])
    checker_id = models.CharField(max_length=60, blank=True)
    checker_name = models.CharField(max_length=120, blank=True)
    checked_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "place"], name="one_form_at_a_place"),
            models.UniqueConstraint(fields=["lot", "serial"], name="a_form_is_drawn_once"),
            models.CheckConstraint(
                condition=Q(outcome="", checked_at=None, checker_id="")
                | ~Q(outcome="") & ~Q(checker_id="") & Q(checked_at__isnull=False),
                name="a_checked_form_has_its_checker",
            ),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(outcome="wrong"), name="what_is_wrong_is_sent"),
            models.CheckConstraint(
                condition=Q(corrected_at=None) | Q(sent_at__isnull=False), name="what_was_sent_is_corrected"
            ),
        ]
        indexes = [
            models.Index(fields=["commune_code", "outcome"], name="checked_forms_of_a_commune"),
            models.Index(fields=["serial"], name="checks_of_a_form"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"verification.SampledForm:{self.pk}"

    @property
    def reference(self) -> str:
        """How a source names it: the round and the place in it, as in its address."""
        return f"{self.lot_id}/{self.place}"

    def forget_check(self) -> None:
        """Make it unchecked, not yet saved; what the check said is in the audit."""
        self.outcome, self.checker_id, self.checker_name = "", "", ""
        self.checked_at = self.seconds = self.sent_at = self.declined_at = None

    @property
    def outcome_words(self) -> object:
        """How it came out, in words."""
        return rules.OUTCOME_WORDS[Outcome(self.outcome)] if self.outcome else ""


class Finding(models.Model):
    """One field of a form that isn't plainly right: what the register held, what the paper says, both as stored."""

    form = models.ForeignKey(SampledForm, models.CASCADE, related_name="findings")
    field = models.CharField(max_length=30)
    verdict = models.CharField(max_length=8, choices=[(one.value, one.name) for one in Verdict])
    register_value = models.CharField(max_length=300, blank=True)
    paper_value = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "field"], name="a_field_is_found_once")]

    @property
    def verdict_words(self) -> object:
        """What the checker said of it, in words."""
        return rules.VERDICT_WORDS[Verdict(self.verdict)]

    @property
    def changes_the_register(self) -> bool:
        """Whether the register must take the paper's value."""
        return Verdict(self.verdict) in rules.CHANGES_THE_RECORD
