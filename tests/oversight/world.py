"""One of each thing that oversight keeps, about one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hoaban.audit import actions as audit
from hoaban.base.clock import now, today
from hoaban.officers import queries as officers
from hoaban.oversight import actions
from tests import make


def of(person_id: int) -> dict[str, dict[str, Any]]:
    """A look from outside the officer's area, a request about it, a breach and a withholding: arguments by page."""
    looker = make.officer("clerk", make.NAM_TIN)
    by = officers.actor_of(looker)
    look = audit.looked([person_id], by=by, at=now(), purpose="service")
    request = actions.ask(person_id=person_id, kind="see", text="", by=make.MAKER, at=now())
    breach = actions.record_breach(
        kind="lost", what="a stick", happened_from=now(), happened_to=now(), noticed_at=now(), by=make.MAKER, at=now()
    )
    held = actions.propose_withholding(
        person_id=person_id, officer=looker.username, since=now(), until=today() + dt.timedelta(days=9),
        ground="crime", reason="decision 1", by=make.MAKER, at=now(),
    )  # fmt: skip
    return {
        "oversight:disagree": {"ulid": look.ulid},
        "oversight:unusual-day": {"actor_id": by.id, "day": today()},
        "oversight:request": {"code": request.code},
        "oversight:breach": {"code": breach.code},
        "oversight:close-breach": {"code": breach.code},
        "oversight:withholding": {"withholding_id": held.pk},
    }
