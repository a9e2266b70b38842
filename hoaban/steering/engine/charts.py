"""The chart of the board: who is left in each commune, as bars that open the commune."""

from __future__ import annotations

from collections.abc import Callable

from hoaban.base.words import _
from hoaban.steering.rules import CARDED, Board, Line
from hoaban.web.engine import svg
from hoaban.web.rules import number, percent

MOST = 12
_WIDTH, _ROW, _BAR = 340, 46, 14
_DONE, _EDGE = "#1d2b53", "#77747a"


def who_is_left(board: Board, address: Callable[[str], str]) -> svg.Svg:
    """A bar a commune, most people left first: filled as far as cards are in hand, open for those left."""
    lines = [line for line in board.lines if line.counts[CARDED.code].of][:MOST]
    bars = "".join(_bar(row, line, address(line.code)) for row, line in enumerate(lines))
    return svg.drawing(
        key="left",
        width=_WIDTH,
        height=max(1, len(lines)) * _ROW,
        title=str(_("Cards in hand, by commune")),
        description=str(_("Each bar is one commune; the table below says the same.")),
        inside=f'<g font-size="15">{bars}</g>',
        links=True,
        widest=440,
    )


def _bar(row: int, line: Line, href: str) -> str:
    y, share = row * _ROW, line.counts[CARDED.code].share or 0
    words = str(_("%(share)s, %(left)s left")) % {"share": percent(share), "left": number(line.left)}
    filled = svg.short(_WIDTH * min(share, 1))
    drawn = (
        svg.text(0, y + 16, line.name)
        + " "
        + svg.text(_WIDTH, y + 16, words, anchor="end")
        + f'<path fill="#fff" stroke="{_EDGE}" d="M0.5 {y + 23}h{_WIDTH - 1}v{_BAR}h-{_WIDTH - 1}z"/>'
        + f'<path fill="{_DONE}" d="M0 {y + 22.5}h{filled}v{_BAR + 1}h-{filled}z"/>'
    )
    return svg.linked(href, drawn, f"{line.name} {words}")
