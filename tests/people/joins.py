"""Two records of one person joined, and parted again, with the jobs that follow."""

from __future__ import annotations

from hoaban.base.clock import now
from hoaban.people import actions
from hoaban.people.models import Join, Person
from tests import make

SOURCE = "decision:7"


def joined(stays: Person, goes: Person) -> Join:
    """The records joined, and what other rooms keep under them has followed."""
    done = actions.join(stays_id=stays.pk, goes_id=goes.pk, source=SOURCE, by=make.MAKER, at=now())
    make.run_due_jobs()
    return done


def part(done: Join) -> None:
    """The records parted, and what had followed is back."""
    actions.part(join_id=done.pk, source=SOURCE, by=make.MAKER, at=now())
    make.run_due_jobs()
