"""What the checks do later: a correction that nobody decided goes back to its checker."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.verification import actions
from hoaban.web.actor import acting


@audit.follows("verification.correction.expired")
def send_anew(entry_id: int) -> None:
    """A correction whose proposal expired is to be sent again."""
    form_id = int(audit_queries.entry(entry_id).subject.rpartition(":")[2])
    actions.take_back(form_id=form_id, by=acting(), at=now())


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Drawn forms follow the record that stays, or come back."""
    actions.follow_join(join_id=audit_queries.entry(entry_id).facts["join"], by=acting(), at=now())
