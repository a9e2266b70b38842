"""How a plan lives: draft, fixed, withdrawn."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from hoaban.base.words import _
from hoaban.campaign.rules.refusals import TooLate, WrongState

NOTICE_DAYS = 1  # people hear of it on the day before at the latest; outreach asks for three (field notes, B5)


class PlanState(StrEnum):
    """Where a plan is."""

    DRAFT = "draft"
    FIXED = "fixed"
    WITHDRAWN = "withdrawn"


PLAN_WORDS = {
    PlanState.DRAFT: _("draft"),
    PlanState.FIXED: _("fixed and promised"),
    PlanState.WITHDRAWN: _("withdrawn"),
}
_MOVES = {(PlanState.DRAFT, PlanState.FIXED), (PlanState.FIXED, PlanState.WITHDRAWN)}


def check_move(plan: str, now: PlanState, then: PlanState) -> None:
    """Raise WrongState unless a plan may go from one state to the other."""
    if (now, then) not in _MOVES:
        raise WrongState(plan=plan, state=PLAN_WORDS[now])


def check_notice(first_day: dt.date, today: dt.date) -> None:
    """Raise TooLate where people would hear of it too late."""
    first = today + dt.timedelta(days=NOTICE_DAYS)
    if first_day < first:
        raise TooLate(day=f"{first_day:%d/%m/%Y}", first=f"{first:%d/%m/%Y}")
