"""What a reviewer fills in."""

from __future__ import annotations

from django import forms

from hoaban.base.words import _
from hoaban.matching.rules import VERDICT_WORDS, Verdict
from hoaban.web.forms import Choices, Form


class VerdictForm(Form):
    """One person or two, and why."""

    verdict = forms.TypedChoiceField(
        label=_("What do you say?"),
        choices=[(one.value, words) for one, words in VERDICT_WORDS.items()],
        coerce=Verdict,
        widget=Choices,
    )
    reason = forms.CharField(
        label=_("What your verdict rests on"),
        help_text=_("Papers seen, who was asked, what differs. The other officer doesn't see it before they decide."),
        max_length=300,
    )
