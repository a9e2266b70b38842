"""Asking steering: figures, the names behind them, closed days and the report, what waits for an officer."""

from hoaban.steering.queries.closing import closed_board, closed_by, closings, report
from hoaban.steering.queries.figures import behind, board, commune, indicator, names, villages

__all__ = [
    "behind",
    "board",
    "closed_board",
    "closed_by",
    "closings",
    "commune",
    "indicator",
    "names",
    "report",
    "villages",
]
