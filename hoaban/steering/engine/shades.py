"""The map of the register: how much is left to be settled where, as shades that open the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from hoaban.base.words import _, many
from hoaban.steering.rules import LEFT_STEPS, RegisterLine
from hoaban.web.engine import maps, svg
from hoaban.web.rules import number, percent

SHADES = ("#fdfbf7", "#e6e9f3", "#c0c8e0", "#8d99c4", "#5566a0", "#1d2b53")
_BOX, _ROW, _WIDE = 18, 24, 340


def of_places(
    lines: Sequence[RegisterLine], shapes: Mapping[str, Sequence[maps.Ring]], address: Callable[[str], str]
) -> svg.Svg | None:
    """The outlines of these places, each in its shade and as a link; None where no outline is known."""
    areas = [
        maps.Area(shapes[one.key], one.short, _said(one), address(one.key), SHADES[one.shade])
        for one in lines
        if one.key in shapes
    ]
    return _map(areas) if areas else None


def of_villages(
    outline: Sequence[maps.Ring], lines: Sequence[RegisterLine], points: Mapping[str, tuple[float, float]]
) -> svg.Svg:
    """The villages of a commune as dots in their shade, the larger the more people live there."""
    spots = [
        maps.Spot(
            *points[one.key], one.name, title=_said(one), fill=SHADES[max(one.shade, 1)] if one.left else "#77747a",
            radius=3 + min(one.counts["counted"], 900) / 225,
        )
        for one in lines
        if one.key in points
    ]  # fmt: skip
    return _map([maps.Area(outline, "", fill="#fdfbf7", line="#1d2b53", wide=2)], spots)


def legend() -> svg.Svg:
    """What the shades mean."""
    steps = [percent(step, 0) for step in LEFT_STEPS]
    words = [
        str(_("nothing left")),
        str(_("under %(step)s of people")) % {"step": steps[0]},
        *(f"{low} – {high}" for low, high in pairwise(steps)),
        str(_("%(step)s or more")) % {"step": steps[-1]},
    ]
    rows = "".join(
        f'<path fill="{shade}" stroke="#77747a" d="M1 {row * _ROW + 3}h{_BOX}v{_BOX}h-{_BOX}z"/>'
        + svg.text(_BOX + 9, row * _ROW + 17, said)
        for row, (shade, said) in enumerate(zip(SHADES, words, strict=True))
    )
    return svg.drawing(
        key="legend", width=_WIDE, height=len(SHADES) * _ROW, title=str(_("What the shades mean")),
        description=str(_("Forms to be mended and questions left, for so many people.")),
        inside=f'<g font-size="15">{rows}</g>', widest=_WIDE,
    )  # fmt: skip


def _said(one: RegisterLine) -> str:
    left = many("%(n)s left", "%(n)s left", one.left) % {"n": number(one.left)}
    return f"{one.name}: {left}"


def _map(areas: Sequence[maps.Area], spots: Sequence[maps.Spot] = ()) -> svg.Svg:
    return maps.draw(
        key="map", title=str(_("What is left, by place")),
        description=str(_("The darker, the more is left for so many people; the table says the same.")),
        areas=areas, spots=spots,
    )  # fmt: skip
