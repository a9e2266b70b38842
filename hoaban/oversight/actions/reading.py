"""Writing down that the audit itself was read, and what came of looking into unusual look-ups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.audit.rules import EXPORT_HASH
from hoaban.oversight import rules
from hoaban.oversight.models import LookedInto
from hoaban.web.actor import Actor


@transaction.atomic
def note_reading(*, asked: Mapping[str, str], person_id: int | None, by: Actor, at: dt.datetime) -> None:
    """Somebody has read entries of the audit: what they asked for, and about whom if they named somebody."""
    audit.record(
        "oversight.audit_read", "audit.Entry", by=by, at=at, facts=asked, purpose="protection",
        person_ids=[] if person_id is None else [person_id],
    )  # fmt: skip


@transaction.atomic
def note_export(
    *, asked: Mapping[str, str], person_id: int | None, entries: int, sha256: str, by: Actor, at: dt.datetime
) -> None:
    """Somebody has taken entries of the audit away as a file, for whose hash the audit vouches from now on."""
    audit.record(
        "oversight.audit_exported", "audit.Entry", by=by, at=at, purpose="protection",
        facts={**asked, "entries": entries, EXPORT_HASH: sha256},
        person_ids=[] if person_id is None else [person_id],
    )  # fmt: skip


@transaction.atomic
def note_unusual(*, asked: Mapping[str, str], person_ids: Sequence[int], by: Actor, at: dt.datetime) -> None:
    """Somebody has read which look-ups are unusual, and the names behind them."""
    audit.record(
        "oversight.unusual_read", "audit.Entry", by=by, at=at, facts=asked, person_ids=person_ids, purpose="protection"
    )


@transaction.atomic
def look_into(*, actor_id: str, day: dt.date, result: str, note: str, by: Actor, at: dt.datetime) -> LookedInto:
    """Write down what came of looking into the unusual look-ups of a day. Raises OwnLooks."""
    by.must(rules.PROTECT)
    if actor_id == by.id:
        raise rules.OwnLooks()
    made = LookedInto.objects.create(
        actor_id=actor_id, day=day, result=rules.LookResult(result), note=note.strip()[:500], by_id=by.id,
        by_name=by.name, at=at,
    )  # fmt: skip
    audit.record(
        "oversight.looked_into", f"oversight.LookedInto:{made.pk}", by=by, at=at,
        facts={"officer": actor_id, "day": str(day), "result": made.result},
    )  # fmt: skip
    return made
