"""Words that people read: those in code are English and marked, those in data say both languages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy as many

__all__ = ["Said", "_", "many"]


@dataclass(frozen=True)
class Said:
    """Words from a data file in both languages; as text they are in the reader's."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.vi
