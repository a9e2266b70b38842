"""Keeping the ways of writing a place, and what stands around it to tell it from another of the same name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hoaban.base.names import fold, nfc
from hoaban.places import rules
from hoaban.places.models import Spelling, Succession, Unit, Village
from hoaban.places.rules import Standing

LONGEST_AROUND = 400


def write(place: Unit | Village, written: Iterable[str], standing: Standing) -> None:
    """Keep these ways of writing a place; those that it has stay as they are."""
    of = {"unit": place} if isinstance(place, Unit) else {"village": place}
    keep(Spelling(**of, **_forms(one), standing=standing) for one in written)


def keep(spellings: Iterable[Spelling]) -> None:
    """Keep these; those that are there stay as they are."""
    Spelling.objects.bulk_create(spellings, ignore_conflicts=True)


def of_village(village_id: int, written: str, standing: Standing) -> Spelling:
    """A way of writing a village, not kept yet."""
    return Spelling(village_id=village_id, **_forms(written), standing=standing)


def _forms(written: str) -> dict[str, str]:
    name = nfc(written)
    folded = fold(name)
    return {"name": name, "fold": folded, "bare": rules.bare(folded)}


def tell_places_apart() -> None:
    """Write anew what stands around each place: the units above it, and those that they all became."""
    units = {one.pk: one for one in Unit.objects.all()}
    became: dict[int, list[int]] = defaultdict(list)
    for old, new in Succession.objects.values_list("old", "new"):
        became[old].append(new)
    keys = {one.key: one.pk for one in units.values()}
    village_in = {pk: keys.get(key) for pk, key in Village.objects.values_list("pk", "commune_code")}
    changed = []
    for one in Spelling.objects.all():
        start = units[one.unit_id].parent_id if one.unit_id else village_in[one.village_id or 0]
        own = became[one.unit_id] if one.unit_id else []
        around = " ".join(dict.fromkeys(_above([start, *own], units, became)))[:LONGEST_AROUND]
        if around != one.around:
            one.around = around
            changed.append(one)
    Spelling.objects.bulk_update(changed, ["around"], batch_size=500)


def _above(start: list[int | None], units: Mapping[int, Unit], became: Mapping[int, list[int]]) -> list[str]:
    found: dict[int, str] = {}
    ahead = [one for one in start if one]
    while ahead:
        pk = ahead.pop(0)
        if pk not in found:
            found[pk] = fold(units[pk].full_name)
            ahead += [one for one in (units[pk].parent_id, *became.get(pk, [])) if one]
    return list(found.values())
