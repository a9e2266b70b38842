"""Asking steering: figures, the names behind them, closed days and the report, what waits for an officer."""

from hoaban.steering.queries.closing import closed_board, closed_by, closings, report
from hoaban.steering.queries.figures import behind, board, commune, indicator, living, names, villages
from hoaban.steering.queries.waiting import Pile, piles

__all__ = [
    "Pile",
    "behind",
    "board",
    "closed_board",
    "closed_by",
    "closings",
    "commune",
    "indicator",
    "living",
    "names",
    "piles",
    "report",
    "villages",
]
