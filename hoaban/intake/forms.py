"""What an officer fills in to send forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField

from hoaban.base.words import _
from hoaban.intake import queries
from hoaban.web.forms import Form

ENDINGS = (".csv", ".xlsx")


class SendForm(Form):
    """A file of forms."""

    file = forms.FileField(
        label=_("File of forms"),
        help_text=_("CSV (UTF-8) or XLSX with the columns of the form DC01"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Only tables are taken."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in ENDINGS:
            raise ValidationError(_("Choose a file that ends in .csv or .xlsx."))
        return file


class MendForm(Form):
    """The cells of a returned row, bad ones first, the rest in the order of the form."""

    def __init__(self, sheet: queries.MendSheet, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self._sheet = sheet
        for cell in sheet.cells:
            self.fields[cell.column] = forms.CharField(
                label=cell.label, required=False, initial=cell.shown, max_length=300, widget=_widget(cell)
            )

    def cells(self) -> dict[str, str]:
        """What stands in the cells now; a cell left as it was shown says what was written."""
        left = {cell.column: cell.written for cell in self._sheet.cells if self.cleaned_data[cell.column] == cell.shown}
        return {column: str(self.cleaned_data[column] or "") for column in self.fields} | left

    def rows(self) -> Iterator[tuple[queries.MendCell, BoundField]]:
        """Each cell with its box."""
        for cell in self._sheet.cells:
            yield cell, self[cell.column]

    def say(self, left: list[queries.SaidFinding]) -> None:
        """Say the errors that still stand, each at its cell."""
        for one in left:
            self.add_error(one.field if one.field in self.fields else None, one.words)


def _widget(cell: queries.MendCell) -> forms.Widget:
    hints = {"autocomplete": "off", "spellcheck": "false", "data-written": cell.shown}
    if cell.proposal:
        hints["data-proposal"] = cell.proposal
    if cell.code_list:
        hints["list"] = f"list-{cell.column}"
    return forms.TextInput(attrs=hints)
