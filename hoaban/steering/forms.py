"""Which week the official report is asked for."""

from __future__ import annotations

from hoaban.base.words import _
from hoaban.web.forms import DateField, Form


class WeekForm(Form):
    """The last day of the week."""

    den = DateField(label=_("Last day of the week"))
