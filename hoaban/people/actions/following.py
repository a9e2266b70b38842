"""What other rooms keep under a record follows it when it is joined, and comes back when it is parted.

A room says which of its rows name a person; what moved is kept with the join, beside what the register itself
moved, so that a parting takes exactly that back. Both directions are one function: it does what the join, as it
stands by now, asks for. So it doesn't matter in which order jobs run, nor how often.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hoaban.audit import actions as audit
from hoaban.people import rules
from hoaban.people.models import Join
from hoaban.web.actor import Actor


@transaction.atomic
def take_along(*, join_id: int, rows: QuerySet[Any], by: Actor, at: dt.datetime, field: str = "person") -> list[int]:
    """Let rows of another room that name a record follow its join, or its parting; the ids of those that moved.

    While the join holds, those of `rows` that name the record that goes name the one that stays. Once it is
    parted, of those that moved the ones that still name the record that stays name the other again. Doing it
    twice is once. `rows` leaves out what can't move. Raises NotJoined.
    """
    done = _locked(join_id)
    what = f"{rows.model._meta.label}.{field}"
    if done.undone_at is None:
        ids = sorted(rows.filter(**{field: done.goes_id}).values_list("pk", flat=True))
        kept, to = {*done.followed.get(what, []), *ids}, done.stays_id
    else:
        rows = rows.model._base_manager.filter(pk__in=done.followed.get(what, []), **{field: done.stays_id})
        ids = sorted(rows.values_list("pk", flat=True))
        kept, to = set(), done.goes_id
    rows.model._base_manager.filter(pk__in=ids).update(**{field: to})
    _keep(done, what, kept)
    if ids:
        audit.record(
            "people.followed", f"people.Person:{to}", by=by, at=at, person_ids=[done.stays_id, done.goes_id],
            facts={"join": done.pk, "what": what, "rows": len(ids)},
        )  # fmt: skip
    return ids


@transaction.atomic
def remember(*, join_id: int, what: str, ids: Collection[int], by: Actor) -> None:
    """Keep with a join what `by` ended because of it, to be taken up at a parting; no ids forget it.

    Raises NotAllowed, NotJoined.
    """
    by.must(rules.CHANGE)
    _keep(_locked(join_id), what, ids)


def _keep(done: Join, what: str, ids: Collection[int]) -> None:
    others = {name: found for name, found in done.followed.items() if name != what}
    done.followed = others | ({what: sorted(ids)} if ids else {})
    done.save(update_fields=["followed"])


def _locked(join_id: int) -> Join:
    found = Join.objects.select_for_update().filter(pk=join_id).first()
    if found is None:
        raise rules.NotJoined()
    return found
