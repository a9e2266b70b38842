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
def names(request: ActingRequest, indicator: str, code: str = "") -> HttpResponse:
    """The people behind one figure; opening the list is written down once, with those it showed."""
    at, village = now(), request.GET.get("ban")
    try:
        one = queries.indicator(indicator)
        found = queries.living(request.actor, code, village, at)
    except NotFound as no:
        raise Http404 from no
    page = queries.names(one, found, request.GET.get("page", ""), at)
    shown = people.listed(list(page))
    if shown:
        why = str(_("list behind a figure"))
        audit.looked(
            [person.id for person in shown], by=request.actor, at=at, purpose=why, fields=["full_name", "born"]
        )
    place = [places.village_names([village]).get(village, "")] if village else []
    place.append(places.name(code) if code else str(_("All together")))
    context = {
        "indicator": one, "page": page, "names": shown, "place": ", ".join(filter(None, place)), "at": at,
        "code": code, "query": f"{urlencode({'ban': village})}&" if village is not None else "",
    }  # fmt: skip
    return render(request, "steering/names.html", context)


@require_permission(BOARD)
def as_csv(request: ActingRequest) -> HttpResponse:
    """The board's table as CSV."""
    return _file(sheets.as_csv(queries.board(request.actor, now())), "text/csv; charset=utf-8", "csv")


@require_permission(BOARD)
def as_xlsx(request: ActingRequest) -> HttpResponse:
    """The board's table as a workbook."""
    return _file(sheets.as_xlsx(queries.board(request.actor, now())), sheets.XLSX, "xlsx")


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"so-lieu-de-an-06.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


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
