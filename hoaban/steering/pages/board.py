"""The board: figures that open, by commune; a commune; the names behind a figure; the table as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from hoaban.audit import actions as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.steering import queries, rules
from hoaban.steering.engine import charts, sheets
from hoaban.steering.rules import Count, Indicator, Line
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Figure, percent

BOARD = "steering.board"
Address = Callable[[Indicator], str]


@dataclass(frozen=True)
class Cell:
    """One figure of the table and where its names are."""

    label: Any
    count: Count
    href: str


@dataclass(frozen=True)
class Row:
    """One place of the table, where it opens, and its figures."""

    name: str
    href: str
    cells: list[Cell]


@require_permission(BOARD)
def board(request: ActingRequest) -> HttpResponse:
    """Every commune of the officer's area: are we on time, and where is the gap?"""
    found = queries.board(request.actor, now())
    rows = [_row(line, _commune(line.code), _names_in(line.code)) for line in found.lines]
    if len(rows) > 1:
        rows.append(_row(found.total, "", _names_everywhere))
    shown = {
        "board": found, "rows": rows, "indicators": rules.INDICATORS, "half": rules.holding_half(found),
        "figures": _figures(found.total, found.at, _names_everywhere), "carded": found.total.counts["carded"],
        "chart": charts.who_is_left(found, _commune), "may_report": request.actor.may(rules.REPORT),
    }  # fmt: skip
    return render(request, "steering/board.html", shown)


@require_permission(BOARD)
def commune(request: ActingRequest, code: str) -> HttpResponse:
    """One commune, by village."""
    at = now()
    try:
        line = queries.commune(request.actor, code, at)
    except NotFound as no:
        raise Http404 from no
    rows = [_row(one, "", _names_in(code, one.code)) for one in queries.villages(code, at)]
    shown = {
        "line": line, "rows": rows, "indicators": rules.INDICATORS, "at": at,
        "figures": _figures(line, at, _names_in(code)),
    }  # fmt: skip
    return render(request, "steering/commune.html", shown)


@require_permission(BOARD)
def names(request: ActingRequest, measure: str, code: str = "") -> HttpResponse:
    """The people behind one figure of the board."""
    up = [(reverse("steering:board"), str(_("Board")))]
    if code:
        up.append((_commune(code), places.name(code)))
    return names_page(request, measure, code, up)


def names_page(request: ActingRequest, code: str, key: str, up: list[tuple[str, str]]) -> HttpResponse:
    """The people behind one figure of a unit, of one village of it where the address says so, or of the whole area.

    Opening the list is written down once, with those it showed. `up` leads back.
    """
    at, village = now(), request.GET.get("ban")
    try:
        measure = queries.measure(code)
        found = queries.living(request.actor, key, village, at)
    except NotFound as no:
        raise Http404 from no
    page = queries.names(measure, found, request.GET.get("page", ""), at)
    shown = people.listed(list(page))
    looked([person.id for person in shown], request, at)
    context = {
        "measure": measure, "page": page, "names": shown, "place": place_said(key, village), "at": at, "up": up,
        "query": village_asked(village),
    }  # fmt: skip
    return render(request, "steering/names.html", context)


def looked(person_ids: list[int], request: ActingRequest, at: dt.datetime) -> None:
    """Write down that a list behind a figure was opened, with those it showed."""
    if person_ids:
        why = str(_("list behind a figure"))
        audit.looked(person_ids, by=request.actor, at=at, purpose=why, fields=["full_name", "born"])


def place_said(key: str, village: str | None) -> str:
    """The place of a list in words: a village and its commune, a unit, or the whole area."""
    said = [places.village_names([village]).get(village, str(_("Village not known")))] if village is not None else []
    return ", ".join([*said, places.name(key) if key else str(_("All together"))])


def village_asked(village: str | None) -> str:
    """The part of the address that asks for one village, for links to more pages of the same list."""
    return f"{urlencode({'ban': village})}&" if village is not None else ""


@require_permission(BOARD)
def as_csv(request: ActingRequest) -> HttpResponse:
    """The board's table as CSV."""
    return table_file(sheets.of_board(queries.board(request.actor, now())), "csv")


@require_permission(BOARD)
def as_xlsx(request: ActingRequest) -> HttpResponse:
    """The board's table as a workbook."""
    return table_file(sheets.of_board(queries.board(request.actor, now())), "xlsx")


def table_file(table: sheets.Sheet, ending: str, name: str = "so-lieu-de-an-06") -> HttpResponse:
    """A table to take away, as CSV or as a workbook."""
    content, kind = (sheets.as_csv(table), sheets.CSV) if ending == "csv" else (sheets.as_xlsx(table), sheets.XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _row(line: Line, href: str, address: Address) -> Row:
    cells = [Cell(one.label, line.counts[one.code], address(one)) for one in rules.INDICATORS]
    return Row(line.name, href, cells)


def _figures(line: Line, at: dt.datetime, address: Address) -> list[Figure]:
    """The tiles: what, how many, of whom it is a share, from where and when."""
    figures = []
    for one in rules.INDICATORS:
        count = line.counts[one.code]
        share = "" if count.share is None else f"{percent(count.share)} {rules.BASE_WORDS[one.base]}. "
        source = str(_("Source: %(source)s")) % {"source": one.source}
        figures.append(Figure(str(one.label), count.people, address(one), f"{share}{source}", at))
    return figures


def _commune(code: str) -> str:
    return reverse("steering:commune", args=[code])


def _names_everywhere(one: Indicator) -> str:
    return reverse("steering:area-names", args=[one.code])


def _names_in(code: str, village: str | None = None) -> Address:
    asked = "" if village is None else f"?{urlencode({'ban': village})}"
    return lambda one: reverse("steering:names", args=[code, one.code]) + asked
