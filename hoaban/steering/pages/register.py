"""The register by place: people, households, files and what is left, on a map and in a table that opens to names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.intake.rules import NO_COMMUNE
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.steering import queries, rules
from hoaban.steering.engine import shades, sheets
from hoaban.steering.pages.board import BOARD, looked, names_page, place_said, table_file, village_asked
from hoaban.steering.rules import Measure, Part, Register, RegisterLine
from hoaban.web.engine import svg
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure

SHOWN = 50
Address = Callable[[Measure], str]


@dataclass(frozen=True)
class Cell:
    """One figure of the table and where its names are; "" where the reader's role doesn't open them."""

    label: Any
    value: int
    href: str


@dataclass(frozen=True)
class Row:
    """One place of the table, where it opens, and its figures."""

    name: str
    href: str
    cells: list[Cell]


@require_permission(BOARD)
def register(request: ActingRequest, key: str = "") -> HttpResponse:
    """What the register holds of the officer's area or of one unit of it, and what is left to be settled."""
    found = _found(request, key)
    key, part, may_open = found.whole.key, found.part, request.actor.may("intake.read")
    rows = [_row(one, part, _page(one, part), _names(one.key, key, part, may_open)) for one in found.lines]
    names_of_whole = _names(key, "", Part.COMMUNE, may_open)
    if len(rows) > 1:
        rows.append(_row(found.whole, part, "", names_of_whole))
    shown = {
        "register": found, "rows": rows, "caption": _CAPTIONS[part], "map": _map(found), "legend": shades.legend(),
        "figures": [Figure(str(one.label), found.whole.counts[one.code], names_of_whole(one), str(one.definition))
                    for one in rules.MEASURES],
    }  # fmt: skip
    return render(request, "steering/register.html", shown)


@require_permission(BOARD)
def document(request: ActingRequest, kind: str, key: str = "") -> HttpResponse:
    """The same table as CSV or as a workbook."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    return table_file(sheets.of_register(_found(request, key)), kind, "so-dan-cu")


@require_permission(BOARD)
def names(request: ActingRequest, measure: str, key: str = "") -> HttpResponse:
    """The people behind one figure of the register."""
    return names_page(request, measure, key, _up(key))


@require_permission(BOARD)
def households(request: ActingRequest, key: str = "") -> HttpResponse:
    """The households of a place, under their heads."""
    at, village = now(), request.GET.get("ban")
    try:
        found = queries.households(request.actor, key, village, at)
    except NotFound as no:
        raise Http404 from no
    page = Paginator(found.order_by("commune_code", "village_code", "id"), SHOWN).get_page(request.GET.get("page"))
    listed = people.listed_households(list(page))
    looked([one.head_id for one in listed if one.head_id], request, at)
    shown = {
        "measure": rules.HOUSEHOLDS, "page": page, "households": listed, "place": place_said(key, village), "at": at,
        "up": _up(key), "query": village_asked(village),
    }  # fmt: skip
    return render(request, "steering/households.html", shown)


_CAPTIONS = {
    Part.DISTRICT: _("Districts, those with most left first"),
    Part.COMMUNE: _("Communes, those with most left first"),
    Part.VILLAGE: _("Villages, those with most left first"),
}


def _found(request: ActingRequest, key: str) -> Register:
    """The register of a unit, or of the whole area; of who has one commune, that commune."""
    at = now()
    try:
        if key:
            return queries.register_of(request.actor, key, at)
        found = queries.register(request.actor, at)
        parts = [*found.lines, *found.untouched]
        return queries.register_of(request.actor, parts[0].key, at) if len(parts) == 1 else found
    except NotFound as no:
        raise Http404 from no


def _row(line: RegisterLine, part: Part, href: str, address: Address) -> Row:
    cells = [Cell(one.label, line.counts[one.code], address(one)) for one in part.measures]
    return Row(line.name, href, cells)


def _page(line: RegisterLine, part: Part) -> str:
    if part is Part.VILLAGE or line.key == NO_COMMUNE:
        return ""
    return reverse("steering:register-of", args=[line.key])


def _names(key: str, commune: str, part: Part, may_open: bool) -> Address:
    """Where the names behind the figures of a unit are, or of a village of that commune."""
    is_village = part is Part.VILLAGE
    unit, asked = (commune, f"?{urlencode({'ban': key})}") if is_village else (key, "")

    def address(measure: Measure) -> str:
        if measure in (rules.FILES, rules.RETURNED):
            page = "intake:batches" if measure is rules.FILES else "intake:waiting"
            return f"{reverse(page)}?{urlencode({'noi': unit})}" if may_open else ""
        if unit == NO_COMMUNE:
            return ""
        if measure is rules.HOUSEHOLDS:
            return _of("steering:households", unit) + asked
        return _of("steering:register-names", unit, measure.code) + asked

    return address


def _of(page: str, key: str, *more: str) -> str:
    return reverse(f"{page}-of", args=[key, *more]) if key else reverse(page, args=more)


def _up(key: str) -> list[tuple[str, str]]:
    up = [(reverse("steering:register"), str(_("Register")))]
    return [*up, (reverse("steering:register-of", args=[key]), places.name(key))] if key else up


def _map(found: Register) -> svg.Svg | None:
    lines = [*found.lines, *found.untouched]
    if found.part is Part.VILLAGE:
        outline = places.shapes_of([found.whole.key]).get(found.whole.key)
        points = {one.code: (one.lat, one.lon) for one in places.villages_in(found.whole.key)}
        return shades.of_villages(outline.rings, lines, points) if outline else None
    shapes = {key: shape.rings for key, shape in places.shapes_of(one.key for one in lines).items()}
    return shades.of_places(lines, shapes, lambda key: reverse("steering:register-of", args=[key]))
