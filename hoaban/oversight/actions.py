"""Writing down that the audit itself was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.web.actor import Actor


@transaction.atomic
def note_reading(*, asked: Mapping[str, str], person_id: int | None, by: Actor, at: dt.datetime) -> None:
    """Somebody has read entries of the audit: what they asked for, and about whom if they named somebody."""
    audit.record(
        "oversight.audit_read", "audit.Entry", by=by, at=at, facts=asked, purpose="protection",
        person_ids=[] if person_id is None else [person_id],
    )  # fmt: skip


@transaction.atomic
def note_export(*, asked: Mapping[str, str], person_id: int | None, entries: int, by: Actor, at: dt.datetime) -> None:
    """Somebody has taken entries of the audit away as a file."""
    audit.record(
        "oversight.audit_exported", "audit.Entry", by=by, at=at, facts={**asked, "entries": entries},
        person_ids=[] if person_id is None else [person_id], purpose="protection",
    )  # fmt: skip
