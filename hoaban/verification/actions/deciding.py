"""The gate: a lot whose forms are checked is accepted or returned, by its plan and nothing else."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.verification import queries, rules
from hoaban.verification.engine import estimate
from hoaban.verification.models import Lot
from hoaban.verification.rules import LotState, Tally
from hoaban.web.actor import Actor


@transaction.atomic
def accept_lot(*, round_id: int, by: Actor, at: dt.datetime) -> Lot:
    """Accept a lot within its limit whose corrections are in the register; doing it twice is once.

    Raises OverLimit, TooEarly, CorrectionsWait, LotDecided.
    """
    lot = _locked(round_id, by)
    if lot.state == LotState.ACCEPTED:
        return lot
    tally = _check_open(lot)
    rules.check_acceptance(tally)
    if not tally.decided:
        raise rules.TooEarly(left=tally.left, pending=tally.pending)
    if count := queries.not_corrected(round_id):
        raise rules.CorrectionsWait(count=count)
    _close(lot, LotState.ACCEPTED, tally, by, at)
    audit.record("verification.accepted", lot.round.subject, by=by, at=at, facts=_figures(lot))
    return lot


@transaction.atomic
def return_lot(*, round_id: int, by: Actor, at: dt.datetime) -> Lot:
    """Return a lot over its limit: exactly the forms of the hands in which errors were found; twice is once.

    Raises WithinLimit, LotDecided.
    """
    lot = _locked(round_id, by)
    if lot.state == LotState.RETURNED:
        return lot
    tally = _check_open(lot)
    rules.check_return(tally)
    back = rules.to_return(queries.papers_of(lot))
    lot.sent_back = [one.serial for one in back]
    _close(lot, LotState.RETURNED, tally, by, at)
    audit.record(
        "verification.returned", lot.round.subject, by=by, at=at, person_ids=[one.person_id for one in back],
        facts=_figures(lot) | {"sent_back": len(back)},
    )  # fmt: skip
    return lot


def _locked(round_id: int, by: Actor) -> Lot:
    lot = Lot.objects.select_for_update(of=("self",)).select_related("round").get(pk=round_id)
    by.must(rules.DECIDE, lot.round.commune_code)
    by.must(rules.level(lot.round.level).permission, lot.round.commune_code)
    return lot


def _check_open(lot: Lot) -> Tally:
    if lot.state != LotState.OPEN:
        raise rules.LotDecided(who=lot.decided_by_name)
    return queries.tally(lot)


def _close(lot: Lot, state: LotState, tally: Tally, by: Actor, at: dt.datetime) -> None:
    found = estimate.exact(tally.wrong, tally.decided, tally.size)
    lot.state, lot.decided_at, lot.decided_by_name = state, at, by.name
    lot.checked, lot.wrong, lot.low, lot.high = found.n, found.wrong, found.low, found.high
    lot.save()
    lot.round.closed_at = at
    lot.round.save(update_fields=["closed_at"])


def _figures(lot: Lot) -> dict[str, object]:
    return {"checked": lot.checked, "wrong": lot.wrong, "of": lot.size, "low": lot.low, "high": lot.high}
