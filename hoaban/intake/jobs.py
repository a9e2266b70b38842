"""Files that officers sent are loaded here, since a big one takes longer than a page may."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.intake import actions
from hoaban.web.actor import acting


@audit.follows("intake.sent")
def load_sent_file(entry_id: int) -> None:
    """Load a file; whoever sent it is responsible for what is entered from it."""
    sent = audit_queries.entry(entry_id)
    actions.load_received(batch_id=sent.facts["batch"], by=audit_queries.done_for(sent), at=now())


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Forms follow the record that stays, or come back."""
    actions.follow_join(join_id=audit_queries.entry(entry_id).facts["join"], by=acting(), at=now())
