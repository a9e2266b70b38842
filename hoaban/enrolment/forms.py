"""Forms of the enrolment pages."""

from __future__ import annotations

from django import forms

from hoaban.base.words import _
from hoaban.web.forms import Form


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=300)


class NumberForm(Form):
    """Who somebody is, by their number."""

    number = forms.CharField(
        label=_("12-digit number"), max_length=15,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "half"}),
    )  # fmt: skip

    def clean_number(self) -> str:
        """The number without its spaces."""
        return str(self.cleaned_data["number"]).replace(" ", "")
