"""Closing a day: its figures are kept, so that a report of that day reads the same for ever."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.steering import queries, rules
from hoaban.steering.models import ClosedFigure, Closing
from hoaban.web.actor import Actor


@transaction.atomic
def close_day(*, by: Actor, at: datetime) -> Closing:
    """Keep the figures of every commune as they stand now; a day closed before stays as it was.

    Raises NotAllowed, OnlyTheProvince, NobodyCounted.
    """
    by.must(rules.REPORT)
    if by.communes is not None:
        raise rules.OnlyTheProvince
    closing, new = Closing.objects.get_or_create(day=day_of(at), defaults={"closed_at": at, "by_name": by.name})
    if not new:
        return closing
    board = queries.board(by, at)
    if not board.lines:
        raise rules.NobodyCounted
    ClosedFigure.objects.bulk_create(
        ClosedFigure(closing=closing, commune_code=line.code, indicator=code, people=count.people, of=count.of)
        for line in board.lines
        for code, count in line.counts.items()
    )
    totals = {code: count.people for code, count in board.total.counts.items()}
    audit.record("steering.closed", f"steering.Closing:{closing.day}", by=by, at=at, facts=totals)
    return closing
