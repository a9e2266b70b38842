"""When two records of one person are joined or parted."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.oversight.models import Request, Withholding
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.web.actor import Actor


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """What citizens asked, and what is withheld, follows a join of two records or its parting; again changes nothing.

    Raises NotFound.
    """
    objected = Request.objects.filter(person=people.join(join_id).stays_id).exclude(entry_ulid="")
    requests = Request.objects.exclude(entry_ulid__in=objected.values("entry_ulid"))
    people_actions.take_along(join_id=join_id, rows=requests, by=by, at=at)
    people_actions.take_along(join_id=join_id, rows=Withholding.objects.all(), by=by, at=at)
