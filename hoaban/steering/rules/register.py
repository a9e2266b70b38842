"""The register by place: what it holds, and what is still to be settled in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.words import _
from hoaban.steering.rules.indicators import COUNTED, Measure

LEFT_STEPS = (0.05, 0.1, 0.2, 0.3)  # shares of people with something left, where a map's next shade begins


PEOPLE = Measure(COUNTED.code, _("Persons"), COUNTED.definition, COUNTED.source)
HOUSEHOLDS = Measure(
    "households", _("Households"), _("households of the place that weren't dissolved"), _("the register of people")
)
FILES = Measure("files", _("Files"), _("files received in which there are forms of the place"), _("the desk of forms"))
RETURNED = Measure(
    "returned",
    _("To be mended"),
    _("forms that the desk returned and that weren't accepted since"),
    _("the desk of forms"),
)
QUESTIONS = Measure(
    "questions",
    _("Questions left"),
    _("people living in the place whose form was accepted with questions and wasn't checked yet"),
    _("the desk of forms and the rounds of checks at three levels"),
)
MEASURES = (PEOPLE, HOUSEHOLDS, QUESTIONS, RETURNED, FILES)


@dataclass(frozen=True)
class RegisterLine:
    """What the register holds of one place, by measure; `key` is "" for all places together.

    `short` is its name without its kind, for a map.
    """

    key: str
    name: str
    counts: Mapping[str, int]
    short: str = ""

    @property
    def left(self) -> int:
        """How many forms or people still have something to be settled."""
        return self.counts.get(RETURNED.code, 0) + self.counts[QUESTIONS.code]

    @property
    def shade(self) -> int:
        """How much is left for so many people, in steps: 0 where nothing is, then one for each of `LEFT_STEPS`."""
        if not self.left:
            return 0
        share = self.left / max(self.counts[PEOPLE.code], 1)
        return 1 + sum(share >= step for step in LEFT_STEPS)


class Part(StrEnum):
    """By what a place is told."""

    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"

    @property
    def measures(self) -> Sequence[Measure]:
        """What is known of each part; of which village a returned form is isn't known yet."""
        return (PEOPLE, HOUSEHOLDS, QUESTIONS) if self is Part.VILLAGE else MEASURES


@dataclass(frozen=True)
class Register:
    """The register of a place at a moment, by its parts, those with most left first, and as a whole.

    `untouched` are parts from which nothing has come; `above` are the key and name of the units around the
    place that the officer sees too.
    """

    at: dt.datetime
    part: Part
    lines: Sequence[RegisterLine]
    whole: RegisterLine
    untouched: Sequence[RegisterLine] = ()
    above: Sequence[tuple[str, str]] = ()


def register(
    at: dt.datetime,
    part: Part,
    lines: Sequence[RegisterLine],
    whole: RegisterLine,
    above: Sequence[tuple[str, str]] = (),
) -> Register:
    """The register of a place by these parts of it."""
    begun = [line for line in lines if any(line.counts.values())]
    untouched = [line for line in lines if not any(line.counts.values())]
    return Register(at, part, sorted(begun, key=lambda line: (-line.left, line.key)), whole, untouched, above)
