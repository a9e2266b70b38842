"""How an application lives: who may decide what, and what a decision must say."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.cards import rules as cards
from hoaban.services.rules.definitions import Definition


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    DECLINED = "declined"


STATE_WORDS = {
    State.SUBMITTED: _("being decided"),
    State.APPROVED: _("approved"),
    State.RETURNED: _("to be mended"),
    State.DECLINED: _("declined"),
}

# What waits for a decision, and what an open application may become.
OPEN = (State.SUBMITTED, State.RETURNED)
MOVES = {
    State.SUBMITTED: {State.APPROVED, State.RETURNED, State.DECLINED},
    State.RETURNED: {State.SUBMITTED, State.APPROVED, State.RETURNED, State.DECLINED},
}


class Mender(StrEnum):
    """Who mends what is wrong with a returned application."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    AGENCY = "agency"


MENDER_WORDS = {
    Mender.OFFICER: _("the commune's officer"),
    Mender.AGENCY: _("the agency that holds the paper"),
    Mender.CITIZEN: _("the citizen, at home and online"),
}


class WrongStep(Refusal):
    """The application is decided, or was sent back meanwhile."""

    code = "services.wrong_step"
    message = _("Application %(code)s is now: %(state)s. This can't be done any more.")


class OwnApplication(Refusal):
    """Nobody decides what they asked for themselves."""

    code = "services.own_application"
    message = _("You are named in this application. Another officer must decide it.")


class ReasonMissing(Refusal):
    """A return or a no says what is wrong, by which rule, and who mends it."""

    code = "services.reason_missing"
    message = _("Say what is wrong, why, by which rule, and who mends it.")


class StateHoldsIt(Refusal):
    """A paper that the state holds is never the citizen's errand."""

    code = "services.state_holds_it"
    message = _("The state holds this itself: %(paper)s. An officer or the agency gets it, not the citizen.")


def check_move(code: str, now: State, then: State) -> None:
    """Raise WrongStep where an application can't go from one state to the other."""
    if then not in MOVES.get(now, set()):
        raise WrongStep(code=code, state=STATE_WORDS[now])


def check_decider(person_id: int | None, applicant_id: int, about_id: int) -> None:
    """Raise OwnApplication where the decider is somebody whom the application names."""
    if person_id is not None and person_id in (applicant_id, about_id):
        raise OwnApplication()


def check_return(service: Definition, field: str, reason: str, rule: str, mender: str) -> None:
    """Raise ReasonMissing or StateHoldsIt unless a return may be written so."""
    if field not in service.fields or mender not in set(Mender) or not reason.strip() or not rule.strip():
        raise ReasonMissing()
    if mender == Mender.CITIZEN and service.is_held(field):
        raise StateHoldsIt(paper=service.fields[field], field="mender")


def check_decline(reason: str, rule: str) -> None:
    """Raise ReasonMissing unless a no says why and by which rule."""
    if not reason.strip() or not rule.strip():
        raise ReasonMissing()


def due_on(service: Definition, submitted_on: dt.date) -> dt.date:
    """The last day on which the owner decides in time."""
    return cards.working_days_after(submitted_on, service.limit.working_days)
