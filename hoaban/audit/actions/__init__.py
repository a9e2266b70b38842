"""Writing to the audit, sealing it, and the jobs that follow it."""

from hoaban.audit.actions.recording import looked, record
from hoaban.audit.actions.sealing import seal, verify
from hoaban.audit.actions.working import (
    MOST_ATTEMPTS,
    followers,
    follows,
    job,
    later,
    run_due,
    take_up_left,
    work_on,
)

__all__ = [
    "MOST_ATTEMPTS",
    "followers",
    "follows",
    "job",
    "later",
    "looked",
    "record",
    "run_due",
    "seal",
    "take_up_left",
    "verify",
    "work_on",
]
