"""What holds in a household, and who somebody is to a new head."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from hoaban.base.errors import Refusal
from hoaban.base.words import _

HEAD, WIFE, HUSBAND, CHILD, ADOPTED, DAUGHTER_IN_LAW, SON_IN_LAW = "01", "02", "03", "04", "05", "06", "07"
FATHER, MOTHER, IN_LAW_FATHER, IN_LAW_MOTHER = "08", "09", "10", "11"
BROTHER, SISTER, YOUNGER, GRANDCHILD, SIBLING_IN_LAW, OTHER = "16", "17", "18", "19", "23", "99"


class CodeKind(StrEnum):
    """What the code of a household rests on where a form made it: the code begins so."""

    BOOK = "book"
    HEAD = "head"
    NAMED = "named"


_CODE_WORDS: dict[str, Any] = {
    CodeKind.BOOK: _("household book %(ref)s"),
    CodeKind.HEAD: _("household of number %(ref)s"),
    CodeKind.NAMED: _("household known by its head's name"),
}


def called(code: str) -> str:
    """The code of a household as officers read it: of the book or the head it rests on, else the code itself."""
    kind, _space, ref = code.partition(" ")
    words = _CODE_WORDS.get(kind)
    return str(words) % {"ref": ref} if words else code


class HouseholdDissolved(Refusal):
    """Nobody enters a household that is no more."""

    code = "people.household_dissolved"
    message = _("This household (%(code)s) was dissolved. Make a new one.")


class HouseholdNotEmpty(Refusal):
    """A household is dissolved when nobody lives in it any more."""

    code = "people.household_not_empty"
    message = _("%(people)s people still live in this household. Move them first.")


class OtherCommune(Refusal):
    """Who lives in a household lives in its commune."""

    code = "people.other_commune"
    message = _("This household (%(code)s) is in another commune. Register the move there.")


class NotAMember(Refusal):
    """Only members are named."""

    code = "people.not_a_member"
    message = _("%(name)s is no member of this household.")


class HeadNotNamed(Refusal):
    """A household begins with its head."""

    code = "people.head_not_named"
    message = _("Name one living member as the head.")


class RelationNeeded(Refusal):
    """Each member is somebody to the head."""

    code = "people.relation_needed"
    message = _("Say what %(name)s is to the head.")


class HeadMovesOut(Refusal):
    """The head can't leave the others without a head."""

    code = "people.head_moves_out"
    message = _("%(name)s is the head. Change the head first, or move the whole household.")


def check_household(code: str, dissolved_on: dt.date | None) -> None:
    """Raise HouseholdDissolved where it is no household any more."""
    if dissolved_on is not None:
        raise HouseholdDissolved(code=called(code))


def relation_under(new_head: str, relation: str, sex: str, *, is_elder: bool) -> str:
    """What somebody is to a new head: from what both were to the old one; 99 where it doesn't follow.

    `new_head` and `relation` are codes of relationship_to_head before the change, `is_elder` says whether
    somebody was born before the new head.
    """
    man = sex == "M"
    if new_head in (WIFE, HUSBAND):
        kept = {CHILD: CHILD, ADOPTED: ADOPTED, DAUGHTER_IN_LAW: DAUGHTER_IN_LAW, SON_IN_LAW: SON_IN_LAW}
        in_law = {FATHER: IN_LAW_FATHER, MOTHER: IN_LAW_MOTHER, IN_LAW_FATHER: FATHER, IN_LAW_MOTHER: MOTHER}
        return {HEAD: HUSBAND if man else WIFE, GRANDCHILD: GRANDCHILD, **kept, **in_law}.get(relation, OTHER)
    if new_head in (CHILD, ADOPTED):
        if relation in (HEAD, WIFE, HUSBAND):
            return FATHER if man else MOTHER
        if relation in (CHILD, ADOPTED):
            return (BROTHER if man else SISTER) if is_elder else YOUNGER
    if new_head in (FATHER, MOTHER):
        if relation == HEAD:
            return CHILD
        if relation in (FATHER, MOTHER):
            return HUSBAND if man else WIFE
        if relation in (WIFE, HUSBAND):
            return SON_IN_LAW if man else DAUGHTER_IN_LAW
        if relation in (CHILD, ADOPTED):
            return GRANDCHILD
    return OTHER
