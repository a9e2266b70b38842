"""What matching does by itself: look for doubles of whoever was enrolled."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as entries
from hoaban.base.clock import now
from hoaban.matching import actions, queries
from hoaban.web.actor import acting


@audit.follows("enrolment.received")
def look_for_doubles(entry_id: int) -> None:
    """Look for doubles as soon as an enrolment is here, or was let pass."""
    enrolment_id = int(entries.entry(entry_id).subject.removeprefix("enrolment.Enrolment:"))
    actions.look(enrolment_id=enrolment_id, by=acting(), at=now())


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Pairs and prints follow the record that stays, or come back, and whoever was held goes on."""
    actions.follow_join(join_id=entries.entry(entry_id).facts["join"], by=acting(), at=now())


@audit.job(cron="*/10 * * * *")
def propose_left_over() -> None:
    """Propose joins that couldn't be proposed at once; each in a job of its own."""
    for case_id in queries.to_propose():
        audit.later(propose_again, case_id=case_id)


@audit.job()
def propose_again(case_id: int) -> None:
    """Propose the join of one pair."""
    actions.propose_join(case_id=case_id, by=acting(), at=now())


@audit.job(cron="*/10 * * * *")
def look_for_left_over() -> None:
    """Look for doubles of those whose job was lost, or who came before this room stood; each in a job of its own."""
    for enrolment_id in queries.not_looked_at():
        audit.later(look_again, enrolment_id=enrolment_id)


@audit.job()
def look_again(enrolment_id: int) -> None:
    """Look for doubles of one enrolment."""
    actions.look(enrolment_id=enrolment_id, by=acting(), at=now())
