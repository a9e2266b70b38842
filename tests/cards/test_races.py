"""Two officers at one card."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.cards import actions
from hoaban.web.actor import Actor, acting_as
from tests import make
from tests.cards import world

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_two_counters_that_hand_over_the_same_card_do_it_once() -> None:
    woman = world.holder()
    [card] = world.ready(woman)
    officers = [world.actor("commune_officer") for _ in range(2)]
    both = threading.Barrier(2)

    def hand_over(officer: Actor) -> None:
        with acting_as(make.MAKER):
            both.wait()
            actions.hand_over(card_id=card.pk, shown="1234", by=officer, at=now())
        connection.close()

    threads = [threading.Thread(target=hand_over, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert world.card_of(woman) == card
    assert audit.about(card.subject).filter(action="cards.handed_over").count() == 1
