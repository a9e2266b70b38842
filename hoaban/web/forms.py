"""Forms of every page: text arrives composed (NFC), a refusal speaks through the form, one look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from hoaban.base.errors import Refusal
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _


class Renderer(TemplatesSetting):
    """Draws forms with the templates of this room."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class Form(forms.Form):
    """A form of ours; `{{ form }}` or `<c-web.form :form="form" …>` shows it."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, files: MultiValueDict[str, Any] | None = None, **more: Any
    ) -> None:
        super().__init__(composed(data), files, **more)
        for name, field in self.fields.items():
            self.add(name, field)

    def add(self, name: str, field: forms.Field) -> None:
        """Add a field that only now is known, whose absence says how to mend it."""
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _how_to_mend(field)
        self.fields[name] = field

    def refuse(self, refusal: Refusal) -> None:
        """Say why not: at the field that the refusal names (its fact `field`), else above the form."""
        named = refusal.facts.get("field")
        self.add_error(str(named) if named in self.fields else None, str(refusal))


def _how_to_mend(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return _("Tick this to go on.")
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    return _("Choose one.") if isinstance(field, forms.ChoiceField) else _("Write this in.")


def composed(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What was sent, with every letter in its composed form, so that equal names compare equal."""
    if isinstance(data, QueryDict):
        same = data.copy()
        for key, values in data.lists():
            same.setlist(key, [normalize("NFC", value) if isinstance(value, str) else value for value in values])
        return same
    if data is None:
        return None
    return {key: normalize("NFC", value) if isinstance(value, str) else value for key, value in data.items()}


class DateField(forms.DateField):
    """A day as written in Vietnam: `07/03/2026`, or `7/3/2026`."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("input_formats", ["%d/%m/%Y", "%Y-%m-%d"])
        more.setdefault("widget", forms.DateInput(format="%d/%m/%Y", attrs={"class": "short"}))
        more.setdefault("help_text", _("Day/month/year, such as 07/03/2026"))
        super().__init__(**more)
        self.error_messages["invalid"] = _("Write the day as day/month/year, such as 07/03/2026.")


class PartialDateField(forms.CharField):
    """A date of which only the year or the month may be known; gives a PartialDate."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"class": "short"}))
        more.setdefault("help_text", _("07/03/1958, or 03/1958, or only 1958 if no more is known"))
        super().__init__(**more)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored date the Vietnamese way."""
        return value.vietnamese() if isinstance(value, PartialDate) else value

    def clean(self, value: Any) -> PartialDate | None:
        """Read what was written; says how to write it when it can't."""
        written = super().clean(value)
        if not written:
            return None
        try:
            return PartialDate.parse_vietnamese(written)
        except ValueError:
            raise ValidationError(_("Write 07/03/1958, or 03/1958, or only the year 1958.")) from None


class Choices(forms.RadioSelect):
    """Big boxes to choose one from, each 52 px or higher."""


class ManyChoices(forms.CheckboxSelectMultiple):
    """Big boxes to choose several from."""
