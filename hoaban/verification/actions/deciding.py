"""The gate: a lot whose forms are checked is accepted or returned, by its plan; over its limit only by two officers."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.officers import actions as officers
from hoaban.verification import queries, rules
from hoaban.verification.actions import drawing
from hoaban.verification.models import Lot
from hoaban.verification.rules import LotState, Step, Tally
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval


@transaction.atomic
def accept_lot(*, lot_id: int, by: Actor, at: dt.datetime) -> Lot:
    """Accept a lot within its limit whose corrections are in the register; doing it twice is once.

    When the rows of a returned lot have been checked whole, that lot is drawn again. Raises OverLimit, TooEarly,
    CorrectionsWait, LotDecided.
    """
    lot = _locked(lot_id, by)
    if lot.state == LotState.ACCEPTED:
        return lot
    tally = _check_open(lot)
    rules.check_acceptance(tally)
    _check_corrected(lot)
    _close(lot, LotState.ACCEPTED, tally, by, at)
    audit.record("verification.accepted", lot.subject, by=by, at=at, facts=_figures(lot), commune_code=lot.commune_code)
    if lot.step == Step.WHOLE and lot.returned_from is not None:
        drawing.draw_again(lot=lot.returned_from, by=by, at=at)
    return lot


@transaction.atomic
def return_lot(*, lot_id: int, by: Actor, at: dt.datetime) -> Lot:
    """Return a lot over its limit: exactly the rows in which errors cluster, to be checked whole; twice is once.

    Raises WithinLimit, LotDecided, OverrideWaits.
    """
    lot = _locked(lot_id, by)
    if lot.state == LotState.RETURNED:
        return lot
    tally = _check_open(lot)
    rules.check_return(tally)
    if (asked := queries.override_waiting(lot)) is not None:
        raise rules.OverrideWaits(who=asked.proposed_by_name)
    back = queries.return_of(lot)
    lot.sent_back = [one.serial for one in back.papers]
    lot.sent_back_by = back.by or ""
    lot.groups = [asdict(one) for one in back.groups]
    _close(lot, LotState.RETURNED, tally, by, at)
    audit.record(
        "verification.returned", lot.subject, by=by, at=at, person_ids=[one.person_id for one in back.papers],
        facts=_figures(lot) | {"sent_back": len(back.papers), "by": lot.sent_back_by}, commune_code=lot.commune_code,
    )  # fmt: skip
    drawing.check_whole(lot=lot, serials=lot.sent_back, by=by, at=at)
    return lot


@transaction.atomic
def propose_override(*, lot_id: int, reason: str, by: Actor, at: dt.datetime) -> Approval:
    """Propose to accept a lot over its limit, with the reason; a second officer decides.

    Raises WithinLimit, TooEarly, LotDecided, officers.ProposalUnexplained.
    """
    lot = _locked(lot_id, by)
    rules.check_override(_check_open(lot))
    return officers.propose(
        kind=rules.OVERRIDE, subject=lot.subject, commune_code=lot.commune_code, payload={"lot_id": lot.pk},
        reason=reason, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def approve_override(*, lot_id: int, by: Actor, at: dt.datetime) -> Lot:
    """Accept a lot over its limit as the second officer; the first one's reason stays with the lot. Twice is once.

    Raises NoOverride, CorrectionsWait, LotDecided, officers.SameOfficer.
    """
    lot = _locked(lot_id, by)
    if lot.state == LotState.ACCEPTED and lot.override_reason:
        return lot
    tally = _check_open(lot)
    rules.check_override(tally)
    asked = _asked(lot)
    officers.approve(approval=asked, by=by, at=at)
    _check_corrected(lot)
    lot.override_reason = asked.why
    lot.override_by_id, lot.override_by_name = asked.proposed_by_id_text, asked.proposed_by_name
    _close(lot, LotState.ACCEPTED, tally, by, at)
    audit.record(
        "verification.overridden", lot.subject, by=by, at=at, commune_code=lot.commune_code,
        facts=_figures(lot) | {"reason": lot.override_reason, "proposed_by": lot.override_by_id},
    )  # fmt: skip
    return lot


@transaction.atomic
def decline_override(*, lot_id: int, reason: str, by: Actor, at: dt.datetime) -> Lot:
    """Leave a lot over its limit open to be returned, as the second officer, with the reason.

    Raises NoOverride, LotDecided, officers.SameOfficer, officers.ReasonMissing.
    """
    lot = _locked(lot_id, by)
    _check_open(lot)
    officers.decline(approval=_asked(lot), by=by, at=at, reason=reason)
    return lot


def _locked(lot_id: int, by: Actor) -> Lot:
    lot = Lot.objects.select_for_update(of=("self",)).select_related("round").get(pk=lot_id)
    by.must(rules.DECIDE, lot.commune_code)
    by.must(rules.level(lot.level).permission, lot.commune_code)
    return lot


def _check_open(lot: Lot) -> Tally:
    if lot.state != LotState.OPEN:
        raise rules.LotDecided(who=lot.decided_by_name)
    return queries.tally(lot)


def _check_corrected(lot: Lot) -> None:
    if count := queries.not_corrected(lot.pk):
        raise rules.CorrectionsWait(count=count)


def _asked(lot: Lot) -> Approval:
    asked = queries.override_waiting(lot)
    if asked is None:
        raise rules.NoOverride()
    return asked


def _close(lot: Lot, state: LotState, tally: Tally, by: Actor, at: dt.datetime) -> None:
    found = queries.figures([lot])
    assert found is not None
    lot.state, lot.decided_at, lot.decided_by_id, lot.decided_by_name = state, at, by.id, by.name
    lot.checked, lot.wrong, lot.counted = found.n, found.wrong, tally.counted
    lot.rate, lot.low, lot.high = found.rate, found.low, found.high
    lot.save()


def _figures(lot: Lot) -> dict[str, object]:
    return {
        "checked": lot.checked, "wrong": lot.wrong, "counted": lot.counted, "limit": lot.limit, "of": lot.size,
        "rate": lot.rate, "low": lot.low, "high": lot.high,
    }  # fmt: skip
