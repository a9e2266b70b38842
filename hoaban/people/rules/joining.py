"""When two records may be made one, and when that may be undone."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class SameRecord(Refusal):
    """A record isn't joined to itself."""

    code = "people.same_record"
    message = _("Both are the same record. Choose the other one.")


class JoinedElsewhere(Refusal):
    """The record is joined to a third one."""

    code = "people.joined_elsewhere"
    message = _("The record of %(name)s is joined to another one already. Undo that first.")


class OthersJoined(Refusal):
    """A record that others were joined to stays itself."""

    code = "people.others_joined"
    message = _("Other records were joined to that of %(name)s. Let that one stay, or undo them first.")


class NotJoined(Refusal):
    """There is no join to undo."""

    code = "people.not_joined"
    message = _("These two records aren't joined, or the joining was undone already.")


class NotTheirNumber(Refusal):
    """Only a number that is or was the person's goes to the other record."""

    code = "people.not_their_number"
    message = _("%(number)s is or was no number of this person.")


class NotTheirRelation(Refusal):
    """Only a relation that names the person goes to the other record."""

    code = "people.not_their_relation"
    message = _("This relation doesn't name this person.")
