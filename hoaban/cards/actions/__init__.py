"""Changing cards: asked for, released, made, delivered, ended, and what a join of two records does to them."""

from hoaban.cards.actions.asking import decline, propose, release, request, take_back_proposal
from hoaban.cards.actions.delivering import arrive, hand_over, make_batch, report_lost, send_batch, withdraw
from hoaban.cards.actions.following import follow_join
from hoaban.cards.actions.making import note_export, pass_check, personalise, spoil

__all__ = [
    "arrive",
    "decline",
    "follow_join",
    "hand_over",
    "make_batch",
    "note_export",
    "pass_check",
    "personalise",
    "propose",
    "release",
    "report_lost",
    "request",
    "send_batch",
    "spoil",
    "take_back_proposal",
    "withdraw",
]
