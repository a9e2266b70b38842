"""What officers and citizens fill in about cards."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import forms

from hoaban.base.words import _
from hoaban.web.forms import Form


class CodeForm(Form):
    """The code on the receipt."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Six letters and digits, on the receipt you were given. Such as K7MWPQ."),
        widget=forms.TextInput(attrs={"class": "half", "autocomplete": "off", "autocapitalize": "characters"}),
    )


class ChosenForm(Form):
    """Several records ticked on a list."""

    chosen = forms.TypedMultipleChoiceField(
        label=_("Ticked"), coerce=int, error_messages={"required": _("Tick at least one.")}
    )

    def __init__(self, *args: object, ids: Iterable[int], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        field = self.fields["chosen"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(one, str(one)) for one in ids]


class ReasonForm(Form):
    """Why something is refused, spoiled, withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ScanForm(Form):
    """What the scanner or the keyboard gives at the counter."""

    scan = forms.CharField(
        label=_("Scan the card, or type its code"),
        help_text=_(
            "QR of the card, its serial, the code on the receipt, the holder's 12-digit number, or the code of a batch."
        ),
        widget=forms.TextInput(attrs={"class": "half", "autocomplete": "off", "autofocus": True}),
    )


class HandoverForm(Form):
    """The number as the holder says it."""

    shown = forms.CharField(
        label=_("Last 4 digits of the holder's number"),
        help_text=_("Ask the holder. Don't read the number to them."),
        widget=forms.TextInput(
            attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off", "autofocus": True}
        ),
    )


class MissingForm(Form):
    """Serials of cards that a batch lacks."""

    missing = forms.CharField(
        label=_("Cards that are missing"),
        help_text=_("Their serials, if any isn't there. Such as K7MWPQ-1."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def serials(self) -> list[str]:
        """The serials that were written, in capitals."""
        return re.findall(r"[0-9A-Z]+-[0-9]+", self.cleaned_data["missing"].upper())
