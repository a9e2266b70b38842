"""Maps drawn on the server as SVG: areas that open, points with names, a scale. No tiles, no script.

Colour is never alone: an area's words are its title, and whoever draws a map writes the same in a table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hoaban.base.globe import KM_PER_DEGREE
from hoaban.base.words import _
from hoaban.web.engine import svg
from hoaban.web.rules import number

Ring = Sequence[Sequence[float]]  # lon, lat

WIDTH = 340
HIGHEST = 400
PADDING, AROUND = 12, 44  # of the drawing's edge from the areas, without and with what lies around them
LETTER, LINE = 8.2, 16  # width and height of a letter at the size of words, roughly
EASY_PX = 28  # an area narrower than this is no target for a finger; the table beside the map has its link
SCALES_KM = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Area:
    """An outline with its words; `fill` and `line` are colours. A label is drawn inside where there is room."""

    rings: Sequence[Ring]
    label: str
    title: str = ""
    href: str = ""
    fill: str = "#fff"
    line: str = "#77747a"
    wide: float = 1


@dataclass(frozen=True)
class Spot:
    """A point with its words: a seat is a square, anything else a dot. Its title are its words, or others."""

    lat: float
    lon: float
    label: str
    is_seat: bool = False
    is_named: bool = True
    title: str = ""
    fill: str = "#1d2b53"
    radius: float = 3


@dataclass(frozen=True)
class _View:
    """From degrees to the drawing."""

    west: float
    north: float
    shrink: float
    scale: float
    width: float
    height: float
    edge: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            self.edge + (lon - self.west) * self.shrink * self.scale,
            self.edge + (self.north - lat) * self.scale,
        )


def draw(
    *,
    key: str,
    title: str,
    description: str,
    areas: Sequence[Area],
    spots: Sequence[Spot] = (),
    around: Sequence[Area] = (),
    widest: int | None = 560,
) -> svg.Svg:
    """A map of the areas, with what lies around them cut off at its edge. Later areas lie over earlier ones."""
    view = _view([ring for area in areas for ring in area.rings], spots, AROUND if around else PADDING)
    taken: list[tuple[float, float, float, float]] = []
    drawn = [_area(one, view) for one in (*around, *areas)]
    drawn += [_spot(one, view) for one in spots]
    labels = [_label(*_middle(one, view), one.label, taken, view) for one in reversed(areas) if one.label]
    labels += [_label(*view.at(one.lon, one.lat), one.label, taken, view, below=True) for one in spots if one.is_named]
    labels += [_label(*_middle(one, view), one.label, taken, view) for one in around if one.label]
    frame = f'<rect width="{svg.short(view.width)}" height="{svg.short(view.height)}"/>'
    return svg.drawing(
        key=key, width=view.width, height=view.height, title=title, description=description,
        inside=f'<clipPath id="{key}-c">{frame}</clipPath><g clip-path="url(#{key}-c)" font-size="14"'
        f' stroke-linejoin="round">{"".join(drawn)}<g stroke="#fff" stroke-width="3" paint-order="stroke">'
        f'{"".join(labels)}</g>{_scale(view)}</g>',
        links=True, widest=widest,
    )  # fmt: skip


def _view(rings: Iterable[Ring], spots: Sequence[Spot], edge: float) -> _View:
    points = [(point[0], point[1]) for ring in rings for point in ring] or [(one.lon, one.lat) for one in spots]
    points = points or [(0.0, 0.0)]
    west, east = min(lon for lon, _lat in points), max(lon for lon, _lat in points)
    south, north = min(lat for _lon, lat in points), max(lat for _lon, lat in points)
    shrink = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * shrink, 0.01), max(north - south, 0.01)
    scale = min((WIDTH - 2 * edge) / wide, (HIGHEST - 2 * edge) / high)
    west -= ((WIDTH - 2 * edge) / scale - wide) / 2 / shrink  # in the middle of the drawing
    return _View(west, north, shrink, scale, WIDTH, high * scale + 2 * edge, edge)


def _area(one: Area, view: _View) -> str:
    boxes = [[view.at(point[0], point[1]) for point in ring] for ring in one.rings]
    path = "".join(f"M{_path(ring)}z" for ring in boxes)
    look = f'fill="{one.fill}" stroke="{one.line}" stroke-width="{svg.short(one.wide)}" fill-rule="evenodd"'
    points = [point for ring in boxes for point in ring]
    easy = min(_span(x for x, _y in points), _span(y for _x, y in points)) >= EASY_PX
    return svg.linked(one.href if easy else "", f'<path {look} d="{path}"/>', one.title or one.label)


def _path(ring: Sequence[tuple[float, float]]) -> str:
    """The points in steps, those that fall together left out."""
    steps: list[str] = []
    last = (math.inf, math.inf)
    for x, y in ring:
        here = (round(x, 1), round(y, 1))
        if here != last:
            steps.append(f"{svg.short(here[0])} {svg.short(here[1])}")
            last = here
    return "L".join(steps)


def _span(values: Iterable[float]) -> float:
    found = list(values)
    return max(found) - min(found) if found else 0


def _middle(one: Area, view: _View) -> tuple[float, float]:
    """Where an area's name goes: the middle of its largest ring as far as it's seen."""
    ring = max(one.rings, key=len)
    points = [view.at(point[0], point[1]) for point in ring]
    seen = [(min(max(x, 0), view.width), min(max(y, 0), view.height)) for x, y in points]
    return sum(x for x, _y in seen) / len(seen), sum(y for _x, y in seen) / len(seen)


def _spot(one: Spot, view: _View) -> str:
    x, y = view.at(one.lon, one.lat)
    if one.is_seat:
        shape = f'<path fill="#a3195b" stroke="#fff" d="M{svg.short(x - 4)} {svg.short(y - 4)}h8v8h-8z"/>'
    else:
        size = f'r="{svg.short(one.radius)}"'
        shape = f'<circle fill="{one.fill}" stroke="#fff" cx="{svg.short(x)}" cy="{svg.short(y)}" {size}/>'
    return svg.linked("", shape, one.title or one.label)


def _label(
    x: float, y: float, words: str, taken: list[tuple[float, float, float, float]], view: _View, *, below: bool = False
) -> str:
    """The words where they hide no others; else none: their title and the table beside the map say them."""
    wide = len(words) * LETTER
    for shift in (LINE, -LINE / 2) if below else (LINE / 3, LINE * 1.2, -LINE * 0.6):
        left = min(max(x - wide / 2, 2), view.width - wide - 2)
        box = (left, y + shift - LINE * 0.8, left + wide, y + shift + LINE * 0.2)
        inside = box[0] >= 0 and box[1] >= 0 and box[3] <= view.height
        if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            return svg.text(left + wide / 2, y + shift, words, anchor="middle")
    return ""


def _scale(view: _View) -> str:
    """A bar of whole kilometres, in the corner."""
    per_km = view.scale / KM_PER_DEGREE
    km = max((one for one in SCALES_KM if one * per_km <= view.width / 4), default=SCALES_KM[0])
    x, y = 6.0, view.height - 6
    return (
        f'<path fill="none" stroke="#1b1b1f" stroke-width="1.5" d="M{svg.short(x)} {svg.short(y - 4)}v4'
        f'h{svg.short(km * per_km)}v-4"/>' + svg.text(x, y - 8, str(_("%(km)s km")) % {"km": number(km)})
    )
