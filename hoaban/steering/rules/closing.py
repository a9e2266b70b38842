"""When a day's figures may be closed and asked for."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _

REPORT = "steering.report"  # the permission to close a day and to take the official report


class OnlyTheProvince(Refusal):
    """A closing holds every commune, so whoever closes must see every commune."""

    code = "steering.only_the_province"
    message = _("Only an officer of the whole province can close a day's figures.")


class NotClosed(Refusal):
    """Nobody closed the figures of that day, and they can't be counted afterwards."""

    code = "steering.not_closed"
    message = _("The figures of %(day)s were not closed. Last closed before it: %(last)s.")


class NobodyCounted(Refusal):
    """A day without anybody in the register has no figures to close."""

    code = "steering.nobody_counted"
    message = _("Nobody is counted yet. Load forms first, then close the day.")
