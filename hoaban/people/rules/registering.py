"""What the register refuses when facts are written: numbers that disagree, residences without dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from hoaban.base import codes, id_number, names
from hoaban.base.errors import Refusal
from hoaban.base.id_number import IdNumber
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _

_PROVINCE = re.compile(r"^\s*(tinh|thanh pho|tp\.?)\s+")


class NumberDisagrees(Refusal):
    """The number says another sex or year of birth than the person's facts."""

    code = "people.number_disagrees"
    message = _("The number %(number)s says another %(what)s. Check the number, the sex and the year of birth.")


class NumberTaken(Refusal):
    """The number is or was another person's; a number is never given twice."""

    code = "people.number_taken"
    message = _("The number %(number)s belongs to another person.")


class AlreadyNumbered(Refusal):
    """The person has a living number."""

    code = "people.already_numbered"
    message = _("This person has the number %(number)s already.")


class NoNumber(Refusal):
    """There is no living number to cancel."""

    code = "people.no_number"
    message = _("%(name)s has no personal number to cancel.")


class NoNumbersLeft(Refusal):
    """A million numbers of that province, sex and year are given."""

    code = "people.no_numbers_left"
    message = _("No number is left under %(prefix)s.")


class BirthPlaceUnknown(Refusal):
    """A number begins with the province of birth registration, which isn't known."""

    code = "people.birth_place_unknown"
    message = _("The province of birth registration is needed for a number. Written: %(place)s.")


class HeadTaken(Refusal):
    """A household has one head."""

    code = "people.head_taken"
    message = _("%(name)s is the head of this household. Change that first.")


class NamelessRelation(Refusal):
    """A father, mother, spouse or representative is named before numbered."""

    code = "people.nameless_relation"
    message = _("Write whose number %(number)s is.")


class TemporaryTooLong(Refusal):
    """Temporary residence has a first and a last day, and a longest time between them."""

    code = "people.temporary_too_long"
    message = _("Temporary residence runs from a day to a later one, at most %(months)s months.")


def check_number(number: str, sex: str, born: str) -> None:
    """Raise NumberDisagrees where law gives that person another number (Decree 137/2015 art. 13)."""
    wrong = IdNumber(number).disagreements(sex, PartialDate.parse(born))
    if wrong:
        words = {"sex": _("sex"), "birth_year": _("year of birth")}
        raise NumberDisagrees(number=number, what=", ".join(str(words[one]) for one in wrong))


def kills_the_number(number: str, sex: str, born: str) -> bool:
    """Whether these facts make the number wrong, so that it must be cancelled and a new one given."""
    return bool(number) and bool(IdNumber(number).disagreements(sex, PartialDate.parse(born)))


def province_of(birth_reg_place: str) -> str:
    """The first three digits that law gives somebody whose birth was registered there.

    The place is written from the smallest unit to the province. Raises BirthPlaceUnknown.
    """
    code = codes.code("birth_provinces", _PROVINCE.sub("", names.fold(birth_reg_place.split(",")[-1])))
    if not code:
        raise BirthPlaceUnknown(place=birth_reg_place)
    return code


def prefix(province: str, sex: str, born: str) -> str:
    """The first six digits that law gives somebody."""
    return id_number.prefix(province, sex, PartialDate.parse(born).year)


def draw_number(six: str, random_below: Callable[[int], int]) -> str:
    """A number of the legal structure with six random digits."""
    return f"{six}{random_below(1_000_000):06d}"


def check_temporary(valid_from: dt.date, valid_to: dt.date, longest_months: int) -> None:
    """Raise TemporaryTooLong unless the days fit (Law on Residence 68/2020 art. 27: at most two years)."""
    last = _months_later(valid_from, longest_months)
    if not valid_from < valid_to <= last:
        raise TemporaryTooLong(months=longest_months)


def _months_later(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
