"""When a suspected pair is decided, what then becomes of an enrolment, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import _

REVIEW = "matching.review"  # the permission
AGREEING = 2  # reviewers who must say the same


class Verdict(StrEnum):
    """What a reviewer says of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class State(StrEnum):
    """open -> same, or open -> different."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


class Standing(StrEnum):
    """What is known of an enrolled person: one for certain, waits for reviewers, or stopped."""

    CLEARED = "cleared"
    WAITS = "waits"
    HELD = "held"


class Joining(StrEnum):
    """How far the join of two records found to be one person's has come."""

    TO_PROPOSE = "to_propose"
    WAITS = "waits"
    DECLINED = "declined"
    EXPIRED = "expired"
    JOINED = "joined"
    PARTED = "parted"


JOINING_WORDS = {
    Joining.TO_PROPOSE: _("The join is proposed as soon as another proposal on the same record is decided."),
    Joining.WAITS: _("The join waits for an officer of the register."),
    Joining.DECLINED: _("An officer of the register declined the join. Both records stay."),
    Joining.EXPIRED: _("Nobody decided the join in time. Propose it again on the page of the person."),
    Joining.JOINED: _("The two records are joined."),
    Joining.PARTED: _("The two records were joined, and parted again."),
}
VERDICT_WORDS = {
    Verdict.SAME: _("One person, entered twice"),
    Verdict.DIFFERENT: _("Two people"),
    Verdict.UNSURE: _("I can't tell from this"),
}
STATE_WORDS = {
    State.OPEN: _("waits for a verdict"),
    State.SAME: _("one person"),
    State.DIFFERENT: _("two people"),
}


class AlreadyReviewed(Refusal):
    """Four eyes: nobody gives two verdicts on one pair."""

    code = "matching.already_reviewed"
    message = _("You have given your verdict on this pair. Another officer must give the next.")


class AlreadyDecided(Refusal):
    """Two reviewers have agreed before."""

    code = "matching.already_decided"
    message = _("Two officers have decided this meanwhile: %(state)s.")


class OwnEnrolment(Refusal):
    """Who enrolled somebody doesn't judge who they are."""

    code = "matching.own_enrolment"
    message = _("You took one of these enrolments yourself. Leave the verdict to other officers.")


class ReasonMissing(Refusal):
    """A verdict needs its reason."""

    code = "matching.reason_missing"
    message = _("Write what your verdict rests on.")


@dataclass(frozen=True)
class Given:
    """A verdict that was given, and by whom."""

    officer_id: str
    verdict: Verdict
    reason: str


def decided(verdicts: Iterable[Verdict]) -> State:
    """What a pair is after these verdicts, in whatever order they came.

    Two reviewers who agree decide. Where the first two don't, a third is asked, and so on; whoever
    can't tell decides nothing.
    """
    counts = Counter(verdicts)
    for verdict, state in ((Verdict.SAME, State.SAME), (Verdict.DIFFERENT, State.DIFFERENT)):
        if counts[verdict] >= AGREEING:
            return state
    return State.OPEN


def is_repeat(new: Given, given: Iterable[Given]) -> bool:
    """Whether the very same verdict was sent before; another by the same officer is refused.

    Raises AlreadyReviewed.
    """
    earlier = [one for one in given if one.officer_id == new.officer_id]
    if earlier and new not in earlier:
        raise AlreadyReviewed()
    return bool(earlier)


def check_review(new: Given, state: State, operators: Collection[str]) -> None:
    """Refuse a verdict on a decided pair, by whoever enrolled one of the two, or without a reason.

    Raises AlreadyDecided, OwnEnrolment, ReasonMissing.
    """
    if state is not State.OPEN:
        raise AlreadyDecided(state=STATE_WORDS[state])
    if new.officer_id in operators:
        raise OwnEnrolment()
    if not new.reason:
        raise ReasonMissing(field="reason")


@dataclass(frozen=True)
class Pair:
    """The enrolled and somebody alike: what reviewers say, and whether the other one was cleared before."""

    state: State
    other_is_cleared: bool


def standing(pairs: Collection[Pair], let_pass: bool) -> Standing:
    """What becomes of an enrolment with these pairs.

    One person under two records is held. An officer may let it go on under this record (`let_pass`),
    but not where the other record was cleared: nobody is enrolled under two names.
    """
    if any(one.state is State.SAME and (one.other_is_cleared or not let_pass) for one in pairs):
        return Standing.HELD
    return Standing.WAITS if any(one.state is State.OPEN for one in pairs) else Standing.CLEARED


def joining(*, is_joined: bool, proposed: bool, approved: bool | None, expired: bool) -> Joining:
    """How far a join has come, by its proposal and by what the register says."""
    if is_joined:
        return Joining.JOINED
    if not proposed:
        return Joining.TO_PROPOSE
    if approved is None:
        return Joining.WAITS
    if expired:
        return Joining.EXPIRED
    return Joining.PARTED if approved else Joining.DECLINED
