"""The figures of closed days, and the official report made from them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from hoaban.base.words import _
from hoaban.places import queries as places
from hoaban.steering import rules
from hoaban.steering.models import ClosedFigure, Closing
from hoaban.steering.rules import Board, Count, Line, Report
from hoaban.web.actor import Actor


def closings() -> QuerySet[Closing]:
    """The closed days, newest first."""
    return Closing.objects.order_by("-day")


def closed_by(day: dt.date) -> Closing | None:
    """The latest closed day on that day or before it."""
    return closings().filter(day__lte=day).first()


def closed_board(closing: Closing, actor: Actor) -> Board:
    """The figures of the actor's area as they stood when that day was closed."""
    found = ClosedFigure.objects.filter(closing=closing)
    if actor.communes is not None:
        found = found.filter(commune_code__in=sorted(actor.communes))
    counts: dict[str, dict[str, Count]] = defaultdict(lambda: {one.code: Count(0, None) for one in rules.INDICATORS})
    for figure in found:
        counts[figure.commune_code][figure.indicator] = Count(figure.people, figure.of)
    held = places.held(actor.communes, closing.day)
    names = places.names([one.unit.key for one in held], closing.day)
    lines = [Line(one.unit.key, names[one.unit.key], counts[one.unit.key]) for one in held]
    return rules.board(closing.closed_at, lines, str(_("All together")))


def report(until: dt.date, actor: Actor) -> Report:
    """The official report of the week that ends with that day, of the actor's area, in Vietnamese.

    Raises NotClosed.
    """
    closing = closed_by(until)
    if closing is None or closing.day != until:
        raise rules.NotClosed(day=f"{until:%d/%m/%Y}", last=f"{closing.day:%d/%m/%Y}" if closing else "–")
    before = closed_by(until - dt.timedelta(days=rules.WEEK))
    [province] = places.units("province", until)
    with translation.override("vi"):
        return rules.compose(
            until,
            closed_board(closing, actor),
            rules.Before(before.day, closed_board(before, actor).total) if before else None,
            rules.Province(province.name, province.full_name),
            simulated=settings.HOABAN_SYNTHETIC,
        )
