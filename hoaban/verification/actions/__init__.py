"""Drawing a round, checking its forms, correcting the register with a second officer, deciding its lots."""

from hoaban.verification.actions.checking import check, hold, take_next, undo_last
from hoaban.verification.actions.correcting import approve, decline, propose, take_back
from hoaban.verification.actions.deciding import (
    accept_lot,
    approve_override,
    decline_override,
    propose_override,
    return_lot,
)
from hoaban.verification.actions.drawing import draw_round
from hoaban.verification.actions.following import follow_join

__all__ = [
    "accept_lot",
    "approve",
    "approve_override",
    "check",
    "decline",
    "decline_override",
    "draw_round",
    "follow_join",
    "hold",
    "propose",
    "propose_override",
    "return_lot",
    "take_back",
    "take_next",
    "undo_last",
]
