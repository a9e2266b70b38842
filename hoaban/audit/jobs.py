"""The audit's clock work."""

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.web.actor import acting


@audit.job(cron="* * * * *")
def seal_entries() -> None:
    """Seal what has been written in the last minute."""
    audit.seal()


@audit.job(cron="* * * * *")
def take_up_left_jobs() -> None:
    """Begin again what a worker that died was doing."""
    audit.take_up_left()


@audit.job(cron="20 18 * * *")
def verify_seals() -> None:
    """Each night, walk over the whole audit: what is broken is known the next morning."""
    audit.verify(by=acting(), at=now())
