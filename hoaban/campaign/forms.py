"""What officers fill in about a week's plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms

from hoaban.base.words import _
from hoaban.web.forms import DateField, Form, ManyChoices
from hoaban.web.rules import number


class PlanForm(Form):
    """Which communes, with how many teams, from which day."""

    communes = forms.MultipleChoiceField(label=_("Communes"), widget=ManyChoices)
    base = forms.ChoiceField(label=_("Where the teams start"), help_text=_("The seat of this commune is their base."))
    teams = forms.IntegerField(
        label=_("How many teams"), min_value=1, max_value=20,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )  # fmt: skip
    first_day = DateField(label=_("First day of the week"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, communes: list[tuple[str, str, int]], first_day: dt.date
    ) -> None:
        super().__init__(data, initial={"teams": 2, "first_day": first_day})
        chosen, base = self.fields["communes"], self.fields["base"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        assert isinstance(base, forms.ChoiceField)
        chosen.choices = [(code, f"{name} ({number(left)})") for code, name, left in communes]
        base.choices = [(code, name) for code, name, _left in communes]


class WhyForm(Form):
    """Why a plan is taken back."""

    why = forms.CharField(label=_("Reason"), help_text=_("Everybody who was promised a day reads it."), max_length=300)
