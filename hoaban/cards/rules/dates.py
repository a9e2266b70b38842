"""How long a card is valid and when it is due, by the law of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hoaban.base import dated_rules
from hoaban.base.partial_date import PartialDate
from hoaban.cards.rules.life import CardState

ISSUE_WORKING_DAYS = "card.issue_working_days"
USUAL_WORKING_DAYS = "card.usual_working_days"
RENEWAL_AGES = "card.renewal_ages"
EARLY_RENEWAL_YEARS = "card.early_renewal_years"


def renewal_ages(on: dt.date) -> tuple[int, ...]:
    """The ages at which a card must be changed, by the law of that day."""
    return tuple(int(age) for age in dated_rules.text(RENEWAL_AGES, on).split())


def expires_on(born: PartialDate, issued_on: dt.date) -> dt.date | None:
    """The birthday up to which a card is valid; None where it never ends.

    Law on Citizen Identification 59/2014 and Law on Identification 26/2023, article 21: to the next of
    the ages; a card issued within two years before an age holds to the one after it. Where only the
    year or month of birth is known, the last day it can mean counts, so that no card ends too early.
    """
    early_years = dated_rules.number(EARLY_RENEWAL_YEARS, issued_on)
    for age in renewal_ages(issued_on):
        if issued_on < birthday(born, age - early_years):
            return birthday(born, age)
    return None


def birthday(born: PartialDate, age: int) -> dt.date:
    """The last day on which somebody can reach that age; 1 March in common years for 29 February."""
    day = born.latest()
    try:
        return day.replace(year=day.year + age)
    except ValueError:
        return dt.date(day.year + age, 3, 1)


def is_valid(state: CardState, expires: dt.date | None, on: dt.date) -> bool:
    """Whether a card in its holder's hand still proves who they are on that day."""
    return state is CardState.HANDED_OVER and (expires is None or on <= expires)


@dataclass(frozen=True)
class Expected:
    """Between which days a card should be in its holder's hand; `last` is the law's limit."""

    first: dt.date
    last: dt.date


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The `count`th working day after `day`: Monday to Friday.

    Public holidays aren't taken out, so that a limit is at worst kept too strictly.
    """
    while count > 0:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5
    return day


def expected(requested_on: dt.date) -> Expected:
    """When a card asked for on that day is due, by the law of that day."""
    return Expected(
        first=working_days_after(requested_on, dated_rules.number(USUAL_WORKING_DAYS, requested_on)),
        last=working_days_after(requested_on, dated_rules.number(ISSUE_WORKING_DAYS, requested_on)),
    )


def last_overdue(on: dt.date) -> dt.date:
    """The latest day of asking whose card is past the law's limit on `on`."""
    day = on
    while expected(day).last >= on:
        day -= dt.timedelta(days=1)
    return day
