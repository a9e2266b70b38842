"""What a search needs before it is done."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class TooLittleAsked(Refusal):
    """A year alone would list a district."""

    code = "people.too_little_asked"
    message = _("Write a name, a number, the head of the household or the village too.")


class CommuneNeeded(Refusal):
    """Villages of one name are in several communes."""

    code = "people.commune_needed"
    message = _("Choose the commune in which the village is.")


class NoSuchVillage(Refusal):
    """The commune has no village of that name."""

    code = "people.no_such_village"
    message = _("This commune has no village called %(village)s. Write its name as on the list of villages.")
