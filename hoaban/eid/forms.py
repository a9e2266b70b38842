"""What citizens write at the door of their account."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hoaban.base.ids import PUBLIC_LENGTH, tidy_public_code
from hoaban.base.words import _
from hoaban.web.forms import Form


class NumberField(forms.CharField):
    """The 12-digit number, with or without spaces."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Your 12-digit number"),
            help_text=_("On your card, or on the slip from the team."),
            max_length=20,
            widget=forms.TextInput(attrs={"class": "half", "inputmode": "numeric", "autocomplete": "username"}),
        )

    def clean(self, value: Any) -> str:
        """The digits alone; says so when there aren't 12."""
        digits = re.sub(r"[ .]", "", str(super().clean(value)))
        if digits and not re.fullmatch(r"[0-9]{12}", digits):
            raise ValidationError(_("The number has 12 digits. Count them again."))
        return digits


class HolderForm(Form):
    """Whose account an officer looks for."""

    number = NumberField()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["number"].label = _("The holder's 12-digit number")
        self.fields["number"].help_text = _("Lost slip or forgotten password: look their account up here.")
        self.fields["number"].widget.attrs["autocomplete"] = "off"


class PasswordField(forms.CharField):
    """A password, present or new."""

    def __init__(self, label: Any, autocomplete: str, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            max_length=200,
            widget=forms.PasswordInput(attrs={"class": "half", "autocomplete": autocomplete}),
        )


class NewPasswordForm(Form):
    """A new password, written twice."""

    password = PasswordField(
        _("New password"), "new-password", _("8 letters or digits or more. Not your number. Nobody may ask you for it.")
    )
    again = PasswordField(_("The same password again"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        written = super().clean() or {}
        if written.get("password") and written.get("again") and written["password"] != written["again"]:
            self.add_error("again", _("The two passwords differ. Write the same one twice."))
        return written


class ActivateForm(NewPasswordForm):
    """Number, slip and a password of one's own."""

    number = NumberField()
    slip_code = forms.CharField(
        label=_("The secret code on your slip"),
        help_text=_("Twelve letters and digits, such as K7MW-PQ4X-9T2C. Tell it to nobody, not even to an officer."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "half", "autocomplete": "off", "autocapitalize": "characters"}),
    )
    field_order = ("number", "slip_code", "password", "again")

    def clean_slip_code(self) -> str:
        """The code; the one that follows the card is told apart by its length."""
        written = str(self.cleaned_data["slip_code"])
        if len(tidy_public_code(written)) == PUBLIC_LENGTH:
            raise ValidationError(_("This is the code that follows your card. The secret code below it has 12."))
        return written


class SignInForm(Form):
    """Number and password."""

    number = NumberField()
    password = PasswordField(_("Password"), "current-password")


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old = PasswordField(_("Present password"), "current-password")
    field_order = ("old", "password", "again")


class ConsentForm(Form):
    """Whether the number is shared as well: only with a tick."""

    number = forms.BooleanField(label=_("Also my 12-digit number"), required=False)
