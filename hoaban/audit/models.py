"""Entries and the epochs that seal them. Entries are written once: the app's role can't change them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Epoch(models.Model):
    """A sealed run of entries. `hash` covers the root and the epoch before."""

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    hash = models.BinaryField()


class Entry(models.Model):
    """Somebody did or saw something. Names everything by value.

    `xid` (the writing transaction, added by the migration) lets the sealer take only entries of
    transactions that are over, so that no late entry slips behind a seal.
    """

    ulid = models.CharField(max_length=26, unique=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    person_ids = ArrayField(models.BigIntegerField(), default=list)
    leaf = models.BinaryField()
    epoch = models.ForeignKey(Epoch, models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="audit_by_subject"),
            models.Index(fields=["action", "at"], name="audit_by_action"),
            models.Index(fields=["id"], condition=models.Q(epoch=None), name="audit_not_sealed"),
        ]
