"""How values are shown: numbers and dates the Vietnamese way, differences in words, codes as QR.

A builtin of every template, so nothing needs loading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

import segno
from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hoaban.base.clock import VIETNAM
from hoaban.base.partial_date import PartialDate
from hoaban.web import rules
from hoaban.web.engine import differences

register = template.Library()

MARK_NAMES = {
    "acute": pgettext_lazy("mark", "acute"),
    "grave": pgettext_lazy("mark", "grave"),
    "hook": pgettext_lazy("mark", "hook"),
    "tilde": pgettext_lazy("mark", "tilde"),
    "dot": pgettext_lazy("mark", "dot below"),
    "circumflex": pgettext_lazy("mark", "circumflex"),
    "breve": pgettext_lazy("mark", "breve"),
    "horn": pgettext_lazy("mark", "horn"),
    "bar": pgettext_lazy("mark", "bar"),
    "none": pgettext_lazy("mark", "no mark"),
}


@register.filter
def vi_number(value: Any, places: int | None = None) -> str:
    """`12.481.003`, `87,3`; what is no number is shown as it is, nothing as a dash."""
    if value is None or value == "":
        return "–"
    return rules.number(value, places) if is_number(value) else str(value)


@register.filter
def vi_percent(share: Any, places: int = 1) -> str:
    """A share between 0 and 1 as `87,3%`."""
    return "–" if share is None else rules.percent(share, places)


@register.filter
def interval(bounds: Any, places: int | None = None) -> str:
    """`82,1–85,4` from a pair or from anything with `low` and `high`."""
    if bounds is None:
        return "–"
    low, high = (bounds.low, bounds.high) if hasattr(bounds, "low") else bounds
    return rules.interval(low, high, places)


@register.filter
def vi_date(value: dt.date | dt.datetime | None) -> str:
    """`07/03/2026`, the day in Vietnam."""
    if value is None:
        return "–"
    day = value.astimezone(VIETNAM) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    return day.strftime("%d/%m/%Y")


@register.filter
def vi_day(value: dt.date | dt.datetime | None) -> str:
    """The day with its weekday: `Thursday 12/11/2026`."""
    if value is None:
        return "–"
    day = value.astimezone(VIETNAM) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    return f"{WEEKDAYS[day.weekday()]} {vi_date(value)}"


@register.filter
def vi_time(value: dt.datetime | None) -> str:
    """`21:58` in Vietnam."""
    return "–" if value is None else value.astimezone(VIETNAM).strftime("%H:%M")


@register.filter
def vi_datetime(value: dt.datetime | None) -> str:
    """`21:58 07/03/2026` in Vietnam."""
    return "–" if value is None else f"{vi_time(value)} {vi_date(value)}"


@register.filter
def partial_date(value: str | PartialDate | None) -> str:
    """`07/03/1958`, `03/1958` or `1958`: as much as is known."""
    if not value:
        return "–"
    known = value if isinstance(value, PartialDate) else PartialDate.parse(value)
    return known.vietnamese()


@register.filter
def is_number(value: Any) -> bool:
    """Whether the value is a number, so that it stands to the right."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


@register.filter
def cell(value: Any) -> Any:
    """A cell of a table: numbers and dates the Vietnamese way, the rest as it is."""
    if value is None or value == "":
        return "–"
    if isinstance(value, dt.datetime):
        return vi_datetime(value)
    if isinstance(value, dt.date):
        return vi_date(value)
    return rules.number(value) if is_number(value) else value


@register.filter
def sign(tone: str) -> str:
    """The sign of a tone."""
    return rules.Tone(tone or rules.Tone.PLAIN).sign


@register.filter
def difference(left: object, right: object) -> differences.Difference:
    """In what two writings differ."""
    return differences.compare(str(left or ""), str(right or ""))


@register.filter
def pieces(side: Iterable[differences.Piece]) -> SafeString:
    """One side of a difference, the differing letters marked."""
    return format_html_join("", "{}", ((format_html("<ins>{}</ins>" if p.differs else "{}", p.text),) for p in side))


@register.filter
def in_words(found: differences.Difference) -> str:
    """A difference as somebody would say it: `é (acute) ≠ è (grave)`."""
    return "; ".join(_said(point) for point in found.points)


def _said(point: differences.Point) -> str:
    facts = {
        "left": point.left.strip() or "␣",
        "right": point.right.strip() or "␣",
        "left_mark": _marks(point.left_mark),
        "right_mark": _marks(point.right_mark),
    }
    return {
        "tone": _("%(left)s (%(left_mark)s) ≠ %(right)s (%(right_mark)s)"),
        "mark": _("%(left)s (%(left_mark)s) ≠ %(right)s (%(right_mark)s)"),
        "swap": _("%(left)s ↔ %(right)s changed places"),
        "case": _("%(left)s ≠ %(right)s only capital or small"),
        "letters": _("%(left)s ≠ %(right)s"),
        "only_left": _("“%(left)s” only on the left"),
        "only_right": _("“%(right)s” only on the right"),
    }[point.kind] % facts


def _marks(names: str) -> str:
    return ", ".join(str(MARK_NAMES[name]) for name in names.split())


@register.simple_tag
def qr(content: str) -> SafeString:
    """A QR code of the text, drawn as SVG; error correction M, for phones of every age."""
    drawn = BytesIO()
    segno.make(content, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, title=content, dark="#000"
    )
    return mark_safe(drawn.getvalue().decode())
