"""Steering's clock work."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.steering import actions
from hoaban.web.actor import acting


@audit.job(cron="50 16 * * *")  # 23:50 in Vietnam
def close_the_day() -> None:
    """Keep the figures of the day that ends, unless somebody closed it before."""
    actions.close_day(by=acting(), at=now())
