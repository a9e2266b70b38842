"""The officers' clock work."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.officers import actions
from hoaban.web.actor import acting


@audit.job(cron="7 * * * *")
def close_expired_proposals() -> None:
    """Close what no second officer decided in time; whoever proposed it sees so."""
    actions.expire(by=acting(), at=now())
