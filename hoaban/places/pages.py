"""Pages of places: finding one by any name, and a place as of a day. Open to every officer: they name no person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hoaban.base.clock import today
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.places import queries, rules
from hoaban.places.engine import maps
from hoaban.places.forms import DayForm, FindForm
from hoaban.places.models import Unit
from hoaban.web.engine import svg
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Fact, Figure

READ = "places.read"
MOST = 30


@require_permission(READ)
def find(request: ActingRequest) -> HttpResponse:
    """Find a place by any of its names; without one, the units of today."""
    form = FindForm(request.GET if "ten" in request.GET else None)
    found = queries.find(form.cleaned_data["ten"], MOST) if form.is_valid() else []
    page: dict[str, Any] = {"form": form, "found": found, "most": MOST, "levels": rules.LEVEL_WORDS}
    if not form.is_bound:
        page["levels_now"] = [(level, list(queries.units(level))) for level in queries.levels()]
    return render(request, "places/find.html", page)


@require_permission(READ)
def place(request: ActingRequest, key: str) -> HttpResponse:
    """A unit as of a day, or a village."""
    form = DayForm(request.GET if "ngay" in request.GET else None)
    asked = form.cleaned_data["ngay"] if form.is_valid() else None
    try:
        told = queries.told(key, asked)
    except NotFound:
        return _village(request, key)
    onward = f"?{urlencode({'ngay': f'{asked:%d/%m/%Y}'})}" if asked else ""
    if not form.is_bound:
        form = DayForm(initial={"ngay": told.shown_on})
    page = {
        "told": told, "name": queries.name(key, asked or today()), "form": form, "onward": onward,
        "figures": _figures(told), "facts": _facts(told), "map": _map(told, onward),
        "approximate": _is_approximate(told),
        "may_board": told.unit.level == "commune" and request.actor.may("steering.board", told.unit.key),
    }  # fmt: skip
    return render(request, "places/place.html", page)


def _village(request: ActingRequest, code: str) -> HttpResponse:
    try:
        told = queries.told_village(code)
    except NotFound as no:
        raise Http404 from no
    facts = [Fact(str(_("Code")), told.village.code)]
    if told.written:
        facts.append(Fact(str(_("Also written")), ", ".join(told.written)))
    page = {"told": told, "facts": facts, "map": _map_of_village(told)}
    return render(request, "places/village.html", page)


def _figures(told: queries.Told) -> list[Figure]:
    figures = [
        Figure(
            str(rules.STATED_WORDS[one.what]), one.value if one.what == "area" else int(one.value), "",
            str(_("%(year)s, %(certainty)s: %(source)s"))
            % {
                "year": one.year, "certainty": rules.CERTAINTY_WORDS.get(one.certainty, one.certainty),
                "source": rules.source_words(one.source),
            },
            places=1 if one.what == "area" else None,
        )
        for one in told.stated
    ]  # fmt: skip
    if told.children:
        figures.append(Figure(str(_("Units in it")), len(told.children), "#trong", str(_("on the day shown"))))
    if told.villages:
        figures.append(Figure(str(_("Villages")), len(told.villages), "#thon", str(_("on the day shown"))))
    return figures


def _facts(told: queries.Told) -> list[Fact]:
    unit = told.unit
    facts = [Fact(str(_("Code")), unit.code), Fact(str(_("From")), unit.valid_from)]
    if unit.valid_to:
        facts.append(Fact(str(_("Until")), unit.valid_to))
    facts += [Fact(str(rules.MARK_WORDS[rules.MarkKind(one.mark.kind)]), _mark(one)) for one in told.marks]
    for standing, written in told.written.items():
        facts.append(Fact(str(rules.STANDING_WORDS[standing]), ", ".join(written)))
    return facts


def _mark(one: queries.Marked) -> str:
    mark = one.mark
    words = rules.COUNTRY_WORDS.get(mark.value, mark.value)
    through = f", {_('through %(unit)s') % {'unit': one.through}}" if one.through else ""
    sure = rules.CERTAINTY_WORDS.get(mark.certainty, mark.certainty)
    return f"{words}{through} ({sure}). {rules.source_words(mark.source)}"


def _is_approximate(told: queries.Told) -> bool:
    shape = queries.shapes_of([told.unit.key]).get(told.unit.key)
    return shape is None or shape.approximate


def _map(told: queries.Told, onward: str) -> svg.Svg | None:
    """The map, where the unit's outline is known."""
    units = [told.unit, *told.children, *told.neighbours]
    shapes = queries.shapes_of(one.key for one in units)
    if told.unit.key not in shapes:
        return None

    def drawn(found: Sequence[Unit]) -> list[maps.Drawn]:
        return [
            maps.Drawn(one.name, shapes[one.key].rings, reverse("places:place", args=[one.key]) + onward)
            for one in found
            if one.key in shapes
        ]

    points = [_seat(one) for one in (told.children or [told.unit]) if one.seat_lat is not None]
    points += [maps.Point(getattr(one, "was_named", one.name), one.lat, one.lon) for one in told.villages]
    [own] = drawn([told.unit])
    return maps.of_place(own, drawn(told.children), drawn(told.neighbours), [one for one in points if one])


def _seat(unit: Unit) -> maps.Point:
    words = str(_("seat of %(name)s")) % {"name": unit.name}
    return maps.Point(words, unit.seat_lat or 0.0, unit.seat_lon or 0.0, is_seat=True)


def _map_of_village(told: queries.ToldVillage) -> svg.Svg | None:
    shapes = queries.shapes_of([told.commune])
    if told.commune not in shapes:
        return None
    own = maps.Drawn(told.commune_name, shapes[told.commune].rings)
    return maps.of_place(own, [], [], [maps.Point(told.village.name, told.village.lat, told.village.lon)])
