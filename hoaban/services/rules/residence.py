"""Temporary residence: for how long, of whom, and with whose consent (Law on Residence 68/2020)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hoaban.base import dated_rules, names
from hoaban.base.errors import Refusal
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.people import rules as people

SHORTEST_DAYS = "residence.temporary_shortest_days"
LONGEST_MONTHS = "residence.temporary_longest_months"
GUARDIAN_BELOW = "residence.guardian_agrees_below_age"
TRIES_A_DAY = 10  # assumed: enough for somebody who mistypes, too few for somebody who guesses


@dataclass(frozen=True)
class Who:
    """Whom a citizen means: one of their family by id, or somebody by number, name and birth together."""

    person_id: int | None = None
    number: str = ""
    full_name: str = ""
    born: PartialDate | None = None


class NobodyMeant(Refusal):
    """Number, name and birth don't belong to one person; which of them is wrong isn't told."""

    code = "services.nobody_meant"
    message = _(
        "Nobody has this number together with this name and this date of birth. "
        "Read them from the card again, or ask the person."
    )


class TooManyTries(Refusal):
    """Somebody may be guessing."""

    code = "services.too_many_tries"
    message = _("You have tried often today. Go on tomorrow, or ask the commune police.")


class LivesHere(Refusal):
    """Temporary residence is for who is registered in another commune."""

    code = "services.lives_here"
    message = _("%(name)s is registered in this commune already. Nothing needs to be declared.")


class TooShort(Refusal):
    """A stay below the law's length isn't registered."""

    code = "services.too_short"
    message = _("A stay of less than %(days)s days isn't registered. Tell the commune police by phone; that is enough.")


class AlreadyOver(Refusal):
    """A stay that is over can't be registered."""

    code = "services.already_over"
    message = _("The last day is over already. Write a later day.")


class GuardianMustAgree(Refusal):
    """For a minor, father, mother or guardian agrees."""

    code = "services.guardian_must_agree"
    message = _("%(name)s isn't %(age)s years old yet. The father, mother or guardian must agree.")


class AlreadyOpen(Refusal):
    """One application of a service for one person at a time."""

    code = "services.already_open"
    message = _("An application for this person is being decided already. Wait for its result.")


def is_meant(who: Who, name_fold: str, born: str) -> bool:
    """Whether name and birth as told are those of the record.

    Tone marks and capitals don't count; the birth must be told as far as the register knows it.
    """
    return names.fold(names.nfc(who.full_name)) == name_fold and str(who.born or "").startswith(born)


def check_elsewhere(name: str, lives_in: str, comes_to: str) -> None:
    """Raise LivesHere where the person is registered in that commune (article 27)."""
    if lives_in == comes_to:
        raise LivesHere(name=name)


def check_period(first_day: dt.date, last_day: dt.date, on: dt.date) -> None:
    """Raise AlreadyOver, TooShort, people.TemporaryTooLong unless the stay can be registered (article 27)."""
    people.check_temporary(first_day, last_day, dated_rules.number(LONGEST_MONTHS, on))
    if last_day < on:
        raise AlreadyOver(field="last_day")
    shortest = dated_rules.number(SHORTEST_DAYS, on)
    if (last_day - first_day).days < shortest:
        raise TooShort(days=shortest, field="last_day")


def needs_guardian(born: str, on: dt.date) -> bool:
    """Whether father, mother or guardian must agree: the person isn't surely of age on that day."""
    return not PartialDate.parse(born).is_surely_aged(dated_rules.number(GUARDIAN_BELOW, on), on)


def check_guardian(name: str, born: str, on: dt.date, *, agreed: bool) -> None:
    """Raise GuardianMustAgree for a minor without it."""
    if not agreed and needs_guardian(born, on):
        raise GuardianMustAgree(name=name, age=dated_rules.number(GUARDIAN_BELOW, on), field="agreed")
