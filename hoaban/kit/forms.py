"""The station's forms."""

from __future__ import annotations

from typing import Any

from django import forms

from hoaban.base.id_number import IdNumber
from hoaban.base.words import _
from hoaban.enrolment.rules import capture, review, worklist
from hoaban.web.forms import Choices, Form, PartialDateField


class PinForm(Form):
    """Who stands at the station."""

    operator = forms.ChoiceField(label=_("Who are you?"), widget=Choices)
    pin = forms.CharField(
        label=_("Your PIN"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )

    def __init__(self, operators: tuple[worklist.Operator, ...], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["operator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.id, one.name) for one in operators]
        if len(operators) == 1:
            field.initial = operators[0].id


class FindForm(Form):
    """The last digits of a number, words of a name, or both."""

    q = forms.CharField(
        label=_("Last 4 digits of the number, and the name"),
        help_text=_("Marks may be left out. Any order."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class NotOnListForm(Form):
    """Somebody who isn't on the list, as they say."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    born = PartialDateField(label=_("Born"))
    sex = forms.ChoiceField(label=_("Sex"), choices=[("F", _("Female")), ("M", _("Male"))], widget=Choices)
    number = forms.CharField(
        label=_("12-digit number"), required=False, max_length=15,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "half"}),
    )  # fmt: skip
    commune_code = forms.ChoiceField(label=_("Commune"))

    def __init__(self, communes: tuple[worklist.Commune, ...], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["commune_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.name) for one in communes]

    def clean_number(self) -> str:
        """Twelve digits or nothing."""
        typed: str = self.cleaned_data["number"]
        if not typed:
            return ""
        try:
            return IdNumber.parse(typed).text
        except ValueError as error:
            raise forms.ValidationError(_("The number has 12 digits.")) from error

    @property
    def person(self) -> worklist.Expected:
        """The person as typed."""
        return worklist.Expected(
            person_id=0, number=self.cleaned_data["number"], full_name=self.cleaned_data["full_name"],
            sex=self.cleaned_data["sex"], born=str(self.cleaned_data["born"]), address="",
            commune_code=self.cleaned_data["commune_code"],
        )  # fmt: skip


class PersonForm(Form):
    """It's the right person: what is wrong, and what they ask for."""

    corrections = forms.CharField(
        label=_("What is wrong, if anything?"), help_text=_("As the person says it. It's checked later."),
        required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    wants_card = forms.BooleanField(label=_("Asks for a card"), required=False, initial=True)
    wants_eid = forms.BooleanField(label=_("Asks for an e-ID"), required=False, initial=True)
    phone = forms.CharField(
        label=_("Phone number"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "half"}),
    )  # fmt: skip


class FaceForm(Form):
    """A portrait: from the camera, or a file."""

    picture = forms.FileField(
        label=_("Photo"), help_text=_("JPEG or PNG. Face in front, light ground."), allow_empty_file=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "user"}),
    )  # fmt: skip
    source = forms.ChoiceField(
        choices=[(one.value, one.value) for one in (capture.Source.CAMERA, capture.Source.FILE)],
        widget=forms.HiddenInput, required=False,
    )  # fmt: skip

    @property
    def taken_with(self) -> capture.Source:
        """What the picture was taken with, as the page says."""
        return capture.Source(self.cleaned_data["source"] or capture.Source.FILE)


class WhyNotForm(Form):
    """For each finger of a press: why it can't be taken, or nothing."""

    def __init__(self, press: capture.Press, data: Any = None) -> None:
        super().__init__(data)
        reasons = [("can", _("can be taken")), *capture.WHY_NOT_NAMES.items()]
        for code in capture.FINGERS[press]:
            self.fields[f"finger{code}"] = forms.ChoiceField(
                label=capture.FINGER_NAMES[code], choices=reasons, initial="can"
            )

    @property
    def why_not(self) -> dict[int, capture.WhyNot]:
        """The fingers that can't be taken."""
        return {
            int(name.removeprefix("finger")): capture.WhyNot(why)
            for name, why in self.cleaned_data.items()
            if why != "can"
        }


class ConsentForm(Form):
    """How the person agreed to what was read to them."""

    consent = forms.ChoiceField(
        label=_("Read the facts aloud. How does the person agree?"), widget=Choices,
        choices=[
            (review.Consent.SIGNATURE.value, _("Signed the slip")),
            (review.Consent.THUMB.value, _("Thumb print on the slip")),
        ],
    )  # fmt: skip
