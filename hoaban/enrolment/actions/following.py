"""When two records of one person are joined or parted."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.enrolment.models import Enrolment, KitPerson
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.web.actor import Actor


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Enrolments, and whom stations expect, follow a join of two records or its parting. Again changes nothing.

    Raises NotFound.
    """
    stays = people.join(join_id).stays_id
    people_actions.take_along(join_id=join_id, rows=Enrolment.objects.all(), by=by, at=at)
    expected = KitPerson.objects.exclude(kit__in=KitPerson.objects.filter(person=stays).values("kit"))
    people_actions.take_along(join_id=join_id, rows=expected, by=by, at=at)
