"""Looking for a place, and choosing the day as of which it's shown."""

from __future__ import annotations

from django import forms

from hoaban.base.words import _
from hoaban.web.forms import DateField, Form


class FindForm(Form):
    """Any name of a place."""

    ten = forms.CharField(
        label=_("Name of a place"),
        help_text=_("A commune or village, by its name of today or before, tone marks or none"),
        max_length=120,
    )


class DayForm(Form):
    """The day as of which a place is shown."""

    ngay = DateField(label=_("As of the day"))
