"""What the register holds by place, and what is still to be settled in it: each figure of exactly its names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoaban.base.clock import day_of
from hoaban.base.words import _
from hoaban.intake import queries as intake
from hoaban.intake.rules import NO_COMMUNE
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.steering import rules
from hoaban.steering.queries.figures import keys_of, questioned
from hoaban.steering.rules import Part, Register, RegisterLine
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hoaban.people.models import Household
    from hoaban.places.models import Unit
    from hoaban.places.queries import Held


@dataclass(frozen=True)
class _Place:
    """A part of an area: its name with and without its kind, the keys under which its people stand."""

    name: str
    short: str
    keys: Collection[str]


_Places = dict[str, _Place]


def register(actor: Actor, at: dt.datetime) -> Register:
    """The register of the actor's area: by district where it lies in several, else by commune."""
    on = day_of(at)
    held = places.held(actor.communes, on)
    districts = {one.pk for one in map(_district, held) if one}
    part = Part.DISTRICT if len(districts) > 1 else Part.COMMUNE
    parts = _by_district(held, on) if part is Part.DISTRICT else _by_commune(held, on)
    if actor.communes is None and (unknown := intake.unknown_communes()):
        parts[NO_COMMUNE] = _Place(str(_("Commune not known")), "", unknown)
    whole = _Place(str(_("All together")), "", {key for one in parts.values() for key in one.keys})
    *lines, together = _lines(actor.communes, parts | {"": whole})
    return rules.register(at, part, lines, together)


def register_of(actor: Actor, key: str, at: dt.datetime) -> Register:
    """The register of a district by commune, or of a commune by village. Raises NotFound."""
    on = day_of(at)
    held = places.held_in(key, actor.communes, on)
    whole = _Place(places.name(key, on), "", keys_of(held))
    if held[0].unit.key == key:
        above = [(one.key, one.full_name) for one in [_district(held[0])] if one]
        [together] = _lines(whole.keys, {key: whole})
        return rules.register(at, Part.VILLAGE, _of_villages(key, whole.keys), together, above)
    *lines, together = _lines(whole.keys, _by_commune(held, on) | {key: whole})
    return rules.register(at, Part.COMMUNE, lines, together)


def households(actor: Actor, key: str, village: str | None, at: dt.datetime) -> QuerySet[Household]:
    """The households of a unit or of one of its villages; with "" those of the actor's whole area. Raises NotFound."""
    if not key:
        return people.households_of(actor.communes)
    here = people.households_of(keys_of(places.held_in(key, actor.communes, day_of(at))))
    return here if village is None else here.filter(village_code=village)


def _district(held: Held) -> Unit | None:
    above = held.unit.parent
    return above if above is not None and above.level == "district" else None


def _by_district(held: Sequence[Held], on: dt.date) -> _Places:
    units = {one.key: one for one in map(_district, held) if one}
    inside = defaultdict[str, set[str]](set)
    for one in held:
        if district := _district(one):
            inside[district.key] |= one.keys
    found = {key: _Place(one.full_name, one.name, inside[key]) for key, one in units.items()}
    return found | _by_commune([one for one in held if _district(one) is None], on)


def _by_commune(held: Sequence[Held], on: dt.date) -> _Places:
    names = places.names([one.unit.key for one in held], on)
    return {one.unit.key: _Place(names[one.unit.key], one.unit.name, one.keys) for one in held}


def _lines(asked: Collection[str] | None, parts: _Places) -> list[RegisterLine]:
    """What there is of each part, of the forms and people of the communes asked for (None: all)."""
    living = people.living(asked)
    counted = {
        rules.PEOPLE.code: people.count_by_commune(living),
        rules.HOUSEHOLDS.code: people.count_by_commune(people.households_of(asked)),
        rules.RETURNED.code: intake.waiting_by_commune(asked),
        rules.QUESTIONS.code: people.count_by_commune(questioned(living)),
    }
    files = intake.files_by_commune(asked)
    lines = []
    for key, part in parts.items():
        counts = {code: sum(found.get(one, 0) for one in part.keys) for code, found in counted.items()}
        counts[rules.FILES.code] = len(set().union(*(files.get(one, ()) for one in part.keys)))
        lines.append(RegisterLine(key, part.name, counts, part.short))
    return lines


def _of_villages(key: str, keys: Collection[str]) -> list[RegisterLine]:
    living = people.living(keys)
    counted = {
        rules.PEOPLE.code: people.count_by_village(living),
        rules.HOUSEHOLDS.code: people.count_by_village(people.households_of(keys)),
        rules.QUESTIONS.code: people.count_by_village(questioned(living)),
    }
    names = {one.code: one.name for one in places.villages_in(key)}
    strays = set().union(*counted.values()) - names.keys()
    names |= places.village_names(strays)
    if "" in strays:
        names[""] = str(_("Village not known"))
    return [
        RegisterLine(code, name, {measure: found.get(code, 0) for measure, found in counted.items()})
        for code, name in names.items()
    ]
