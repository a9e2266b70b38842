"""Oversight's clock work."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.oversight import actions
from hoaban.web.actor import acting


@audit.job(cron="5 17 * * *")
def disclose() -> None:
    """Just after midnight in Vietnam, tell of the looks whose day has come."""
    actions.disclose_ended(by=acting(), at=now())


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """What citizens asked and what is withheld follows the record that stays, or comes back."""
    actions.follow_join(join_id=audit_queries.entry(entry_id).facts["join"], by=acting(), at=now())
