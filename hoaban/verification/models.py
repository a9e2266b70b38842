"""Rounds, their lots, the forms drawn from them, and what was found on each form."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q

from hoaban.verification import rules
from hoaban.verification.rules import Inspection, LotsBy, LotState, Outcome, Step, Verdict


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(one.value, one.name) for one in kind]


class Round(models.Model):
    """A check at one level over a chosen set of communes. With its seed and its lots' frames anyone draws it again.

    `communes` are the keys that were chosen, whether they had forms or not; `direct` says that it draws from what
    the level below didn't look at; `plan` is a `rules.PlanSpec`, and `more` how many forms in a hundred of the plan's
    are drawn besides, where errors are likelier, by the `importance` of each stratum.
    """

    name = models.CharField(max_length=120, blank=True)
    level = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    communes = ArrayField(models.CharField(max_length=10))
    direct = models.BooleanField(default=False)
    lots_by = models.CharField(max_length=8, choices=_choices(LotsBy))
    plan = models.JSONField()
    more = models.PositiveSmallIntegerField(default=0)
    importance = models.JSONField(default=dict)
    seed = models.BigIntegerField()
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    drawn_at = models.DateTimeField()
    drawn_by_id = models.CharField(max_length=60)
    drawn_by_name = models.CharField(max_length=120)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "number"], name="rounds_are_numbered"),
            models.CheckConstraint(condition=Q(communes__len__gt=0), name="a_round_has_its_communes"),
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(closes_on__gte=F("opens_on")), name="a_round_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"verification.Round:{self.pk}"

    @property
    def level_words(self) -> object:
        """Its level in words."""
        return rules.level(self.level).title

    @property
    def spec(self) -> rules.PlanSpec:
        """Its plan."""
        return rules.PlanSpec.of(self.plan)

    @property
    def plan_words(self) -> object:
        """The kind of its plan, in words."""
        return rules.PLAN_WORDS[self.spec.kind]


class Lots(models.QuerySet["Lot"]):
    """Lots, and holding them open."""

    def keep_open(self, lot_id: int) -> None:
        """Nobody decides that lot until the transaction ends; others may check its forms at the same time."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM verification_lot WHERE id = %s FOR SHARE", [lot_id])

    def keep_open_of(self, form_id: int) -> None:
        """The same for the lot of a form. Who locks the form too does it after."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM verification_lot"
                " WHERE id = (SELECT lot_id FROM verification_sampledform WHERE id = %s) FOR SHARE",
                [form_id],
            )


class Lot(models.Model):
    """The forms of a commune or a village that are accepted or returned together.

    `frame` holds the serials drawn from by stratum; the first `sample` of the `drawn` forms decide the lot, at least
    `more` stand for the strata besides; `limit` is the most wrong ones among the first that are allowed (null where
    every form is looked at and put right). `level` is the one at which it is checked: the rows of a returned lot go
    back to the level below. The figures of the decision stay as they were when it was made: `wrong` of `checked`
    forms, of which `counted` among those that decide, and the groups by which errors were looked for.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="lots")
    number = models.PositiveIntegerField()
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    level = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=6, choices=_choices(Step))
    returned_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    seed = models.BigIntegerField()
    size = models.PositiveIntegerField()
    sample = models.PositiveIntegerField()
    more = models.PositiveIntegerField(default=0)
    drawn = models.PositiveIntegerField()
    limit = models.PositiveIntegerField(null=True)
    inspection = models.CharField(max_length=12, choices=_choices(Inspection))
    frame = models.JSONField()
    state = models.CharField(max_length=10, default="open", choices=_choices(LotState))
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.CharField(max_length=60, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    checked = models.PositiveIntegerField(null=True)
    wrong = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField(null=True)
    rate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    sent_back = ArrayField(models.CharField(max_length=60), default=list)
    sent_back_by = models.CharField(max_length=8, blank=True)
    groups = models.JSONField(default=list)
    override_reason = models.CharField(max_length=300, blank=True)
    override_by_id = models.CharField(max_length=60, blank=True)
    override_by_name = models.CharField(max_length=120, blank=True)

    objects = Lots.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="lots_are_numbered"),
            models.UniqueConstraint(fields=["returned_from", "step"], name="a_returned_lot_is_followed_once"),
            models.CheckConstraint(
                condition=Q(step=Step.FIRST.value, returned_from=None)
                | ~Q(step=Step.FIRST.value) & Q(returned_from__isnull=False),
                name="what_follows_names_the_returned_lot",
            ),
            models.CheckConstraint(
                condition=Q(sample__gt=0, drawn__gte=F("sample"), size__gte=F("drawn")), name="a_lot_has_its_sample"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(decided_at__isnull=False, checked__gt=0, wrong__lte=F("checked"), low__lte=F("high"))
                & Q(counted__lte=F("wrong"), rate__isnull=False)
                & ~Q(state="open"),
                name="a_decided_lot_has_its_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(limit=None)
                | Q(counted__lte=F("limit"))
                | ~Q(override_reason="") & ~Q(override_by_id="") & ~Q(override_by_id=F("decided_by_id")),
                name="over_its_limit_two_officers_and_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(limit__isnull=False, counted__gt=F("limit")),
                name="a_returned_lot_is_over_its_limit",
            ),
        ]
        indexes = [
            models.Index(fields=["commune_code", "state"], name="lots_of_a_commune"),
            models.Index(fields=["state", "decided_at"], name="lots_by_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"verification.Lot:{self.pk}"

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return rules.STATE_WORDS[LotState(self.state)]

    @property
    def step_words(self) -> object:
        """Why it was drawn, in words."""
        return rules.STEP_WORDS[Step(self.step)]

    @property
    def inspection_words(self) -> object:
        """How severely it is inspected, in words."""
        return rules.INSPECTION_WORDS[Inspection(self.inspection)]

    @property
    def level_words(self) -> object:
        """The level at which it is checked, in words."""
        return rules.level(self.level).title


class SampledForm(models.Model):
    """A form drawn for a check: in whose hands it is, how it came out, and its correction's way.

    `weight` is how many forms of the lot it stands for. A correction is sent by the checker and then corrected or
    declined by a second officer; one that was declined in an open lot goes back to the pile with the reason.
    Who collected, keyed or checked a form before can't check it: see also `migrations/0002_walls`.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="forms", db_index=False)
    place = models.PositiveIntegerField()
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    serial = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=12)
    weight = models.FloatField()
    collected_by = models.CharField(max_length=200, blank=True)
    filled_on = models.CharField(max_length=20, blank=True)
    keyed_by_id = models.CharField(max_length=60, blank=True)
    simulated = models.BooleanField(default=False)
    held_by_id = models.CharField(max_length=60, blank=True, db_default="")
    held_by_name = models.CharField(max_length=120, blank=True, db_default="")
    held_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True, db_default="", choices=_choices(Outcome))
    checker_id = models.CharField(max_length=60, blank=True, db_default="")
    checker_name = models.CharField(max_length=120, blank=True, db_default="")
    checked_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "place"], name="one_form_at_a_place"),
            models.UniqueConstraint(fields=["lot", "serial"], name="a_form_is_drawn_once"),
            models.UniqueConstraint(
                fields=["serial", "checker_id"], condition=~Q(checker_id=""), name="nobody_checks_a_form_twice"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="a_form_stands_for_itself_at_least"),
            models.CheckConstraint(
                condition=Q(checker_id="") | ~Q(checker_id=F("keyed_by_id")), name="nobody_checks_what_they_keyed"
            ),
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
            models.Index(fields=["lot", "place"], condition=Q(outcome=""), name="forms_to_check"),
            models.Index(fields=["lot", "checker_id", "checked_at"], name="checks_of_an_officer"),
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
        """How a source names it: the lot and the place in it, as in its address."""
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
    verdict = models.CharField(max_length=8, choices=_choices(Verdict))
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
