"""The audit's clock work."""

from hoaban.audit import actions as audit


@audit.job(cron="* * * * *")
def seal_entries() -> None:
    """Seal what has been written in the last minute."""
    audit.seal()


@audit.job(cron="* * * * *")
def take_up_left_jobs() -> None:
    """Begin again what a worker that died was doing."""
    audit.take_up_left()
