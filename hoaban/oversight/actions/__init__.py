"""What oversight writes: that the audit was read, requests and their answers, looks told of later, breaches."""

from hoaban.oversight.actions.following import follow_join
from hoaban.oversight.actions.protecting import (
    answer,
    approve_withholding,
    ask,
    close_breach,
    decline_withholding,
    disclose_ended,
    notify,
    propose_withholding,
    record_breach,
)
from hoaban.oversight.actions.reading import look_into, note_export, note_reading, note_unusual

__all__ = [
    "answer",
    "approve_withholding",
    "ask",
    "close_breach",
    "decline_withholding",
    "disclose_ended",
    "follow_join",
    "look_into",
    "note_export",
    "note_reading",
    "note_unusual",
    "notify",
    "propose_withholding",
    "record_breach",
]
