"""What an appointment is and what is refused about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from hoaban.base.errors import Refusal
from hoaban.base.words import _

NOT_MET = "not met"  # why an appointment ended whose hour went by


@dataclass(frozen=True)
class Promise:
    """Somebody is told when a team is there for them, and where."""

    person_id: int
    commune_code: str
    team_code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    village_code: str = ""


class ReasonMissing(Refusal):
    """An appointment is called off for a reason."""

    code = "visits.reason_missing"
    message = _("Write why the appointment is called off.")


class BackwardsInTime(Refusal):
    """An appointment has a beginning and a later end."""

    code = "visits.backwards_in_time"
    message = _("The appointment at %(place)s ends before it begins.")


def check(promises: Iterable[Promise]) -> None:
    """Raise BackwardsInTime for a promise without duration."""
    for one in promises:
        if one.ends_at <= one.starts_at:
            raise BackwardsInTime(place=one.place)
