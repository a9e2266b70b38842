"""Changing enrolments: the stations and their lists, packets as they come, what becomes of them."""

from hoaban.enrolment.actions.following import follow_join
from hoaban.enrolment.actions.kits import admit_operator, draw_list, expect, make_keys, register_kit, withdraw_kit
from hoaban.enrolment.actions.opening import clear, hold, name_person, open_packet, release
from hoaban.enrolment.actions.receiving import announce, hear_from, receive_chunk, receive_whole

__all__ = [
    "admit_operator",
    "announce",
    "clear",
    "draw_list",
    "expect",
    "follow_join",
    "hear_from",
    "hold",
    "make_keys",
    "name_person",
    "open_packet",
    "receive_chunk",
    "receive_whole",
    "register_kit",
    "release",
    "withdraw_kit",
]
