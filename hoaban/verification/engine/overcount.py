"""Who is in the register and shouldn't be: the dead, those who moved away, those entered twice.

The share of entries that stand for nobody comes from a sample of entries looked for at the door, and goes into
the number of people there: in the form of the United States census (Hogan 1993; National Research Council 2001,
p. 204) DSE = (C - II) (CE / E) (P / M), with the correct entries CE of a sample E of the register and the
matched M of an independent sample P of the people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoaban.verification.engine import estimate
from hoaban.verification.engine.care import Share
from hoaban.verification.engine.coverage import Size
from hoaban.verification.engine.estimate import SURE, Stratum


class Ghost(StrEnum):
    """Why an entry stands for nobody here. Of two entries of one person, one is doubled."""

    DEAD = "dead"
    MOVED = "moved"
    DOUBLED = "doubled"
    NEVER_LIVED = "never_lived"


@dataclass(frozen=True)
class LookedFor:
    """A stratum of `entries` of the register, of which a random `n` were looked for, with what was found."""

    entries: int
    n: int
    ghosts: Mapping[Ghost, int]


def overcounted(strata: Sequence[LookedFor], sure: float = SURE) -> dict[Ghost, Share]:
    """The share of the register's entries that are of each kind, with bounds."""
    return {kind: _share(strata, (kind,), sure) for kind in Ghost}


def wrongly_in(strata: Sequence[LookedFor], sure: float = SURE) -> Share:
    """The share of the register's entries that stand for nobody, of whatever kind, with bounds."""
    return _share(strata, tuple(Ghost), sure)


def census_form(
    *, entries: int, unusable: int, looked_for: int, correct: int, listed: int, matched: int, sure: float = SURE
) -> Size:
    """The number of people by the form of the United States census, with a log-normal interval.

    `entries` C of the register less the `unusable` II (too little to match), `correct` CE of those `looked_for`
    E, and `matched` M of the people `listed` P. Both samples are taken as simple random ones.
    """
    right, met = correct / looked_for, matched / listed
    value = (entries - unusable) * right / met
    relative = math.sqrt((1 - right) / (right * looked_for) + (1 - met) / (met * listed))
    wide = math.exp(estimate.quantile(sure) * relative)
    return Size(value, value * relative, value / wide, value * wide)


def _share(strata: Sequence[LookedFor], kinds: Sequence[Ghost], sure: float) -> Share:
    counted = [Stratum(one.entries, one.n, sum(one.ghosts.get(kind, 0) for kind in kinds)) for one in strata]
    found = estimate.stratified(counted, sure)
    return Share(found.rate, found.low, found.high)
