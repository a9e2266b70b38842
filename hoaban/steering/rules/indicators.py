"""What is counted: each measure and indicator with its definition, its source and of whom it is a share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hoaban.base.words import _


class Base(StrEnum):
    """Of whom an indicator is a share."""

    POPULATION = "population"
    COUNTED = "counted"
    OF_AGE = "of_age"


BASE_WORDS = {
    Base.POPULATION: _("of the population of 2022"),
    Base.COUNTED: _("of those counted"),
    Base.OF_AGE: _("of citizens of 14 and over"),
}


@dataclass(frozen=True)
class Measure:
    """One thing counted, with its definition and its source."""

    code: str
    label: Any
    definition: Any
    source: Any


@dataclass(frozen=True)
class Indicator(Measure):
    """One thing counted in people. `base` also narrows it: of those of age, only they are counted."""

    sentence: Any
    base: Base


COUNTED = Indicator(
    "counted",
    _("Counted"),
    _("people living in the commune, as the register says"),
    _("the register of people"),
    _("Counted in the register: %(count)s people"),
    Base.POPULATION,
)
CHECKED = Indicator(
    "checked",
    _("Checked"),
    _("people living in the commune whose form was checked and found right or wrong"),
    _("the rounds of checks at three levels"),
    _("Forms checked against the paper: %(count)s people"),
    Base.COUNTED,
)
ENROLLED = Indicator(
    "enrolled",
    _("Enrolled"),
    _("citizens of 14 and over whose enrolment has reached the province"),
    _("sealed packets of the stations"),
    _("Enrolled for a card: %(count)s people"),
    Base.OF_AGE,
)
CARDED = Indicator(
    "carded",
    _("Have a card"),
    _("citizens of 14 and over who hold a card valid on the day"),
    _("hand-overs at the counters"),
    _("Holding a valid card: %(count)s people"),
    Base.OF_AGE,
)
WITH_ACCOUNT = Indicator(
    "accounts",
    _("Have an account"),
    _("citizens of 14 and over whose electronic identity account is in use"),
    _("accounts activated by their holders"),
    _("With an electronic identity in use: %(count)s people"),
    Base.OF_AGE,
)
SERVED = Indicator(
    "served",
    _("Served"),
    _("people living in the commune who had an online application approved"),
    _("decisions at the service desks"),
    _("Served online: %(count)s people"),
    Base.COUNTED,
)
LEFT = Indicator(
    "left",
    _("Left"),
    _("citizens of 14 and over who hold no card valid on the day and have none on its way"),
    _("the register of people, enrolments and hand-overs at the counters"),
    _("Left, without a card or one on its way: %(count)s people"),
    Base.OF_AGE,
)

INDICATORS = (COUNTED, CHECKED, ENROLLED, CARDED, WITH_ACCOUNT, SERVED, LEFT)
