"""The life of an account, its level, its slip, its password, and how long to wait after wrong tries."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from enum import StrEnum
from typing import Any

from hoaban.base import dated_rules
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.eid.rules.refusals import ReasonMissing, TooManyTries, WeakPassword, WrongStep


class State(StrEnum):
    """waiting -> active <-> locked; all of them -> closed, for ever."""

    WAITING = "waiting"
    ACTIVE = "active"
    LOCKED = "locked"
    CLOSED = "closed"


STATE_WORDS = {
    State.WAITING: _("waits for activation"),
    State.ACTIVE: _("in use"),
    State.LOCKED: _("locked"),
    State.CLOSED: _("closed"),
}
MOVES = {
    State.WAITING: frozenset({State.ACTIVE, State.LOCKED, State.CLOSED}),
    State.ACTIVE: frozenset({State.LOCKED, State.CLOSED}),
    State.LOCKED: frozenset({State.WAITING, State.ACTIVE, State.CLOSED}),
    State.CLOSED: frozenset[State](),
}
LEVEL_WORDS = {1: _("level 1: the register's facts"), 2: _("level 2: facts, face and fingerprints")}

LOCK = "eid.lock"
GIVE_SLIP = "eid.give_slip"


def check_move(now: State, to: State) -> None:
    """Raise WrongStep unless an account may go from one state to the other."""
    if to not in MOVES[now]:
        raise WrongStep(state=STATE_WORDS[now])


def check_reason(reason: str) -> str:
    """The reason, tidy. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return reason.strip()


def level_for(asked: int, born: PartialDate, on: dt.date) -> int:
    """The level that somebody gets: as asked, but level 1 for those who can't have reached the age of level 2."""
    _youngest, oldest = born.age_range(on)
    return min(asked, 2 if oldest >= dated_rules.number("eid.level_2_on_request_age", on) else 1)


def slip_expires(made: dt.datetime, on: dt.date) -> dt.datetime:
    """Until when a slip made then is good."""
    return made + dt.timedelta(days=dated_rules.number("eid.slip_valid_days", on))


# --- tries ----------------------------------------------------------------------------------------------

FREE_TRIES = 5
LONGEST_WAIT = dt.timedelta(hours=1)
FORGOTTEN_AFTER = dt.timedelta(days=1)


def wait_after(tries: int) -> dt.timedelta:
    """How long to wait after that many wrong tries: nothing at first, then a minute, two, four, at most an hour."""
    if tries < FREE_TRIES:
        return dt.timedelta()
    return min(dt.timedelta(minutes=2 ** min(tries - FREE_TRIES, 10)), LONGEST_WAIT)


def check_may_try(wait_until: dt.datetime | None, at: dt.datetime) -> None:
    """Raise TooManyTries while one has to wait."""
    if wait_until is not None and at < wait_until:
        raise TooManyTries(minutes=math.ceil((wait_until - at).total_seconds() / 60))


# --- passwords ------------------------------------------------------------------------------------------

SHORTEST, LONGEST = 8, 128
LEAST_DIFFERENT = 4

FAULT_WORDS: dict[str, Any] = {
    "short": _("it needs 8 letters or digits or more"),
    "long": _("it's longer than 128 letters"),
    "plain": _("it repeats a few letters"),
    "row": _("its letters stand in a row, such as 12345678"),
    "number": _("it has your number in it"),
    "common": _("many people use it"),
}


def password_fault(password: str, number: str) -> str:
    """What makes a password easily guessed, as a key of FAULT_WORDS; "" where nothing does."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if len(set(password.lower())) < LEAST_DIFFERENT:
        return "plain"
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(password)}
    if steps in ({1}, {-1}):
        return "row"
    if number and (number in password or number[-8:] in password):
        return "number"
    return ""


def check_password(password: str, number: str) -> None:
    """Raise WeakPassword where the password is easily guessed."""
    fault = password_fault(password, number)
    if fault:
        raise WeakPassword(field="password", why=FAULT_WORDS[fault])
