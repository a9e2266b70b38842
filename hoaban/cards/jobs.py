"""What cards do later: ask for one where the enrolled want it, print what is released, forget keys."""

from __future__ import annotations

from contextlib import suppress

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base.clock import now
from hoaban.cards import actions, queries, rules
from hoaban.cards.engine import chip
from hoaban.enrolment import queries as enrolment
from hoaban.people import actions as people_actions
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.web.actor import acting


@audit.follows("matching.cleared")
def ask_for_card(entry_id: int) -> None:
    """Ask for a card for whoever is one person for certain and wants one; who has no number is given one.

    Where the place of birth registration isn't known no number can be given: the desk then says so.
    Who was enrolled again while their card is being made gets no second.
    """
    facts = audit_queries.entry(entry_id).facts
    one = enrolment.enrolment(facts["enrolment"])
    if not one.wants_card:
        return
    person = people.staying(people.person(facts["person"]))  # who may have been joined meanwhile
    if not person.number:
        with suppress(people_rules.BirthPlaceUnknown):
            people_actions.give_number(person_id=person.pk, by=acting(), at=now())
    with suppress(rules.AlreadyAskedFor):
        actions.request(
            enrolment_id=one.pk, person_id=person.pk, commune_code=one.commune_code, simulated=one.simulated,
            by=acting(), at=now(),
        )  # fmt: skip


@audit.follows("cards.released")
def print_released(entry_id: int) -> None:
    """Ask for each released card to be made, so that one that can't be made holds up no other."""
    for card_id in audit_queries.entry(entry_id).facts["cards"]:
        audit.later(personalise, card_id=card_id)


@audit.job()
def personalise(card_id: int) -> None:
    """Make the chip's files and the faces of one card."""
    actions.personalise(card_id=card_id, by=acting(), at=now())


@audit.follows("cards.release.expired")
def propose_anew(entry_id: int) -> None:
    """An application whose proposal expired goes back to the desk."""
    application_id = int(audit_queries.entry(entry_id).subject.rpartition(":")[2])
    actions.take_back_proposal(application_id=application_id, by=acting(), at=now())


@audit.follows("cards.checked")
def forget_chip_keys(entry_id: int) -> None:
    """Delete the chips' own keys of checked cards: from now on they are in the chips alone."""
    for card_id in audit_queries.entry(entry_id).facts["cards"]:
        (queries.files_of(queries.card_by_id(card_id)) / chip.KEY).unlink(missing_ok=True)


@audit.follows("people.joined", "people.parted")
def follow_a_join(entry_id: int) -> None:
    """Cards follow the record that stays, or come back: one person, one live card."""
    actions.follow_join(join_id=audit_queries.entry(entry_id).facts["join"], by=acting(), at=now())
