"""What cards do later: print what is released, forget keys."""

from __future__ import annotations

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.cards import actions, queries
from hoaban.cards.engine import chip
from hoaban.web.actor import acting


@audit.follows("cards.released")
def print_released(entry_id: int) -> None:
    """Ask for each released card to be made, so that one that can't be made holds up no other."""
    for card_id in audit_queries.entry(entry_id).facts["cards"]:
        audit.later(personalise, card_id=card_id)


@audit.job()
def personalise(card_id: int) -> None:
    """Make the chip's files and the faces of one card."""
    actions.personalise(card_id=card_id, by=acting(), at=now())


@audit.follows("cards.checked")
def forget_chip_keys(entry_id: int) -> None:
    """Delete the chips' own keys of checked cards: from now on they are in the chips alone."""
    for card_id in audit_queries.entry(entry_id).facts["cards"]:
        (queries.files_of(queries.card_by_id(card_id)) / chip.KEY).unlink(missing_ok=True)
