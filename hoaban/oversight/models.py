"""What the data protection officer keeps: notes on look-ups, requests of citizens, looks withheld, breaches.

Nothing here scores an officer: a note is about the look-ups of one day.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hoaban.oversight.rules import BreachKind, Ground, LookResult, RequestKind, RequestState


class LookedInto(models.Model):
    """Somebody asked about unusual look-ups of one day, and what came of it."""

    actor_id = models.CharField(max_length=60)
    day = models.DateField()
    result = models.CharField(max_length=10, choices=[(one.value, one.name) for one in LookResult])
    note = models.CharField(max_length=500)
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["day", "actor_id"], name="looked_into_a_day")]
        constraints = [
            models.CheckConstraint(condition=~Q(by_id=F("actor_id")), name="nobody_looks_into_their_own"),
            models.CheckConstraint(condition=~Q(note=""), name="a_result_is_explained"),
        ]


class Request(models.Model):
    """A citizen asks to see, correct, object to or restrict what is kept of them, by a day set by law."""

    code = models.CharField(max_length=6, unique=True)
    kind = models.CharField(max_length=8, choices=[(one.value, one.name) for one in RequestKind])
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    entry_ulid = models.CharField(max_length=26, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    asked_by_id = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, default=RequestState.OPEN.value, choices=[(one.value, one.name) for one in RequestState]
    )
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="requests_waiting", condition=Q(state="open")),
            models.Index(fields=["person"], name="requests_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answer_has_its_words_and_time",
            ),
            models.UniqueConstraint(
                fields=["person", "entry_ulid"], condition=~Q(entry_ulid=""), name="one_objection_to_a_look"
            ),
        ]


class Withholding(models.Model):
    """The looks of one officer at one person that the person is told of later: on a ground, by two officers, until
    a day. What is withheld is counted on the person's page all the while."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateField()
    ground = models.CharField(max_length=12, choices=[(one.value, one.name) for one in Ground])
    reason = models.CharField(max_length=300)
    asked_by_id = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "actor_id"], name="withheld_of_a_person")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="withholding_has_its_reason")]


class Breach(models.Model):
    """Personal data went where it shouldn't, and what was done in the 72 hours after it was noticed."""

    code = models.CharField(max_length=6, unique=True)
    kind = models.CharField(max_length=10, choices=[(one.value, one.name) for one in BreachKind])
    what = models.CharField(max_length=1000)
    happened_from = models.DateTimeField()
    happened_to = models.DateTimeField()
    noticed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    actor_id = models.CharField(max_length=60, blank=True)
    terminal = models.CharField(max_length=60, blank=True)
    consequences = models.CharField(max_length=1000, blank=True)
    measures = models.CharField(max_length=1000, blank=True)
    late_because = models.CharField(max_length=500, blank=True)
    recorded_by_name = models.CharField(max_length=120)
    notified_at = models.DateTimeField(null=True)
    people_told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(happened_to__gte=F("happened_from")), name="a_breach_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(notified_at__lte=F("due_at")) | ~Q(late_because=""),
                name="a_late_notice_says_why",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(notified_at__isnull=False),
                name="a_breach_is_notified_before_it_is_closed",
            ),
        ]
