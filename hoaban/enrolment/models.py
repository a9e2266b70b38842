"""Stations with their keys, operators and lists; packets as received; enrolments as opened.

A packet's bytes stand on disk by their hash, a person's picture and prints only inside them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hoaban.enrolment.rules.packet import State
from hoaban.enrolment.rules.review import State as EnrolmentState


class Kit(models.Model):
    """A station: what it may be called, the team that works it and when it was last heard of."""

    code = models.CharField(max_length=20, primary_key=True)
    team_code = models.CharField(max_length=20, blank=True)
    recipient = models.CharField(max_length=80)  # for whom its lists are sealed
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True)
    clock_offset_s = models.IntegerField(null=True)
    waiting = models.PositiveIntegerField(null=True)  # packets it says it still holds

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_why=""), name="a_kit_is_withdrawn_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class KitKey(models.Model):
    """A public key with which a station signs. A station set up anew has a new one; old ones stay known."""

    id = models.CharField(max_length=64, primary_key=True)  # RFC 7638 thumbprint
    kit = models.ForeignKey(Kit, models.PROTECT, related_name="keys")
    public = models.TextField()
    added_at = models.DateTimeField()


class KitOperator(models.Model):
    """An officer who may open a station with a PIN. Only the PIN's hash is kept and travels."""

    kit = models.ForeignKey(Kit, models.PROTECT, related_name="operators")
    officer_id = models.CharField(max_length=60)
    officer_name = models.CharField(max_length=120)
    pin_hash = models.CharField(max_length=128)
    admitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "officer_id"], name="one_pin_of_an_officer_at_a_kit"),
        ]


class KitPerson(models.Model):
    """Somebody whom a station is to expect without an appointment, until they are enrolled."""

    kit = models.ForeignKey(Kit, models.PROTECT, related_name="expected")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "person"], name="expected_once_at_a_kit")]


class WorkList(models.Model):
    """A version of a station's list: signed, then sealed for the station."""

    kit = models.ForeignKey(Kit, models.PROTECT, related_name="lists")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of what it says, to see whether anything changed
    people = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "version"], name="one_list_of_a_version")]


class Packet(models.Model):
    """A packet announced or received. `came_by` is `net` or `usb`; `faults` say why it was refused."""

    ulid = models.CharField(max_length=26, primary_key=True)
    kit = models.ForeignKey(Kit, models.PROTECT, related_name="packets")
    epoch = models.CharField(max_length=16)
    seq = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    prev_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, default=State.ANNOUNCED.value)
    came_by = models.CharField(max_length=3)
    announced_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "epoch", "seq"], name="one_packet_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="packet_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.ANNOUNCED.value, received_at=None)
                | ~Q(state=State.ANNOUNCED.value) & Q(received_at__isnull=False),
                name="a_received_packet_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED.value) | ~Q(faults=[]), name="a_refused_packet_has_its_faults"
            ),
        ]
        indexes = [models.Index(fields=["state", "received_at"], name="packets_by_state")]


class Receipt(models.Model):
    """The signed receipt of a packet, made in the transaction that received it."""

    packet = models.OneToOneField(Packet, models.PROTECT, primary_key=True, related_name="receipt")
    token = models.TextField()
    made_at = models.DateTimeField()


class Quarantined(models.Model):
    """Bytes that contradict a packet we hold, or of no station of ours: kept for a person to look at."""

    sha256 = models.CharField(max_length=64)
    ulid = models.CharField(max_length=26, blank=True)
    kit_code = models.CharField(max_length=20, blank=True)
    came_by = models.CharField(max_length=3)
    why = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ulid", "sha256"], name="put_aside_once")]


class Enrolment(models.Model):
    """A person as enrolled: what they confirmed and ask for, how well it was taken, what is doubtful.

    `fingers` holds finger codes, qualities and reasons; the prints themselves stay in the packet.
    """

    ulid = models.CharField(max_length=26, unique=True)
    packet = models.OneToOneField(Packet, models.PROTECT, related_name="enrolment")
    kit = models.ForeignKey(Kit, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    commune_code = models.CharField(max_length=10)
    number = models.CharField(max_length=12, blank=True)
    full_name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1)
    born = models.CharField(max_length=10)
    corrections = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    wants_card = models.BooleanField()
    wants_eid = models.BooleanField()
    level = models.PositiveSmallIntegerField(default=2)  # of the e-ID asked for
    slip_code = models.CharField(max_length=6)  # follows the card; read aloud
    activation_hash = models.CharField(max_length=128, blank=True)  # of the slip's secret code
    fingers = models.JSONField()
    quality = models.PositiveSmallIntegerField()
    capture_source = models.CharField(max_length=10)
    simulated = models.BooleanField()
    operator_id = models.CharField(max_length=60)
    operator_name = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=EnrolmentState.RECEIVED.value)
    remarks = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in EnrolmentState]), name="enrolment_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(state=EnrolmentState.HELD.value),
                name="only_the_held_have_no_person",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="enrolments_of_a_person"),
            models.Index(fields=["commune_code", "state"], name="enrolments_of_a_commune"),
        ]
