"""Files that officers sent are loaded here, since a big one takes longer than a page may."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.intake import actions, queries


@audit.follows("intake.sent")
def load_sent_file(entry_id: int) -> None:
    """Load a file for the officer who sent it."""
    batch = queries.batch(audit_queries.entry(entry_id).facts["batch"])
    actions.load_received(batch_id=batch.pk, by=queries.sender_of(batch), at=now())
