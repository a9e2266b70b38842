"""Two records joined and parted: one person has one live card, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.cards import actions, queries, rules
from hoaban.cards.models import Application, Card
from hoaban.people import actions as people
from tests import make
from tests.cards import world
from tests.people.joins import joined, part

pytestmark = pytest.mark.django_db
OTHER = "011185005678"
WHO: dict[str, Any] = {"source": "decision:7", "by": make.MAKER}


def test_the_card_of_the_record_that_goes_is_withdrawn_and_comes_back_when_they_are_parted() -> None:
    stays, goes = world.holder(), world.holder(OTHER)
    kept, second = world.in_hand(stays), world.in_hand(goes)

    done = joined(stays, goes)

    second.refresh_from_db()
    assert (second.state, second.person) == ("withdrawn", stays)
    assert second.end_reason
    assert world.card_of(stays) == kept
    assert audit.about(second.subject)[0].action == "cards.withdrawn"

    part(done)

    second.refresh_from_db()
    assert (second.state, second.person, second.end_reason) == ("handed_over", goes, "")
    assert (world.card_of(stays), world.card_of(goes)) == (kept, second)
    assert audit.about(second.subject)[0].action == "cards.taken_up"


def test_a_card_that_bears_the_number_that_stands_lives_on() -> None:
    stays, goes = make.person("Lo Thi Uoc", born="1985"), world.holder()
    card = world.in_hand(goes)

    done = joined(stays, goes)
    assert world.card_of(stays) == card

    part(done)
    assert world.card_of(goes) == card
    assert world.card_of(stays) is None


def test_a_card_in_the_making_is_stopped_and_made_anew_after_a_parting() -> None:
    stays, goes = world.holder(), world.holder(OTHER)
    world.in_hand(stays)
    [stopped] = world.sent(goes)

    done = joined(stays, goes)
    stopped.refresh_from_db()
    assert stopped.state == "withdrawn"

    part(done)
    [anew] = Card.objects.filter(person=goes, state__in=rules.LIFE)
    assert (anew.application, anew.serial) == (stopped.application, f"{stopped.code}-2")


@pytest.mark.parametrize("how_far", [world.asked, world.proposed])
def test_what_both_ask_for_is_declined_once_and_waits_again_after_a_parting(how_far: Any) -> None:
    stays, goes = world.holder(), world.holder(OTHER)
    first, second = world.asked(stays), how_far(goes)

    done = joined(stays, goes)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state, second.person) == ("requested", "declined", stays)
    assert second.decline_reason

    part(done)
    second.refresh_from_db()
    assert (second.state, second.person) == ("requested", goes)
    assert list(queries.of_person(stays.pk)) == [first]


def test_what_was_asked_for_under_the_other_record_alone_goes_on() -> None:
    stays, goes = world.holder(), world.holder(OTHER)
    asked = world.asked(goes)

    joined(stays, goes)

    assert list(Application.objects.filter(person=stays, state="requested")) == [asked]


def test_following_twice_is_once_and_the_order_of_the_jobs_does_not_matter() -> None:
    stays, goes = world.holder(), world.holder(OTHER)
    world.in_hand(stays)
    second = world.in_hand(goes)
    done = people.join(stays_id=stays.pk, goes_id=goes.pk, at=now(), **WHO)
    for _twice in range(2):
        actions.follow_join(join_id=done.pk, by=make.MAKER, at=now())
    assert audit.about(second.subject).filter(action="cards.withdrawn").count() == 1

    people.part(join_id=done.pk, at=now(), **WHO)
    for _twice in range(2):
        actions.follow_join(join_id=done.pk, by=make.MAKER, at=now())
    make.run_due_jobs()

    second.refresh_from_db()
    assert (second.state, second.person) == ("handed_over", goes)
    assert audit.about(second.subject).filter(action="cards.taken_up").count() == 1


def test_which_cards_outlive_a_join_and_come_back() -> None:
    assert rules.outlives_join("1", "1", has_other=False)
    assert not rules.outlives_join("1", "2", has_other=False)
    assert not rules.outlives_join("1", "1", has_other=True)
    on = dt.date(2026, 1, 1)
    assert rules.comes_back("1", "1", None, has_other=False, on=on)
    assert rules.comes_back("1", "1", on, has_other=False, on=on)
    assert not rules.comes_back("1", "1", on - dt.timedelta(days=1), has_other=False, on=on)
    assert not rules.comes_back("1", "2", None, has_other=False, on=on)
    assert not rules.comes_back("1", "1", None, has_other=True, on=on)
