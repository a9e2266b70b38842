"""Entries and the epochs that seal them. Both are written once: the app's role can't change them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Epoch(models.Model):
    """A sealed run of entries: their ids and hashes in the order in which they were sealed.

    `hash` covers the root, the time and the epoch before. Where the sealing stood is kept beside, so that no
    entry is left out and none is taken twice: everything of transactions up to `upto_xid` (the last of them up
    to the entry `upto_id`), as `server` counts its transactions; `base_id` is the last entry that came from
    elsewhere with a restored dump.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    hash = models.BinaryField()
    entry_ids = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    server = models.CharField(max_length=20)
    upto_xid = models.BigIntegerField()
    upto_id = models.BigIntegerField()
    base_id = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["last_id"], name="audit_epoch_of_an_entry")]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gt=0, count__gt=0), name="an_epoch_seals_something"),
        ]


class Entry(models.Model):
    """Somebody did or saw something: who, when, from where, why, on what kind of thing, in which place.

    Names everything by value. `xid` (the writing transaction, added by the migration) lets the sealer take only
    entries of transactions that are over, so that no late entry slips behind a seal.
    """

    ulid = models.CharField(max_length=26)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    commune_code = models.CharField(max_length=10, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=120)
    address = models.CharField(max_length=45, blank=True)
    terminal = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    person_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
            models.Index(fields=["at", "id"], name="audit_by_time"),
        ]
        # as a constraint: `unique=True` would add an index for LIKE, which costs each entry and serves nobody
        constraints = [models.UniqueConstraint(fields=["ulid"], name="an_entry_has_its_own_ulid")]

    @property
    def thing(self) -> str:
        """What kind of thing it was done to: the model of its subject."""
        return self.subject.partition(":")[0]
