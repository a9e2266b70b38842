"""Checking one form: who may, what can be said of a field, how the form came out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base import names
from hoaban.base.words import _

CRITICAL = ("full_name", "born", "number")  # typed again from the paper where the check is blind
HOLDS_FOR = dt.timedelta(minutes=30)  # a form that somebody took and left goes back to the pile after that


class Outcome(StrEnum):
    """How a form came out of its check. Pending ones wait for the family or for a better image."""

    RIGHT = "right"
    WRONG = "wrong"
    PENDING = "pending"


OUTCOME_WORDS = {
    Outcome.RIGHT: _("found right"),
    Outcome.WRONG: _("found wrong"),
    Outcome.PENDING: _("waits for an answer"),
}


def outcome_named(text: str) -> Outcome | None:
    """The outcome that a page's address names, if any."""
    return next((one for one in Outcome if one.value == text), None)


class Verdict(StrEnum):
    """What a checker says of one field, each with its key."""

    FORM = "form"
    RECORD = "record"
    REKEYED = "rekeyed"
    ASK = "ask"
    BLURRED = "blurred"


VERDICT_WORDS = {
    Verdict.FORM: _("Form is right"),
    Verdict.RECORD: _("Register is right"),
    Verdict.REKEYED: _("Type it again"),
    Verdict.ASK: _("Ask the family"),
    Verdict.BLURRED: _("Image is blurred"),
}
CHANGES_THE_RECORD = frozenset({Verdict.FORM, Verdict.REKEYED})
LEAVES_IT_OPEN = frozenset({Verdict.ASK, Verdict.BLURRED})


@dataclass(frozen=True)
class Mark:
    """What a checker says of one field of a form; `value` is what they typed from the paper."""

    verdict: Verdict
    value: str = ""


def saw_it_before(
    officer_id: str, officer_name: str, *, keyed_by_id: str, collected_by: str, checked_by: Iterable[str]
) -> bool:
    """Whether the officer keyed, collected or has checked what they are to check.

    The collector is known by the name on the form only, so that names are compared without marks.
    """
    return (
        officer_id == keyed_by_id
        or officer_id in set(checked_by)
        or (bool(collected_by) and names.fold(officer_name) == names.fold(collected_by))
    )


def outcome_of(verdicts: Iterable[Verdict]) -> Outcome:
    """How a form came out: wrong if the register must change, pending if something waits for an answer."""
    given = set(verdicts)
    if given & CHANGES_THE_RECORD:
        return Outcome.WRONG
    return Outcome.PENDING if given & LEAVES_IT_OPEN else Outcome.RIGHT


def differing(typed: Mapping[str, str], held: Mapping[str, str]) -> list[str]:
    """The facts in which what was typed from the paper isn't what the register holds; both as stored."""
    return [name for name, value in typed.items() if value != held[name]]
