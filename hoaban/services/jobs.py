"""What services do later."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as entries
from hoaban.base.clock import now
from hoaban.services import actions
from hoaban.web.actor import acting


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Applications follow the record that stays, or come back."""
    actions.follow_join(join_id=entries.entry(entry_id).facts["join"], by=acting(), at=now())
