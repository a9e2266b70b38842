"""What happens to packets after they came."""

from __future__ import annotations

import logging

from hoaban.audit import actions as audit
from hoaban.audit import queries as entries
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.enrolment import actions, queries
from hoaban.web.actor import acting, job_actor

logger = logging.getLogger(__name__)


@audit.follows("enrolment.packet_received")
def open_received(entry_id: int) -> None:
    """Open a packet as soon as it's here."""
    ulid = entries.entry(entry_id).subject.removeprefix("enrolment.Packet:")
    actions.open_packet(ulid=ulid, by=job_actor("enrolment.open_received"), at=now())


@audit.job(cron="*/10 * * * *")
def open_left_over() -> None:
    """Open what was left closed: the keys were missing, or the job was lost."""
    for ulid in queries.not_opened():
        try:
            actions.open_packet(ulid=ulid, by=job_actor("enrolment.open_left_over"), at=now())
        except Refusal:
            logger.warning("packet %s stays closed", ulid)


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Enrolments follow the record that stays, or come back."""
    actions.follow_join(join_id=entries.entry(entry_id).facts["join"], by=acting(), at=now())
