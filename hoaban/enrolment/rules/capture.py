"""What is taken of a person at the station, and when it is good enough to go on.

Ten fingers in three presses (4-4-2), or a reason for each that can't be taken: nobody goes home
without a card because their hands are worn. Thresholds are assumed until the ministry's own are
known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.words import _

CLEAR_FROM = 60  # of 100; assumed
ENOUGH_FROM = 40  # assumed
TRIES = 3  # assumed; after them the best press counts


class Source(StrEnum):
    """What a picture or a print was taken with. What a mock gives stays marked for ever."""

    DEVICE = "device"
    CAMERA = "camera"
    FILE = "file"
    MOCK = "mock"


class Press(StrEnum):
    """One press on the glass."""

    RIGHT_FOUR = "right-four"
    LEFT_FOUR = "left-four"
    THUMBS = "thumbs"


# Finger codes of ISO/IEC 19794-2: 1-5 right hand from the thumb, 6-10 left hand from the thumb.
FINGERS: dict[Press, tuple[int, ...]] = {
    Press.RIGHT_FOUR: (2, 3, 4, 5),
    Press.LEFT_FOUR: (7, 8, 9, 10),
    Press.THUMBS: (1, 6),
}
FINGER_NAMES = {
    1: _("right thumb"),
    2: _("right index finger"),
    3: _("right middle finger"),
    4: _("right ring finger"),
    5: _("right little finger"),
    6: _("left thumb"),
    7: _("left index finger"),
    8: _("left middle finger"),
    9: _("left ring finger"),
    10: _("left little finger"),
}
PRESS_NAMES = {
    Press.RIGHT_FOUR: _("Right hand, four fingers"),
    Press.LEFT_FOUR: _("Left hand, four fingers"),
    Press.THUMBS: _("Both thumbs"),
}


class WhyNot(StrEnum):
    """Why a finger can't be taken."""

    AMPUTATED = "amputated"
    WORN = "worn"
    INJURED = "injured"
    STIFF = "stiff"


WHY_NOT_NAMES = {
    WhyNot.AMPUTATED: _("finger missing"),
    WhyNot.WORN: _("worn smooth"),
    WhyNot.INJURED: _("injured or bandaged"),
    WhyNot.STIFF: _("can't be straightened"),
}


class Quality(StrEnum):
    """Quality in words that tell what to do."""

    CLEAR = "clear"
    FAINT = "faint"
    POOR = "poor"


QUALITY_NAMES = {
    Quality.CLEAR: _("Clear print"),
    Quality.FAINT: _("A little faint - wipe the hand"),
    Quality.POOR: _("Poor - wipe the hand and press again"),
}


@dataclass(frozen=True)
class Finger:
    """One finger: its best print with its quality, or why there is none."""

    code: int
    quality: int = 0
    tries: int = 0
    template: str = ""  # base64
    why_not: WhyNot | None = None


def quality_word(quality: int) -> Quality:
    """What a score of 0-100 means."""
    if quality >= CLEAR_FROM:
        return Quality.CLEAR
    return Quality.FAINT if quality >= ENOUGH_FROM else Quality.POOR


def better(before: Finger | None, now: Finger) -> Finger:
    """The print to keep after one more press: the best one, with all tries counted."""
    if before is None or before.why_not is not None:
        return now
    best = max(before, now, key=lambda finger: finger.quality)
    return Finger(best.code, best.quality, before.tries + now.tries, best.template)


def is_settled(finger: Finger | None) -> bool:
    """Whether one may go on: clear enough, tried three times, or a reason given."""
    if finger is None:
        return False
    return finger.why_not is not None or finger.quality >= ENOUGH_FROM or finger.tries >= TRIES


def unsettled(press: Press, fingers: Iterable[Finger]) -> list[int]:
    """The fingers of a press that are still to be taken or explained."""
    by_code = {finger.code: finger for finger in fingers}
    return [code for code in FINGERS[press] if not is_settled(by_code.get(code))]
