"""A station joins: what it says of itself, what it's given, and the PINs that open it."""

from __future__ import annotations

from dataclasses import dataclass

from hoaban.base.errors import Refusal
from hoaban.base.words import _

ENROL = "kit.enrol"  # the permission of who works a station
PIN_LENGTH = 6


class KeyOfAnother(Refusal):
    """Two stations can't have one key: one was copied from the other."""

    code = "enrolment.key_of_another"
    message = _("This key belongs to station %(kit)s. Set the new station up anew.")


class ReasonMissing(Refusal):
    """It must be said why."""

    code = "enrolment.reason_missing"
    message = _("Write the reason.")


class OtherCode(Refusal):
    """The request is of another station than the one named."""

    code = "enrolment.other_code"
    message = _("The request is of station %(said)s, not of %(code)s.")


class WeakPin(Refusal):
    """Not six digits, or digits that anybody tries first."""

    code = "enrolment.weak_pin"
    message = _("A PIN has 6 digits, not all the same and not in a row.")


@dataclass(frozen=True)
class StationRequest:
    """What a station says of itself: its name, its public key, for whom its lists are to be sealed."""

    kit: str
    public: str
    recipient: str


@dataclass(frozen=True)
class StationPass:
    """What a registered station needs of the province."""

    kit: str
    server_public: str
    recipient: str
    server_url: str


def check_pin(pin: str) -> None:
    """Raise WeakPin unless it's worth something."""
    rows = "01234567890", "09876543210"
    digits = pin.isascii() and pin.isdigit()
    if not digits or len(pin) != PIN_LENGTH or len(set(pin)) < 3 or any(pin in row for row in rows):
        raise WeakPin
