"""When two records of one person are joined or parted: one person, one account."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext

from hoaban.eid import queries
from hoaban.eid.actions.keeping import end_sessions, lock, unlock
from hoaban.eid.models import Account
from hoaban.eid.rules import State
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.web.actor import Actor

LOCKED = "eid.Account:locked"  # what a join keeps of what it locked here


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Accounts follow a join of two records or its parting; again changes nothing.

    Where both records have one, that of the record which goes is locked, and whoever was signed in with it is out;
    a parting unlocks it. An account that changes its record ends its sessions. Raises NotFound.
    """
    join = people.join(join_id)
    rows = Account.objects.all()
    if join.undone_at is None:
        second = queries.account_of(join.goes_id) if queries.account_of(join.stays_id) else None
        if second is not None:
            rows = rows.exclude(pk=second.pk)
            if second.state != State.LOCKED:
                reason = gettext("The holder's record was joined to another one of the same person.")
                lock(account_id=second.pk, reason=reason, by=by, at=at)
                people_actions.remember(join_id=join_id, what=LOCKED, ids=[second.pk], by=by)
    moved = people_actions.take_along(join_id=join_id, rows=rows, by=by, at=at)
    end_sessions(account_ids=moved, by=by, at=at)
    if join.undone_at is not None:
        for account in Account.objects.filter(pk__in=join.followed.get(LOCKED, []), state=State.LOCKED):
            unlock(account_id=account.pk, by=by, at=at)
        people_actions.remember(join_id=join_id, what=LOCKED, ids=(), by=by)
