"""One file per promise about speed or accuracy; each compares with a yardstick in the same run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Result:
    """What a benchmark found. `ratio` is to the yardstick of the same run; a missed goal is said to be missed."""

    name: str
    value: float
    unit: str
    yardstick: str
    ratio: float
    goal: str
    met: bool
    scale: float
    details: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """The result as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)
