"""What the campaign decides: who is left and how they are reached, a week's limits, how a plan lives.

Values and limits of planning stand in `planning`.
"""

from hoaban.campaign.rules.life import NOTICE_DAYS, PLAN_WORDS, PlanState, check_move, check_notice
from hoaban.campaign.rules.refusals import (
    NobodyLeft,
    NoTeams,
    NotSound,
    ReasonMissing,
    TeamTaken,
    TooBig,
    TooLate,
    TooManyTeams,
    WrongState,
)
from hoaban.campaign.rules.segments import (
    ADULT_AGE,
    BY_SLUG,
    FARMER_AGE_ENDS,
    HOME_AGE,
    RURAL,
    SEGMENT_HINTS,
    SEGMENT_WORDS,
    SLUGS,
    Segment,
    card_age,
)

PLAN = "campaign.plan"  # the permission

__all__ = [
    "ADULT_AGE",
    "BY_SLUG",
    "FARMER_AGE_ENDS",
    "HOME_AGE",
    "NOTICE_DAYS",
    "PLAN",
    "PLAN_WORDS",
    "RURAL",
    "SEGMENT_HINTS",
    "SEGMENT_WORDS",
    "SLUGS",
    "NoTeams",
    "NobodyLeft",
    "NotSound",
    "PlanState",
    "ReasonMissing",
    "Segment",
    "TeamTaken",
    "TooBig",
    "TooLate",
    "TooManyTeams",
    "WrongState",
    "card_age",
    "check_move",
    "check_notice",
]
