"""Oversight's clock work."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.oversight import actions
from hoaban.web.actor import acting


@audit.job(cron="5 17 * * *")
def disclose() -> None:
    """Just after midnight in Vietnam, tell of the looks whose day has come."""
    actions.disclose_ended(by=acting(), at=now())
