"""Who needs a card and how they are best reached.

A segment follows from age, kind of commune and present address: the form DC01 asks for no occupation
and for no illness. The share of each in the province is in the campaign's facts.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from hoaban.base import dated_rules
from hoaban.base.words import _

ADULT_AGE = 18  # younger people are at school on weekdays
HOME_AGE = 80  # from here on a team comes to the house (campaign facts: bedridden, disabled, over 80; age assumed)
FARMER_AGE_ENDS = 60  # assumed: older people aren't needed in the fields all day
RURAL = frozenset({"xa"})  # folded kind of unit in which people between are taken for farmers


class Segment(StrEnum):
    """How somebody is reached. Everybody left is in exactly one."""

    FIXED = "fixed"
    FARMER = "farmer"
    PUPIL = "pupil"
    HOME = "home"
    AWAY = "away"


SEGMENT_WORDS = {
    Segment.FIXED: _("come to a fixed point"),
    Segment.FARMER: _("farmers"),
    Segment.PUPIL: _("pupils"),
    Segment.HOME: _("visited at home"),
    Segment.AWAY: _("in another province"),
}

SEGMENT_HINTS = {
    Segment.FIXED: _("Adults who can come at any hour of the day."),
    Segment.FARMER: _("18 to 59 years old in a rural commune. In sowing and harvest they come after 16:00."),
    Segment.PUPIL: _("14 to 17 years old. They come on Saturday and Sunday."),
    Segment.HOME: _("80 years and older. The team goes to the house."),
    Segment.AWAY: _("They stay in another province. A team there meets them; no village is planned for them."),
}

SLUGS = {
    Segment.FIXED: "tai-diem",
    Segment.FARMER: "nong-dan",
    Segment.PUPIL: "hoc-sinh",
    Segment.HOME: "tai-nha",
    Segment.AWAY: "o-xa",
}
BY_SLUG = {slug: segment for segment, slug in SLUGS.items()}


def card_age(on: dt.date) -> int:
    """The age from which a citizen must hold a card (Law 26/2023, art. 19; dated in `rules.csv`)."""
    return dated_rules.number("card.first_age", on)
