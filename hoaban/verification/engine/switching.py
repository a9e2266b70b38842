"""The switching rules of ISO 2859-1: how strictly the next lot is looked at, from how the last ones came out.

A pure machine over consecutive lots of one maker (for us the commune whose forms are checked at one level).
Only the first inspection of a lot counts; a lot that was returned, done anew and drawn again doesn't.

* normal → tightened when 2 of 5 or fewer consecutive lots are not accepted (9.3.1);
* tightened → normal when 5 consecutive lots are accepted (9.3.2);
* normal → reduced when the switching score reaches 30 and whoever is responsible wants it (9.3.3): an
  accepted lot adds 2 where its limit is 0 or 1, and 3 where its limit is 2 or more and it would have been
  accepted at the AQL one step tighter; anything else sets the score back to zero;
* reduced → normal when one lot is not accepted (9.3.4);
* tightened → discontinued when 5 lots are not accepted while tightened (9.4). It is resumed, tightened,
  once what was wrong has been mended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from hoaban.verification import rules
from hoaban.verification.engine import acceptance

SCORE_FOR_REDUCED = 30
WINDOW = 5  # lots looked back at
FAILURES_TO_TIGHTEN = 2
FAILURES_TO_STOP = 5


class Severity(StrEnum):
    """How strictly lots are looked at; the values are those of the tables."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True)
class LotSeen:
    """How a lot came out at its first inspection, and what the score needs to know of its plan.

    `tighter` says whether it would have been accepted at the AQL one step tighter.
    """

    accepted: bool
    limit: int
    tighter: bool


@dataclass(frozen=True)
class Switching:
    """Where a series of lots stands. `recent` is how the last lots under this severity came out, newest last."""

    severity: Severity = Severity.NORMAL
    score: int = 0
    recent: tuple[bool, ...] = ()
    failures: int = 0  # while tightened


def seen(plan: acceptance.Plan, wrong: int, lot: int, aql: str, inspection: str = "II") -> LotSeen:
    """How a lot with so many wrong forms in its sample came out under its plan."""
    return LotSeen(wrong <= plan.limit, plan.limit, _accepted_tighter(wrong, lot, aql, inspection))


def after(now: Switching, lot: LotSeen, may_reduce: bool = True) -> Switching:
    """Where the series stands after one more lot. `may_reduce` is the responsible officer's word (9.3.3.1 b, c).

    While discontinued nothing changes: lots aren't sampled then.
    """
    if now.severity is Severity.DISCONTINUED:
        return now
    recent = (*now.recent, lot.accepted)[-WINDOW:]
    if now.severity is Severity.NORMAL:
        return _after_normal(now, lot, recent, may_reduce)
    if now.severity is Severity.TIGHTENED:
        return _after_tightened(now, lot, recent)
    return replace(now, recent=recent) if lot.accepted else Switching()


def after_all(lots: Iterable[LotSeen], start: Switching | None = None, may_reduce: bool = True) -> Switching:
    """Where the series stands after all these lots, oldest first."""
    now = start or Switching()
    for lot in lots:
        now = after(now, lot, may_reduce)
    return now


def resumed(now: Switching) -> Switching:
    """The series taken up again after it was discontinued: tightened, from the beginning."""
    return Switching(Severity.TIGHTENED) if now.severity is Severity.DISCONTINUED else now


def _after_normal(now: Switching, lot: LotSeen, recent: tuple[bool, ...], may_reduce: bool) -> Switching:
    if recent.count(False) >= FAILURES_TO_TIGHTEN:
        return Switching(Severity.TIGHTENED)
    score = now.score + _points(lot) if lot.accepted and _points(lot) else 0
    if score >= SCORE_FOR_REDUCED and may_reduce:
        return Switching(Severity.REDUCED)
    return replace(now, score=score, recent=recent)


def _after_tightened(now: Switching, lot: LotSeen, recent: tuple[bool, ...]) -> Switching:
    failures = now.failures + (not lot.accepted)
    if failures >= FAILURES_TO_STOP:
        return Switching(Severity.DISCONTINUED, failures=failures)
    if len(recent) == WINDOW and all(recent):
        return Switching()
    return replace(now, recent=recent, failures=failures)


def _points(lot: LotSeen) -> int:
    """What an accepted lot adds to the score (9.3.3.2)."""
    if lot.limit < 2:
        return 2
    return 3 if lot.tighter else 0


def _accepted_tighter(wrong: int, lot: int, aql: str, inspection: str) -> bool:
    stricter = acceptance.one_step_tighter(aql)
    if stricter is None:
        return False
    try:
        return wrong <= acceptance.iso_plan(lot, stricter, inspection).limit
    except rules.NoPlan:
        return False
