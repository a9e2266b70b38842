"""What a round is drawn by: the plan that says how many forms of a lot are looked at, and what makes a lot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from hoaban.base.words import _

LARGEST_SEED = 10**9


class PlanKind(StrEnum):
    """How many forms of a lot are looked at, and how many may be wrong."""

    FULL = "full"
    ISO = "iso"
    LQAS = "lqas"
    RISKS = "risks"
    SIZE = "size"


PLAN_WORDS = {
    PlanKind.FULL: _("Every form"),
    PlanKind.ISO: _("By the tables of ISO 2859-1"),
    PlanKind.LQAS: _("Good or bad place (LQAS)"),
    PlanKind.RISKS: _("For two stated risks"),
    PlanKind.SIZE: _("A number of forms"),
}


class LotsBy(StrEnum):
    """Which forms are accepted or returned together."""

    COMMUNE = "commune"
    VILLAGE = "village"


LOTS_BY_WORDS = {LotsBy.COMMUNE: _("A lot is a commune"), LotsBy.VILLAGE: _("A lot is a village")}


class Inspection(StrEnum):
    """How severely the tables inspect, by how the lots before came out."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    DISCONTINUED = "discontinued"  # after five lots returned while tightened: every form is looked at


INSPECTION_WORDS = {
    Inspection.NORMAL: _("normal"),
    Inspection.TIGHTENED: _("tightened"),
    Inspection.REDUCED: _("reduced"),
    Inspection.DISCONTINUED: _("sampling stopped: every form"),
}

OLD_FROM = 80  # age in years
STRATUM_WORDS = {
    "questioned": _("Accepted with questions"),
    "old": _("80 years or older"),
    "away": _("Living in another province"),
    "border": _("On the border"),
    "rest": _("All others"),
}


def marks_of(*, questioned: bool, born_year: int, away: bool, border: bool, on: dt.date) -> list[str]:
    """What makes errors likelier in a form on the day of the draw; the age counts by the year of birth."""
    fits = {"questioned": questioned, "old": on.year - born_year >= OLD_FROM, "away": away, "border": border}
    return [name for name, does in fits.items() if does]


class Step(StrEnum):
    """A lot is drawn; if it is returned, what went back is checked whole, then the lot is drawn again."""

    FIRST = "first"
    WHOLE = "whole"
    AGAIN = "again"


STEP_WORDS = {
    Step.FIRST: _("drawn"),
    Step.WHOLE: _("returned rows, every one of them"),
    Step.AGAIN: _("drawn again, tightened"),
}


@dataclass(frozen=True)
class PlanSpec:
    """A plan as it was chosen, before the size of a lot is known. Shares and risks are fractions.

    `good` is the share of wrong forms at which a lot is returned with at most `alpha`, `bad` the one at which
    it is accepted with at most `beta`. `n` is the number of forms, where it is given.
    """

    kind: PlanKind
    aql: str = "1.0"
    inspection: str = "II"
    good: float = 0.01
    bad: float = 0.05
    alpha: float = 0.10
    beta: float = 0.05
    n: int | None = None

    @property
    def aim(self) -> float:
        """The share of wrong forms that the plan is about."""
        return self.good if self.kind in (PlanKind.LQAS, PlanKind.RISKS) else float(self.aql) / 100

    def kept(self) -> dict[str, Any]:
        """The plan as a round keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> PlanSpec:
        """The plan that a round kept."""
        return cls(**{**kept, "kind": PlanKind(kept["kind"])})


def lot_seed(seed: int, commune_key: str, village_code: str) -> int:
    """The seed of a lot, from that of its round: anyone can work it out.

    It is the SHA-256 of "seed/commune/village" as a number, its rest by a thousand million. A lot that is drawn
    again has a seed of its own: who knew it before could mend just the forms that will be looked at.
    """
    return int(sha256(f"{seed}/{commune_key}/{village_code}".encode()).hexdigest(), 16) % LARGEST_SEED
