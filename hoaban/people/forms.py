"""What an officer fills in to find somebody and to say why."""

from __future__ import annotations

from django import forms

from hoaban.base.words import _
from hoaban.people.rules import PURPOSES
from hoaban.web.forms import Choices, Form


class FindForm(Form):
    """A number or some words of a name."""

    text = forms.CharField(
        label=_("Name or number"),
        help_text=_("Any words of the name, with or without tone marks, or a whole number (12 or 9 digits)"),
        max_length=120,
    )


class PurposeForm(Form):
    """Why a record is opened."""

    purpose = forms.ChoiceField(
        label=_("Why do you open this record?"),
        help_text=_("The citizen can read this answer."),
        choices=[(code, words) for code, words in PURPOSES.items()],
        widget=Choices,
    )
