"""What an officer fills in to send forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from hoaban.base.words import _
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
