"""Asking steering: figures, the names behind them, closed days and the report, what waits for an officer."""

from hoaban.steering.queries.closing import closed_board, closed_by, closings, report
from hoaban.steering.queries.doors import Door, VillageDoors, count_doors, doors_of, villages_waiting
from hoaban.steering.queries.figures import behind, board, commune, living, measure, names, villages
from hoaban.steering.queries.register import households, register, register_of
from hoaban.steering.queries.waiting import Pile, piles

__all__ = [
    "Door",
    "Pile",
    "VillageDoors",
    "behind",
    "board",
    "closed_board",
    "closed_by",
    "closings",
    "commune",
    "count_doors",
    "doors_of",
    "households",
    "living",
    "measure",
    "names",
    "piles",
    "register",
    "register_of",
    "report",
    "villages",
    "villages_waiting",
]
