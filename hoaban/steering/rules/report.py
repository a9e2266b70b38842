"""What the official weekly report says, in the order and with the parts of Decree 30/2020/ND-CP, annex I.

Only words and figures: how they stand on paper is the business of the document's own templates, so that
DOCX, PDF and the preview can't say different things.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hoaban.base.clock import VIETNAM
from hoaban.base.words import _
from hoaban.steering.rules.figures import Board, Line, holding_half
from hoaban.steering.rules.indicators import BASE_WORDS, CARDED, INDICATORS, Indicator
from hoaban.web.rules import number, percent

WEEK = 7
MOST_NAMED = 10  # communes named to be helped first


@dataclass(frozen=True)
class Province:
    """The province's name, alone and with its kind."""

    name: str
    full_name: str


@dataclass(frozen=True)
class Before:
    """An earlier closed day to compare with."""

    day: dt.date
    total: Line


@dataclass(frozen=True)
class Report:
    """The report as text, part by part."""

    superior: str
    body: str
    nation: str
    motto: str
    number: str
    place_and_day: str
    kind: str
    subject: str
    practice: str
    intro: str
    results_head: str
    results: Sequence[str]
    table_head: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    untouched: str
    help_head: str
    help_first: str
    notes_head: str
    notes: Sequence[str]
    receivers_head: str
    receivers: Sequence[str]
    on_behalf: str
    signs: str


def compose(until: dt.date, board: Board, before: Before | None, province: Province, *, simulated: bool) -> Report:
    """The report of the week that ends with `until`, in the language of the moment."""
    week = {"first": _day(until - dt.timedelta(days=WEEK - 1)), "last": _day(until)}
    at = board.at.astimezone(VIETNAM)
    facts = week | {"province": _within(province.full_name), "time": f"{at:%H:%M}", "day": _day(at.date())}
    return Report(
        superior=str(_("PEOPLE'S COMMITTEE OF %(province)s")) % {"province": province.full_name.upper()},
        body=str(_("PROJECT 06 STEERING COMMITTEE")),
        nation=str(_("SOCIALIST REPUBLIC OF VIET NAM")),
        motto=str(_("Independence - Freedom - Happiness")),
        number=str(_("No.:        /BC-BCD")),
        place_and_day=_place_and_day(province.name, until),
        kind=str(_("REPORT")),
        subject=str(_("Results of Project 06 in the week from %(first)s to %(last)s")) % week,
        practice=str(_("PRACTICE REPORT: EVERY PERSON IN IT IS MADE UP")) if simulated else "",
        intro=str(_(
            "The Project 06 Steering Committee of %(province)s reports the results of the week from %(first)s to"
            " %(last)s. All figures were closed at %(time)s on %(day)s."
        )) % facts,
        results_head=str(_("I. RESULTS SO FAR")),
        results=[_said(mark, one, board.total, before) for mark, one in enumerate(INDICATORS, 1)],
        table_head=str(_("II. RESULTS BY COMMUNE")),
        heads=_heads(),
        rows=_rows(board),
        untouched=_untouched(board),
        help_head=str(_("III. COMMUNES TO HELP FIRST")),
        help_first=_help_first(board),
        notes_head=str(_("IV. HOW THE FIGURES WERE COUNTED")),
        notes=_notes(facts),
        receivers_head=str(_("Receivers:")),
        receivers=[str(_("- Government working group on Project 06;")), str(_("- members of the committee;")),
                   str(_("- Archive: office."))],
        on_behalf=str(_("ON BEHALF OF THE COMMITTEE")),
        signs=str(_("HEAD OF THE COMMITTEE")),
    )  # fmt: skip


def _within(name: str) -> str:
    """The name of a unit inside a sentence: its kind is no proper name."""
    return name[:1].lower() + name[1:]


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _place_and_day(place: str, day: dt.date) -> str:
    """Days below 10 and the months 1 and 2 are written with a nought (annex I, II.4)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    facts = {"place": place, "day": f"{day.day:02d}", "month": month, "year": day.year}
    return str(_("%(place)s, day %(day)s month %(month)s year %(year)s")) % facts


def _said(mark: int, one: Indicator, total: Line, before: Before | None) -> str:
    count = total.counts[one.code]
    parts = [str(one.sentence) % {"count": number(count.people)}]
    if count.share is not None:
        facts = {"share": percent(count.share), "base": BASE_WORDS[one.base]}
        parts.append(str(_("or %(share)s %(base)s")) % facts)
    if before is not None:
        change = count.people - before.total.counts[one.code].people
        facts = {"n": number(abs(change)), "day": _day(before.day)}
        parts.append(str(_MORE if change > 0 else _FEWER if change < 0 else _AS_MANY) % facts)
    return f"- {', '.join(parts)} ({mark})."


_MORE = _("%(n)s more than on %(day)s")
_FEWER = _("%(n)s fewer than on %(day)s")
_AS_MANY = _("as many as on %(day)s")


def _heads() -> list[str]:
    marked = [f"{one.label} ({mark})" for mark, one in enumerate(INDICATORS, 1)]
    return [str(_("No.")), str(_("Commune")), *marked, str(_("Share with a card"))]


def _rows(board: Board) -> list[list[str]]:
    rows = [[str(place), *_cells(line)] for place, line in enumerate(board.lines, 1)]
    return [*rows, ["", *_cells(board.total)]]


def _cells(line: Line) -> list[str]:
    share = line.counts[CARDED.code].share
    counts = [number(line.counts[one.code].people) for one in INDICATORS]
    return [line.name, *counts, "–" if share is None else percent(share)]


def _untouched(board: Board) -> str:
    if not board.untouched:
        return ""
    return str(_("No form has come from %(n)s communes yet.")) % {"n": number(len(board.untouched))}


def _help_first(board: Board) -> str:
    if not board.total.left:
        return str(_("Every citizen of 14 and over holds a card or has one on its way."))
    most = board.lines[: min(holding_half(board), MOST_NAMED)]
    named = [f"{line.name} ({number(line.left)})" for line in most]
    facts = {"n": number(holding_half(board)), "left": number(board.total.left), "names": "; ".join(named)}
    return (
        str(_("Half or more of the %(left)s people who are left live in %(n)s communes, first of all: %(names)s."))
        % facts
    )


def _notes(facts: dict[str, str]) -> list[str]:
    notes = [
        str(_("(%(mark)s) %(label)s: %(definition)s. Source: %(source)s."))
        % {"mark": mark, "label": one.label, "definition": one.definition, "source": one.source}
        for mark, one in enumerate(INDICATORS, 1)
    ]
    return [
        *notes,
        str(_("Time of all figures: %(time)s on %(day)s. The names behind each stand on the board.")) % facts,
    ]
