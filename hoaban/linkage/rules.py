"""What is compared, what comes out, and when a pair is worth two people's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.words import _

SUSPECT_FROM_BITS = 12.0  # below it a pair is not shown: about one in 4,000 of such pairs is one person; assumed


class Level(StrEnum):
    """How well two values agree."""

    SAME = "same"
    WITHOUT_MARKS = "same_without_marks"
    OTHER_MIDDLE = "other_middle"
    NEAR = "near"
    AGREES = "agrees"
    SWAPPED = "swapped"
    SAME_YEAR = "same_year"
    UNKNOWN = "unknown"
    OTHER = "other"


LEVEL_WORDS = {
    Level.SAME: _("the same"),
    Level.WITHOUT_MARKS: _("the same but for tone marks or spelling"),
    Level.OTHER_MIDDLE: _("another middle name"),
    Level.NEAR: _("a letter or two apart"),
    Level.AGREES: _("agrees as far as it is known"),
    Level.SWAPPED: _("day and month the other way round"),
    Level.SAME_YEAR: _("the same year"),
    Level.UNKNOWN: _("unknown on one side"),
    Level.OTHER: _("different"),
}

FIELD_WORDS = {
    "name": _("name"),
    "born": _("date of birth"),
    "sex": _("sex"),
    "mother": _("mother's name"),
    "number9": _("old 9-digit number"),
    "village": _("village"),
}


@dataclass(frozen=True)
class Record:
    """What of a person is compared. Empty text is unknown; `born` is a partial date as `1958-03-07`."""

    key: str
    number: str
    number9: str
    name: str
    born: str
    sex: str
    mother: str
    village: str


@dataclass(frozen=True)
class Evidence:
    """What one field says: its level and its weight in bits, for (+) or against (-) one person."""

    field: str
    level: Level
    bits: float


@dataclass(frozen=True)
class Likeness:
    """How alike two records are: the evidence field by field and its sum in bits."""

    evidence: tuple[Evidence, ...]

    @property
    def bits(self) -> float:
        """The sum of the evidence (Fellegi and Sunter 1969): log2 of how much likelier one person is than two."""
        return round(sum(one.bits for one in self.evidence), 2)

    @property
    def is_suspect(self) -> bool:
        """Whether two people should look at it."""
        return self.bits >= SUSPECT_FROM_BITS and not self.looks_like_a_twin

    @property
    def looks_like_a_twin(self) -> bool:
        """The same day, mother and village but another given name: a brother or sister, not a double."""
        levels = {one.field: one.level for one in self.evidence}
        return levels["name"] is Level.OTHER and levels["number9"] is not Level.SAME
