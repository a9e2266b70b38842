"""What law asks of births, marriages, divorces, closings and stays before the register says so."""

from __future__ import annotations

import datetime as dt

from hoaban.base import dated_rules
from hoaban.base.errors import Refusal
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.people.rules.facts import CLOSING, LIFE_WORDS, Life, Sex

SINGLE, MARRIED, DIVORCED, WIDOWED = "1", "2", "3", "4"  # code list marital_status
LEAST_YEARS_TO_A_PARENT = 12  # below this a parent is an error of the paper


class RecordJoined(Refusal):
    """The record was joined to another, which is the one to change."""

    code = "people.record_joined"
    message = _("This record of %(name)s was joined to another. Open the one that stays and change that.")


class NotLiving(Refusal):
    """Only somebody living does this."""

    code = "people.not_living"
    message = _("The register says of %(name)s: %(life)s. Reopen the record first if that is wrong.")


class NotClosed(Refusal):
    """There is nothing to reopen."""

    code = "people.not_closed"
    message = _("The record of %(name)s is open.")


class WrongDay(Refusal):
    """A day before birth, or one that hasn't come."""

    code = "people.wrong_day"
    message = _("%(day)s can't be right: it is before the birth or has not come yet. Write the day on the paper.")


class NotAClosing(Refusal):
    """A record is closed for one of the reasons of law."""

    code = "people.not_a_closing"
    message = _("A record is closed when its person has died, is missing, has settled abroad or gave up nationality.")


class ReasonNeeded(Refusal):
    """A closing says why."""

    code = "people.reason_needed"
    message = _("Write why, in a few words.")


class TooYoungToMarry(Refusal):
    """Law on Marriage and Family 52/2014 art. 8: men from 20, women from 18."""

    code = "people.too_young_to_marry"
    message = _("%(name)s is under %(age)s on that day. The marriage can't be registered.")


class MarriedAlready(Refusal):
    """One marriage at a time (Law 52/2014 art. 5)."""

    code = "people.married_already"
    message = _("%(name)s is married to %(spouse)s. Register the divorce or the death first.")


class MayNotMarry(Refusal):
    """Law 52/2014 art. 5 and 8: not with a parent or child; a man and a woman."""

    code = "people.may_not_marry"
    message = _("These two can't be registered as a married couple. Check that the numbers are right.")


class NotMarried(Refusal):
    """A divorce ends a marriage that the register knows."""

    code = "people.not_married"
    message = _("The register doesn't know these two as a married couple.")


class ParentTooYoung(Refusal):
    """A parent is older than the child by years."""

    code = "people.parent_too_young"
    message = _("%(name)s would have been under %(years)s at this birth. Check who the parent is and the dates.")


class StayTooLong(Refusal):
    """Law on Residence 68/2020 art. 2: a stay is under 30 days; longer is temporary residence."""

    code = "people.stay_too_long"
    message = _("A stay runs from a day to a later one and is under %(days)s days. Register a longer one as temporary.")


class WrongAbsence(Refusal):
    """An absence ends after it begins."""

    code = "people.wrong_absence"
    message = _("The last day away comes before the first. Write both days anew.")


def first_day(born: str) -> dt.date:
    """The first day that a date of birth can mean."""
    return PartialDate.parse(born).earliest()


def check_living(name: str, life: str) -> None:
    """Raise NotLiving unless the register says that the person lives."""
    if life != Life.LIVING:
        raise NotLiving(name=name, life=str(LIFE_WORDS[Life(life)]))


def check_day(day: dt.date, born: str, today: dt.date) -> None:
    """Raise WrongDay for a day before birth or one to come."""
    if day > today or day < PartialDate.parse(born).earliest():
        raise WrongDay(day=day.strftime("%d/%m/%Y"))


def check_closing(life: Life, reason: str) -> None:
    """Raise NotAClosing, ReasonNeeded."""
    if life not in CLOSING:
        raise NotAClosing()
    if not reason.strip():
        raise ReasonNeeded(field="reason")


def check_marriage_age(name: str, sex: str, born: str, on: dt.date) -> None:
    """Raise TooYoungToMarry where somebody was surely under age on that day. Before 2001 nothing is asked."""
    try:
        least = dated_rules.number(f"marriage.least_age_{'man' if sex == Sex.MAN else 'woman'}", on)
    except LookupError:
        return
    if PartialDate.parse(born).age_range(on)[1] < least:
        raise TooYoungToMarry(name=name, age=least)


def check_parent(name: str, parent_born: str, child_born: str) -> None:
    """Raise ParentTooYoung where the parent was surely a child at the birth."""
    day = PartialDate.parse(child_born).latest()
    if PartialDate.parse(parent_born).age_range(day)[1] < LEAST_YEARS_TO_A_PARENT:
        raise ParentTooYoung(name=name, years=LEAST_YEARS_TO_A_PARENT)


def check_stay(valid_from: dt.date, valid_to: dt.date) -> None:
    """Raise StayTooLong unless the days fit a stay."""
    under = dated_rules.number("residence.stay_under_days", valid_from)
    if not 0 <= (valid_to - valid_from).days < under - 1:
        raise StayTooLong(days=under)


def check_absence(valid_from: dt.date, valid_to: dt.date | None) -> None:
    """Raise WrongAbsence where the absence ends before it begins."""
    if valid_to is not None and valid_to < valid_from:
        raise WrongAbsence()
