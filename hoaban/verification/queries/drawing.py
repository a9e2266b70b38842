"""What a round may draw: the forms that wait for a level, by commune, and how severely each commune is inspected."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from hoaban.intake import queries as intake
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.verification import rules
from hoaban.verification.engine import sampling, switching
from hoaban.verification.engine.acceptance import Plan
from hoaban.verification.models import Lot, SampledForm
from hoaban.verification.queries.lots import DECIDED
from hoaban.verification.rules import Inspection, Level, LotState, PlanKind, Step

TAKEN = """
SELECT serial FROM verification_lot l JOIN verification_round r ON r.id = l.round_id
  CROSS JOIN LATERAL jsonb_each(l.frame) AS strata, LATERAL jsonb_array_elements_text(strata.value) AS serial
 WHERE r.level = %s AND l.commune_code = ANY (%s)
"""


@dataclass(frozen=True)
class Waiting:
    """A form that may be drawn."""

    serial: str
    person_id: int
    commune_code: str
    village_code: str
    stratum: str
    collected_by: str
    filled_on: str
    keyed_by_id: str
    simulated: bool


_OF_A_FORM = (
    "serial", "person_id", "commune_code", "village_code", "stratum", "collected_by", "filled_on", "keyed_by_id",
    "simulated",
)  # fmt: skip


def waiting(level: Level, communes: Collection[str], on: dt.date, direct: bool = False) -> dict[str, list[Waiting]]:
    """The forms from which a round of that level may draw now, by the chosen commune that holds them, by serial.

    Level one draws from all, the others from what the level below has checked in accepted lots; with `direct` from
    what was there for that level and that it didn't look at. What stands in the frame of a lot of the level has been
    drawn from: it's accepted there, or on its way to it. Raises NothingBelow.
    """
    if direct and level.draws_from == 0:
        raise rules.NothingBelow(level=level.number)
    holder = _holders(communes)
    taken = _taken(level, {*holder, *communes})
    pile: Iterable[Waiting] = _pile(level.draws_from, holder, on)
    if direct:
        looked_at = {one.serial for one in pile}
        below = rules.level(level.draws_from)
        pile = [one for one in _pile(below.draws_from, holder, on) if one.serial not in looked_at]
    found = defaultdict(list)
    for one in pile:
        if one.serial not in taken:
            found[holder[one.commune_code]].append(one)
    return dict(found)


def _pile(checked_at: int, keys: Collection[str], on: dt.date) -> Collection[Waiting]:
    """The forms of these communes that a level has checked in accepted lots; of level 0 all forms."""
    if checked_at == 0:
        return list(_told(intake.papers_in(keys), on))
    checked = SampledForm.objects.filter(
        commune_code__in=sorted(keys), outcome__in=DECIDED, lot__level=checked_at, lot__state=LotState.ACCEPTED
    )
    rows = checked.order_by("serial", "-checked_at").values_list(*_OF_A_FORM)
    return {row[0]: Waiting(*row) for row in rows.iterator(chunk_size=10_000)}.values()


def _holders(communes: Collection[str]) -> dict[str, str]:
    """The chosen commune under which forms of a key are drawn: an ended commune is drawn with what it went into."""
    found = {old: key for key, line in sorted(places.lineages(communes).items()) for old in line}
    return found | {key: key for key in communes}


def _taken(level: Level, keys: Collection[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [level.number, sorted(keys)])
        return {row[0] for row in cursor.fetchall()}


def _told(papers: Collection[intake.Paper], on: dt.date) -> Iterable[Waiting]:
    """These forms with their stratum on that day."""
    away = set(people.staying_elsewhere())
    border = _on_the_border({one.commune_code for one in papers})
    for one in papers:
        marks = rules.marks_of(
            questioned=one.questioned, born_year=int(one.born[:4]), away=one.person_id in away,
            border=one.commune_code in border, on=on,
        )  # fmt: skip
        yield Waiting(
            one.serial, one.person_id, one.commune_code, one.village_code, sampling.stratum_of(marks),
            one.collected_by[:200], one.filled_on[:20], one.keyed_by_id, one.simulated,
        )  # fmt: skip


def _on_the_border(keys: Collection[str]) -> set[str]:
    """Those of these communes that are, or on their last day were, on a border."""
    days = {one.valid_to for one in places.ever() if one.key in keys}
    return {key for day in days for key in places.border_communes(day)}


def inspections(level: int, communes: Collection[str]) -> dict[str, Inspection]:
    """How severely the next lot of each of these communes is inspected, by the lots of the level before it.

    Only lots under plans of the tables count, each at its first inspection; a commune that isn't named is at normal.
    """
    firsts = Lot.objects.filter(
        ~Q(state=LotState.OPEN), commune_code__in=sorted(communes), round__level=level, step=Step.FIRST,
        round__plan__kind=PlanKind.ISO, counted__isnull=False, limit__isnull=False,
    )  # fmt: skip
    columns = ("commune_code", "size", "sample", "limit", "counted", "round__plan__aql", "round__plan__inspection")
    series = defaultdict(list)
    rows = firsts.order_by("decided_at", "pk").values_list(*columns)
    for commune, size, sample, limit, counted, aql, general in rows:
        series[commune].append(switching.seen(Plan(sample, limit), counted, size, aql, general))
    return {commune: Inspection(switching.after_all(lots).severity) for commune, lots in series.items()}


def forms_under(lot: Lot, serials: Collection[str]) -> list[Waiting]:
    """These forms of a lot's frame as they would be drawn now, in the strata of that frame, by serial."""
    strata = {serial: name for name, part in lot.frame.items() for serial in part}
    return [
        Waiting(
            one.serial, one.person_id, one.commune_code, one.village_code, strata[one.serial],
            one.collected_by[:200], one.filled_on[:20], one.keyed_by_id, one.simulated,
        )
        for one in intake.papers_under(serials)
    ]  # fmt: skip
