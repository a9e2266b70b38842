"""Addresses as they are told today: an ended commune in one with what it is now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from hoaban.base.clock import today
from hoaban.base.names import fold
from hoaban.places import rules
from hoaban.places.models import Spelling
from hoaban.places.queries import through_time
from hoaban.places.rules import Level


def addresses_told(addresses: Iterable[str], on: dt.date | None = None) -> dict[str, str]:
    """These addresses with `(now ...)` after each commune that has ended by that day (today), by the address.

    A commune is known by any way of writing it; where several were written so, by the unit above it in the
    address. One that is written like a unit of that day, with nothing above it that has ended, is left as it is.
    """
    day, texts = on or today(), list(addresses)
    found = _ended(texts, day) if texts else {}
    said = through_time.names({key for places in found.values() for key in places.values()}, day)
    told = {}
    for text in texts:
        parts = text.split(",")
        for number, key in found.get(text, {}).items():
            now = said[key].partition(" (")[2]
            parts[number] = f"{parts[number].rstrip()} ({now}" if now else parts[number]
        told[text] = ",".join(parts)
    return told


def _ended(texts: list[str], day: dt.date) -> dict[str, dict[int, str]]:
    """The ended communes in each address: key by the number of the part that names it."""
    folded = {text: [fold(part) for part in text.split(",")] for text in texts}
    asked = {part for parts in folded.values() for part in parts}
    candidates: dict[str, list[tuple[str, str]]] = defaultdict(list)
    current: set[str] = set()
    rows = Spelling.objects.filter(unit__level=Level.COMMUNE, fold__in=asked).values_list(
        "fold", "unit__key", "unit__valid_to", "unit__parent__name_fold"
    )
    for written, key, valid_to, above in rows:
        if valid_to is not None and valid_to < day:
            candidates[written].append((key, above))
        else:
            current.add(written)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for text, parts in folded.items():
        for number, part in enumerate(parts):
            after = {rules.bare(other) for other in parts[number + 1 :]}
            sure = [key for key, parent in candidates.get(part, []) if parent in after]
            alone = [key for key, _parent in candidates.get(part, [])]
            if len(sure) == 1 or (len(alone) == 1 and part not in current):
                found[text][number] = (sure or alone)[0]
    return found
