"""What the e-ID does later: opens accounts as enrolments are cleared, forgets old tries."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as entries
from hoaban.base.clock import now
from hoaban.eid import actions
from hoaban.web.actor import acting


@audit.follows("matching.cleared")
def open_for_cleared(entry_id: int) -> None:
    """Open the account that a cleared enrolment asks for."""
    actions.open_account(enrolment_id=entries.entry(entry_id).facts["enrolment"], by=acting(), at=now())


@audit.job(cron="20 3 * * *")
def forget_tries() -> None:
    """Delete counts of tries that are too old to matter."""
    actions.forget_tries(by=acting(), at=now())


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Accounts follow the record that stays, or come back: one person, one account."""
    actions.follow_join(join_id=entries.entry(entry_id).facts["join"], by=acting(), at=now())
