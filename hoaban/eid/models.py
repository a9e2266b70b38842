"""Accounts and the slips that open them; relying parties, what they were promised and what they hold.

Codes, tokens and passwords stand as hashes. The walls (row security, and the functions through which a
stranger at the door is known) are in the migrations.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hoaban.eid import rules
from hoaban.eid.rules import Scope, State


class Account(models.Model):
    """Somebody's electronic identity. One that isn't closed at a time."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    enrolment = models.OneToOneField("enrolment.Enrolment", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default="waiting", choices=[(state.value, state.name) for state in State])
    password = models.CharField(max_length=128, blank=True)
    sessions_since = models.DateTimeField(null=True)  # those that began before are over
    simulated = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # of the lock or the end

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=~Q(state="closed"), name="one_live_account_per_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="account_state_is_known"
            ),
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="account_level_is_1_or_2"),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(activated_at__isnull=False) & ~Q(password=""),
                name="active_account_has_date_and_password",
            ),
            models.CheckConstraint(
                condition=~Q(state="locked") | Q(locked_at__isnull=False) & ~Q(reason=""),
                name="locked_account_has_date_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False) & ~Q(reason=""),
                name="closed_account_has_date_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="accounts_by_state")]

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"eid.Account:{self.pk}"

    @property
    def state_words(self) -> object:
        """Where it stands, in words."""
        return rules.STATE_WORDS[State(self.state)]

    @property
    def level_words(self) -> object:
        """Its level, in words."""
        return rules.LEVEL_WORDS[self.level]


class Slip(models.Model):
    """A slip of paper with a code that lets its holder set a password, once. The newest counts."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="slips")
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="slip_expires_after_it_was_made"),
        ]


class Tries(models.Model):
    """Wrong tries at one number, known or not: `key` is a keyed hash, so that the table names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    wait_until = models.DateTimeField(null=True)


class Client(models.Model):
    """A relying party: somebody whom citizens may tell who they are. A public one has no secret."""

    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100, unique=True)
    redirects = ArrayField(models.CharField(max_length=300))
    sector = models.CharField(max_length=200)
    scopes = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(redirects__len__gt=0), name="client_has_a_return_address"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"eid.Client:{self.pk}"

    @property
    def allowed(self) -> frozenset[Scope]:
        """What it may ask for."""
        return rules.scopes_in(self.scopes)


class Consent(models.Model):
    """What a citizen agreed to share with a relying party, until they take it back."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="consents")
    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    scopes = models.CharField(max_length=100)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "client"], condition=Q(withdrawn_at=None), name="one_consent_of_each_to_each"
            ),
        ]

    @property
    def shared(self) -> list[object]:
        """What is shared, in words."""
        return [rules.CLAIM_WORDS[claim] for claim in rules.claims_of(rules.scopes_in(self.scopes))]


class AuthorizationCode(models.Model):
    """A code on its way through the browser: good once, for a minute, for one return address."""

    code_hash = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    redirect_uri = models.CharField(max_length=300)
    scopes = models.CharField(max_length=100)
    nonce = models.CharField(max_length=300, blank=True)
    code_challenge = models.CharField(max_length=128)
    signed_in_at = models.DateTimeField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code_challenge=""), name="code_has_its_challenge"),
        ]


class AccessToken(models.Model):
    """What a relying party fetches the claims with; one comes of a code."""

    code = models.OneToOneField(AuthorizationCode, models.CASCADE, related_name="token")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
