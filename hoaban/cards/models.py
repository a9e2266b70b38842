"""Applications, cards and the batches in which cards travel. Every state has its date."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from hoaban.cards import rules
from hoaban.cards.rules import ApplicationState, BatchState, CardState, Kind

_REACHED = {state.value: [later.value for later in rules.LIFE[place:]] for place, state in enumerate(rules.LIFE)}


def _has_date_from(state: CardState, field: str) -> models.CheckConstraint:
    """A card that came as far as `state` knows when."""
    return models.CheckConstraint(
        condition=~Q(state__in=_REACHED[state]) | Q(**{f"{field}__isnull": False}),
        name=f"{state.value}_card_has_its_date",
    )


class Application(models.Model):
    """Somebody asks for a card. `code` is what they follow it by."""

    code = models.CharField(max_length=6, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    enrolment = models.OneToOneField("enrolment.Enrolment", models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in Kind])
    state = models.CharField(
        max_length=10, choices=[(state.value, state.name) for state in ApplicationState], default="requested"
    )
    simulated = models.BooleanField(default=False)
    requested_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["requested", "proposed"]),
                name="one_open_application_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "declined"]) | Q(proposed_at__isnull=False),
                name="proposed_application_has_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False), name="approved_application_has_its_date"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(declined_at__isnull=False) & ~Q(decline_reason=""),
                name="declined_application_has_date_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "commune_code"], name="card_applications_by_state")]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"cards.Application:{self.pk}"

    @property
    def kind_words(self) -> object:
        """Why it was asked for, in words."""
        return rules.KIND_WORDS[Kind(self.kind)]

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return rules.APPLICATION_WORDS[ApplicationState(self.state)]


class Batch(models.Model):
    """Cards that travel together to one commune."""

    code = models.CharField(max_length=6, unique=True)
    commune_code = models.CharField(max_length=10)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_count = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="batch_is_not_empty"),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(sent_at__isnull=False), name="only_a_sent_batch_arrives"
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None, arrived_count=None)
                | Q(arrived_at__isnull=False, arrived_count__lte=F("count")),
                name="arrived_cards_are_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"cards.Batch:{self.pk}"

    @property
    def state(self) -> BatchState:
        """Where the batch is."""
        if self.arrived_at is not None:
            return BatchState.ARRIVED
        return BatchState.PACKED if self.sent_at is None else BatchState.SENT

    @property
    def state_words(self) -> object:
        """Where the batch is, in words."""
        return rules.BATCH_WORDS[self.state]

    @property
    def missing(self) -> int:
        """How many cards were sent and didn't arrive."""
        return 0 if self.arrived_count is None else self.count - self.arrived_count


class Card(models.Model):
    """One card. A spoiled one is made again for the same application under the next serial."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="cards")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    serial = models.CharField(max_length=10, unique=True)
    number = models.CharField(max_length=12)
    commune_code = models.CharField(max_length=10)
    state = models.CharField(
        max_length=12, choices=[(state.value, state.name) for state in CardState], default="approved"
    )
    simulated = models.BooleanField(default=False)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    folder = models.CharField(max_length=40, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="cards")
    approved_at = models.DateTimeField()
    personalised_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="handed_over"), name="one_live_card_per_person"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=[state.value for state in rules.IN_MAKING]),
                name="one_card_in_making_per_person",
            ),
            _has_date_from(CardState.PERSONALISED, "personalised_at"),
            _has_date_from(CardState.CHECKED, "checked_at"),
            _has_date_from(CardState.SENT, "sent_at"),
            _has_date_from(CardState.AT_COMMUNE, "arrived_at"),
            _has_date_from(CardState.HANDED_OVER, "handed_over_at"),
            models.CheckConstraint(
                condition=~Q(state__in=_REACHED["personalised"]) | ~Q(folder=""), name="personalised_card_has_files"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_REACHED["sent"]) | Q(batch__isnull=False), name="sent_card_is_in_a_batch"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_REACHED["approved"], ended_at=None)
                | Q(state__in=[state.value for state in rules.ENDED], ended_at__isnull=False) & ~Q(end_reason=""),
                name="ended_card_has_date_and_reason",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{12}$"), name="card_bears_12_digits"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("issued_on")), name="card_expires_after_its_issue"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "commune_code"], name="cards_by_state"),
            models.Index(fields=["number"], name="cards_by_number"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"cards.Card:{self.pk}"

    @property
    def code(self) -> str:
        """The code by which its holder follows it; read with the application."""
        return self.application.code

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return rules.CARD_WORDS[CardState(self.state)]

    def is_valid(self, on: dt.date) -> bool:
        """Whether it is in the holder's hand and not expired on that day."""
        return rules.is_valid(CardState(self.state), self.expires_on, on)
