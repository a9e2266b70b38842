"""Two at once: the same declaration sent twice, and two officers at one application."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.people.models import Residence
from hoaban.services import actions, rules
from hoaban.services.models import Application
from hoaban.web.actor import acting_as
from tests.services import world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or the refusal that it met."""
    gave: list[object] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            gave.append(act())
        except Refusal as no:
            gave.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return gave


def test_one_declaration_sent_twice_at_the_same_moment_is_one() -> None:
    family = world.family()

    gave = at_once(*[lambda: world.declared(family, key="K1")] * 2)

    assert Application.objects.count() == 1
    assert gave == [Application.objects.get()] * 2


def test_two_officers_at_one_application_decide_it_once() -> None:
    sent = world.declared(world.family())

    def approve() -> object:
        clerk = world.officer()
        with acting_as(clerk):
            return actions.approve(application_id=sent.pk, by=clerk, at=now())

    gave = at_once(approve, approve)

    assert [type(one) for one in gave if isinstance(one, Refusal)] == [rules.WrongStep]
    assert Residence.objects.filter(kind="temporary").count() == 1
