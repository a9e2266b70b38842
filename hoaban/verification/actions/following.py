"""When two records of one person are joined or parted."""

from __future__ import annotations

import datetime as dt

from hoaban.people import actions as people
from hoaban.verification.models import SampledForm
from hoaban.web.actor import Actor


def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Drawn forms follow a join of two records or its parting. Again changes nothing. Raises people.NotJoined."""
    people.take_along(join_id=join_id, rows=SampledForm.objects.all(), by=by, at=at)
