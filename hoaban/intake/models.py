"""Files received, their rows as they came, and what was found wrong in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hoaban.intake.rules import RowState, Severity


class Batch(models.Model):
    """A file of forms. The same file sent again is the same batch.

    `refusal` is the code and facts of why the file couldn't be read as a whole. `commune_code` is that of
    forms that don't name theirs.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    communes = models.CharField(max_length=2000, default="*")
    commune_code = models.CharField(max_length=10, blank=True)
    loaded_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.name


class FormRow(models.Model):
    """One form as it was written, and what became of it. `row_hash` covers the columns of DC01.

    `mends` is the returned row that this one mends. A row mended on the page stands below the file's last line.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="form_rows", db_index=False)
    line = models.PositiveIntegerField()
    serial = models.CharField(max_length=60)
    commune_code = models.CharField(max_length=10)
    written = models.JSONField()
    row_hash = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in RowState])
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    simulated = models.BooleanField(default=False)
    mends = models.ForeignKey("self", models.PROTECT, null=True, related_name="mended_by", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="one_row_per_line"),
            models.UniqueConstraint(fields=["serial", "row_hash"], name="the_same_row_once"),
            models.UniqueConstraint(fields=["serial"], condition=~Q(person=None), name="one_person_per_form"),
            models.CheckConstraint(
                condition=Q(state=RowState.RETURNED.value, person=None)
                | Q(state__in=[RowState.ACCEPTED.value, RowState.QUESTIONED.value], person__isnull=False),
                name="an_accepted_row_has_its_person",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "state"], name="rows_by_state"),
            models.Index(fields=["mends"], condition=~Q(mends=None), name="rows_that_mend"),
        ]

    def __str__(self) -> str:
        return self.serial


class Share(models.Model):
    """How many rows of a file one commune has by state, kept with the rows, so that nobody counts a province's."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="shares", db_index=False)
    commune_code = models.CharField(max_length=10)
    accepted = models.PositiveIntegerField(default=0)
    questioned = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "commune_code"], name="one_share_of_a_commune")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.commune_code}"


class Finding(models.Model):
    """One fault or doubt of one row: which rule, on which column, about which value.

    `proposal` is what to write instead, `other` the serial of the form with which the row is at odds.
    """

    row = models.ForeignKey(FormRow, models.CASCADE, related_name="findings")
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=30)
    severity = models.CharField(max_length=8, choices=[(severity.value, severity.name) for severity in Severity])
    value = models.CharField(max_length=300, blank=True)
    proposal = models.CharField(max_length=300, blank=True)
    other = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "code", "field"], name="a_finding_is_said_once")]
