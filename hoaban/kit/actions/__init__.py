"""What changes on a station: setting it up, enrolling, sealing, and the way of packets to the province."""

from hoaban.kit.actions.enrolling import (
    agree,
    begin,
    confirm,
    drop,
    explain_fingers,
    finish,
    press_fingers,
    take_face,
)
from hoaban.kit.actions.joining import begin_epoch, call_server, init, take_list, take_pass, unlock
from hoaban.kit.actions.sending import export, synchronise, take_receipts, tidy

__all__ = [
    "agree",
    "begin",
    "begin_epoch",
    "call_server",
    "confirm",
    "drop",
    "explain_fingers",
    "export",
    "finish",
    "init",
    "press_fingers",
    "synchronise",
    "take_face",
    "take_list",
    "take_pass",
    "take_receipts",
    "tidy",
    "unlock",
]
