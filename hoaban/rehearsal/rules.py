"""What is played, by whom and where."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import _

COMMUNE = "03174"  # played through every step
NEIGHBOUR = "03199"  # whose forms are checked too, and whose people come to stay
NEIGHBOURS = (COMMUNE, NEIGHBOUR, "03167", "03156")  # of one district, 19,000 people in truth
THREE_DISTRICTS = (
    *NEIGHBOURS,
    "03157",
    "03160",
    "03161",
    "03162",
    "03172",
    "03200",
    "03201",
    "03202",
)  # 59,500 people in truth
PEOPLE = 60_000
MOST_OF_NEIGHBOURS, MOST_OF_THREE = 30_000, 120_000
IMAGES_OF_ALL = 4  # forms drawn in each commune where the whole province is played
LEAST_PEOPLE = 400
SEED = 6
STATION = "NP01"
TEAM = f"{COMMUNE}-1"
TEAMS = 2
PLAN_BEGINS_IN_DAYS = 3
ACTIVATED = 10
DECLARED = 3  # the first is approved, the others wait at the desk
PIN = "120600"
PASSWORD = "hoa-ban-no-2026"  # of every made-up officer and citizen
FORMS_CHECKED = 90  # of each of two communes
ENTERED_TWICE = 3  # of those enrolled, for the adjudicators
ENROLLED = 24  # people whom the play enrols
SECRET_BYTES = 10  # 16 letters, to be typed by hand
HEROINE = "heroine"
NEPHEW = "nephew"


class Step(StrEnum):
    """The steps of the thread, in order."""

    FORMS = "forms"
    OFFICERS = "officers"
    REGISTER = "register"
    CHECKS = "checks"
    PLAN = "plan"
    ENROLMENT = "enrolment"
    CARDS = "cards"
    ACCOUNTS = "accounts"
    SERVICES = "services"
    BOARD = "board"


STEP_WORDS = {
    Step.FORMS: _("Forms written, some drawn"),
    Step.OFFICERS: _("Officers and their roles"),
    Step.REGISTER: _("Forms read into the register"),
    Step.CHECKS: _("Forms checked against their paper"),
    Step.PLAN: _("A week of the teams planned and promised"),
    Step.ENROLMENT: _("People enrolled at a station"),
    Step.CARDS: _("Cards made, sent, handed over"),
    Step.ACCOUNTS: _("Electronic identities activated"),
    Step.SERVICES: _("Temporary residence declared online"),
    Step.BOARD: _("The day's figures closed"),
}
REPEATABLE = frozenset({Step.FORMS, Step.OFFICERS, Step.REGISTER, Step.ACCOUNTS, Step.BOARD})  # cut short or not


@dataclass(frozen=True)
class Part:
    """A made-up officer."""

    username: str
    full_name: str
    role: str
    unit_code: str
    unit_level: str
    title: str


class NotHere(Refusal):
    """Rehearsals are played with synthetic people, who don't belong in a real register."""

    code = "rehearsal.not_here"
    message = _("This register doesn't take synthetic people: nothing is rehearsed here.")


class OthersAreHere(Refusal):
    """The register holds people who don't come from this play."""

    code = "rehearsal.others_are_here"
    message = _("The register holds people already. A rehearsal needs an empty one: name another HOABAN_HOME.")


class CutShort(Refusal):
    """A step was cut off in its middle, and playing it again would do half of it twice."""

    code = "rehearsal.cut_short"
    message = _("The rehearsal was cut off in the middle of a step: %(step)s. Begin anew by: make demo-reset")


class TooFew(Refusal):
    """Too few people for every step to have somebody."""

    code = "rehearsal.too_few"
    message = _("At least %(least)s people are needed, so that no step is without anybody.")


def communes_of(people: int) -> tuple[str, ...]:
    """Where so many people live: four neighbouring communes, three districts, or the whole province (())."""
    if people <= MOST_OF_NEIGHBOURS:
        return NEIGHBOURS
    return THREE_DISTRICTS if people <= MOST_OF_THREE else ()


def check_whole(cut_short: Iterable[str]) -> None:
    """Raise CutShort where a step was cut off that can't be played again."""
    for step in cut_short:
        if Step(step) not in REPEATABLE:
            raise CutShort(step=STEP_WORDS[Step(step)])


def check_size(people: int) -> None:
    """Raise TooFew unless every step will have somebody."""
    if people < LEAST_PEOPLE:
        raise TooFew(least=LEAST_PEOPLE)


def totp_secret(username: str, key: str) -> str:
    """The base32 secret of a made-up officer's authenticator: the same for the same installation."""
    digest = hmac.digest(key.encode(), f"rehearsal:{username}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:SECRET_BYTES]).decode()
