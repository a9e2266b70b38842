"""The operating curve of a plan, drawn: how often a lot is accepted, by the share of its forms that are wrong."""

from __future__ import annotations

from hoaban.base.words import _
from hoaban.verification.engine import acceptance
from hoaban.web.engine import svg
from hoaban.web.rules import number, percent

_WIDTH, _HEIGHT = 380, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 28, 46
_LINE, _EDGE, _AIM = "#1d2b53", "#77747a", "#a3195b"
LEAST_SHARE = 0.06  # the curve is drawn at least so far


def operating_curve(plan: acceptance.Plan, lot: int, aim: float) -> svg.Svg:
    """The curve of a plan for a lot of that size, with the aim as a dashed line."""
    up_to = min(max(LEAST_SHARE, 2 * aim, 1.5 * acceptance.share_accepted(plan, 0.10, lot)), 1.0)
    points = [(point.rate, point.chance) for point in acceptance.curve(plan, lot, up_to, 40)]
    drawn = " ".join(f"{svg.short(_x(rate, up_to))},{svg.short(_y(chance))}" for rate, chance in points)
    words = _("Of %(lot)s forms with %(aim)s wrong, %(times)s lots in 100 are accepted; with %(bad)s wrong, 10.")
    said = str(words) % {
        "lot": number(lot), "aim": percent(aim, 1), "bad": percent(acceptance.share_accepted(plan, 0.10, lot), 1),
        "times": number(round(acceptance.chance_at(plan, aim, lot) * 100)),
    }  # fmt: skip
    return svg.drawing(
        key="oc", width=_WIDTH, height=_HEIGHT, title=str(_("How often a lot is accepted")), description=said,
        inside=f'<g font-size="13">{_axes(up_to)}{_aim(aim, up_to)}'
        f'<polyline points="{drawn}" fill="none" stroke="{_LINE}" stroke-width="2.5"/></g>',
        widest=520,
    )  # fmt: skip


def _x(share: float, up_to: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share / up_to


def _y(chance: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - chance)


def _axes(up_to: float) -> str:
    lines = []
    for chance in (0, 0.1, 0.5, 0.95):
        y = _y(chance)
        lines.append(f'<path d="M{_LEFT} {svg.short(y)}H{_WIDTH - _RIGHT}" stroke="{_EDGE}" stroke-width="0.5"/>')
        lines.append(svg.text(_LEFT - 6, y + 4, percent(chance, 0), anchor="end"))
    for step, anchor in enumerate(("start", "middle", "middle", "end")):
        share = up_to * step / 3
        lines.append(svg.text(_x(share, up_to), _HEIGHT - _BOTTOM + 18, percent(share, 1), anchor=anchor))
    lines.append(svg.text(_WIDTH - _RIGHT, _HEIGHT - 6, _("share of wrong forms in the lot"), anchor="end"))
    return "".join(lines)


def _aim(aim: float, up_to: float) -> str:
    x = svg.short(_x(aim, up_to))
    line = f'<path d="M{x} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="{_AIM}" stroke-width="1.5" stroke-dasharray="5 4"/>'
    told = str(_("aim %(share)s")) % {"share": percent(aim, 1)}
    return line + svg.text(_x(aim, up_to) - 4, _TOP - 8, told)
