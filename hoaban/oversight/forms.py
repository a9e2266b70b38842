"""What an auditor asks the audit for."""

from __future__ import annotations

from django import forms

from hoaban.base.words import _
from hoaban.oversight.queries import Wanted
from hoaban.web.forms import DateField, Form


class FilterForm(Form):
    """Days, officer, action, person: each if any."""

    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("Until"), required=False)
    actor = forms.CharField(label=_("Officer"), help_text=_("Any part of the name"), required=False, max_length=120)
    action = forms.CharField(
        label=_("Action"), help_text=_("Its beginning, such as people.looked or cards."), required=False, max_length=60
    )
    number = forms.CharField(
        label=_("Personal number of whom it is about"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"class": "half", "inputmode": "numeric"}),
    )  # fmt: skip

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(**self.cleaned_data)
