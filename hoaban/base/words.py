"""The mark on words that people read: English here, Vietnamese in `locale/`, chosen when shown."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy as many

__all__ = ["_", "many"]
