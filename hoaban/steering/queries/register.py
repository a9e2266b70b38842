"""What the register holds by place, and what is still to be settled in it: each figure of exactly its names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
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

_Places = dict[str, tuple[str, Collection[str]]]  # by key: the name of a place, under which keys its people stand


def register(actor: Actor, at: dt.datetime) -> Register:
    """The register of the actor's area: by district where it lies in several, else by commune."""
    on = day_of(at)
    held = places.held(actor.communes, on)
    districts = {one.pk for one in map(_district, held) if one}
    part = Part.DISTRICT if len(districts) > 1 else Part.COMMUNE
    parts = _by_district(held, on) if part is Part.DISTRICT else _by_commune(held, on)
    if actor.communes is None and (unknown := intake.unknown_communes()):
        parts[NO_COMMUNE] = (str(_("Commune not known")), unknown)
    counts = _counts(actor.communes, {"": ("", {key for _name, keys in parts.values() for key in keys}), **parts})
    lines = [RegisterLine(key, name, counts[key]) for key, (name, _keys) in parts.items()]
    return rules.register(at, part, lines, RegisterLine("", str(_("All together")), counts[""]))


def register_of(actor: Actor, key: str, at: dt.datetime) -> Register:
    """The register of a district by commune, or of a commune by village. Raises NotFound."""
    on = day_of(at)
    held = places.held_in(key, actor.communes, on)
    keys, name = keys_of(held), places.name(key, on)
    if held[0].unit.key == key:
        whole = RegisterLine(key, name, _counts(keys, {key: (name, keys)})[key])
        above = [(one.key, one.full_name) for one in [_district(held[0])] if one]
        return rules.register(at, Part.VILLAGE, _of_villages(key, keys), whole, above)
    parts = _by_commune(held, on)
    counts = _counts(keys, {"": ("", keys), **parts})
    lines = [RegisterLine(key, name, counts[key]) for key, (name, _keys) in parts.items()]
    return rules.register(at, Part.COMMUNE, lines, RegisterLine(key, name, counts[""]))


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
    names, keys = dict[str, str](), defaultdict[str, set[str]](set)
    for one in held:
        if district := _district(one):
            names[district.key] = district.full_name
            keys[district.key] |= one.keys
    alone = [one for one in held if _district(one) is None]
    return {key: (name, keys[key]) for key, name in names.items()} | _by_commune(alone, on)


def _by_commune(held: Sequence[Held], on: dt.date) -> _Places:
    names = places.names([one.unit.key for one in held], on)
    return {one.unit.key: (names[one.unit.key], one.keys) for one in held}


def _counts(asked: Collection[str] | None, parts: _Places) -> dict[str, dict[str, int]]:
    """By part, how much there is of each measure, of the forms and people of the communes asked for (None: all)."""
    living = people.living(asked)
    counted = {
        rules.PEOPLE.code: people.count_by_commune(living),
        rules.HOUSEHOLDS.code: people.count_by_commune(people.households_of(asked)),
        rules.RETURNED.code: intake.waiting_by_commune(asked),
        rules.QUESTIONS.code: people.count_by_commune(questioned(living)),
    }
    files = intake.files_by_commune(asked)
    return {
        part: {code: sum(found.get(key, 0) for key in keys) for code, found in counted.items()}
        | {rules.FILES.code: len(set().union(*(files.get(key, ()) for key in keys)))}
        for part, (_name, keys) in parts.items()
    }


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
