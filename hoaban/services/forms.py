"""What a citizen answers and what an officer decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from hoaban.base.clock import today
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.services import rules
from hoaban.services.queries import Dwelling, Meant
from hoaban.services.rules import Definition, Who
from hoaban.web.forms import Choices, DateField, Form, PartialDateField

SOMEBODY_ELSE = "other"
_DIGITS = re.compile(r"^\d{12}$")


class PersonForm(Form):
    """One of the family, or somebody by number, name and birth together."""

    person_id = forms.ChoiceField(label=_("Who?"), widget=Choices)
    number = forms.CharField(
        label=_("Personal number"),
        help_text=_("12 digits, on the card or the notice of the personal number"),
        required=False,
        widget=forms.TextInput(attrs={"class": "half", "inputmode": "numeric", "autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label=_("Full name"), help_text=_("As on the card"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    born = PartialDateField(label=_("Date of birth"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, family: Sequence[Meant] = (), **more: Any) -> None:
        super().__init__(data, **more)
        choice = self.fields["person_id"]
        assert isinstance(choice, forms.ChoiceField)
        if family:
            told = [(str(one.id), f"{one.full_name}, {one.commune}") for one in family]
            choice.choices = [*told, (SOMEBODY_ELSE, _("Somebody else: I write it below"))]
        else:
            del self.fields["person_id"]
            for field in self.fields.values():
                field.required = True

    def clean(self) -> dict[str, Any]:
        """Somebody else needs all three: number, name and birth."""
        told = super().clean() or {}
        if not self.is_family:
            number = re.sub(r"[\s.]", "", told.get("number") or "")
            told["number"] = number
            if not _DIGITS.match(number) and "number" not in self.errors:
                self.add_error("number", _("Write all 12 digits."))
            for name in ("full_name", "born"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Write this in."))
        return told

    @property
    def is_family(self) -> bool:
        """Whether one of the family was chosen."""
        return (self.cleaned_data.get("person_id") or SOMEBODY_ELSE) != SOMEBODY_ELSE

    def who(self) -> Who:
        """Whom the citizen means."""
        told = self.cleaned_data
        if self.is_family:
            return Who(person_id=int(told["person_id"]))
        return Who(number=told["number"], full_name=told["full_name"], born=told["born"])


class PeriodForm(Form):
    """From when to when."""

    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        """The law's shortest and longest stay."""
        told = super().clean() or {}
        if told.get("first_day") and told.get("last_day"):
            try:
                rules.check_period(told["first_day"], told["last_day"], today())
            except Refusal as no:
                self.refuse(no)
        return told


class AddressForm(Form):
    """At which address: the citizen's own, filled in."""

    address = forms.ChoiceField(
        label=_("Address"), widget=Choices, help_text=_("Is it wrong? Tell the commune police; they mend it.")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, dwelling: Dwelling, **more: Any) -> None:
        super().__init__(data, **more)
        choice = self.fields["address"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("own", dwelling.address)]
        choice.initial = "own"


class CheckForm(Form):
    """The last look; for a minor, that father, mother or guardian agrees."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    agreed = forms.BooleanField(label=_("Father, mother or guardian agrees to this"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, is_minor: bool, **more: Any) -> None:
        super().__init__(data, **more)
        if not is_minor:
            del self.fields["agreed"]


class ReturnForm(Form):
    """What is wrong, why, by which rule, and who mends it."""

    prefix = "back"
    field = forms.ChoiceField(label=_("What is wrong?"))
    reason = forms.CharField(label=_("Why?"), help_text=_("So that the citizen understands it"), max_length=300)
    rule = forms.CharField(label=_("By which rule?"), help_text=_("Law, article, clause"), max_length=200)
    mender = forms.ChoiceField(
        label=_("Who mends it?"),
        widget=Choices,
        choices=[(key.value, word) for key, word in rules.MENDER_WORDS.items()],
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, service: Definition, **more: Any) -> None:
        super().__init__(data, **more)
        choice = self.fields["field"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "–"), *((key, str(said)) for key, said in service.fields.items())]


class DeclineForm(Form):
    """A no: why and by which rule."""

    prefix = "no"
    reason = forms.CharField(label=_("Why?"), help_text=_("So that the citizen understands it"), max_length=300)
    rule = forms.CharField(label=_("By which rule?"), help_text=_("Law, article, clause"), max_length=200)
