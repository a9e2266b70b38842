"""What steering counts, how figures add up, and what an official report says."""

from hoaban.steering.rules.closing import REPORT, NobodyCounted, NotClosed, OnlyTheProvince
from hoaban.steering.rules.figures import Board, Count, Line, board, holding_half, summed
from hoaban.steering.rules.indicators import (
    BASE_WORDS,
    BY_CODE,
    CARDED,
    CHECKED,
    COUNTED,
    ENROLLED,
    INDICATORS,
    LEFT,
    SERVED,
    WITH_ACCOUNT,
    Base,
    Indicator,
)
from hoaban.steering.rules.report import WEEK, Before, Province, Report, compose

__all__ = [
    "BASE_WORDS",
    "BY_CODE",
    "CARDED",
    "CHECKED",
    "COUNTED",
    "ENROLLED",
    "INDICATORS",
    "LEFT",
    "REPORT",
    "SERVED",
    "WEEK",
    "WITH_ACCOUNT",
    "Base",
    "Before",
    "Board",
    "Count",
    "Indicator",
    "Line",
    "NobodyCounted",
    "NotClosed",
    "OnlyTheProvince",
    "Province",
    "Report",
    "board",
    "compose",
    "holding_half",
    "summed",
]
