"""A person enrolled at a station, and how far their card has come."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from django.conf import settings

from hoaban.base.clock import now
from hoaban.cards import actions, queries
from hoaban.cards.models import Application, Card
from hoaban.cards.rules import CardState
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment.models import Enrolment
from hoaban.enrolment.rules.worklist import Expected
from hoaban.kit import actions as kit
from hoaban.officers.rules import permissions_of
from hoaban.people.models import Person
from hoaban.web.actor import Actor, Kind
from tests import make, make_station

_seq = itertools.count(1)
NUMBER = "011185001234"


def actor(role: str, commune: str = make.NAM_KHAN) -> Actor:
    """An officer of one commune as an actor, without an account: hashing passwords takes long."""
    return Actor(
        Kind.OFFICER, f"officer:test{next(_seq)}", "Officer", permissions_of({role}), communes=frozenset({commune})
    )


def holder(number: str = NUMBER, **facts: str) -> Person:
    """A woman of Nam Khan with a number."""
    return make.person("Lo Thi Uoc", number=number, born=f"19{number[4:6]}", **facts)


def enrolled(person: Person) -> Enrolment:
    """Her enrolment: taken at a station of its own, on its list or not, sealed, received and opened."""
    if not (settings.HOABAN_KEYS / "enrolment").exists():
        enrolment.make_keys(by=make.MAKER, at=now())
    code = f"T{next(_seq)}"
    station = make_station.station(settings.HOABAN_HOME / "stations" / code, code)
    make_station.give_list(station)
    who = Expected(
        person_id=person.pk, number=person.number, full_name=person.full_name, sex=person.sex, born=person.born,
        address="", commune_code=person.commune_code,
    )  # fmt: skip
    ulid = kit.begin(station=station, person=who, by=make_station.OPERATOR, at=now()).ulid
    make_station.through(station, ulid)
    kit.finish(station=station, ulid=ulid, by=make_station.OPERATOR, at=now())
    packet = station.packets / f"{ulid}.hbp"
    enrolment.receive_whole(content=packet.read_bytes(), came_by="usb", by=make.MAKER, at=now())
    opened = enrolment.open_packet(ulid=ulid, by=make.MAKER, at=now())
    assert opened is not None
    return opened


def asked(person: Person) -> Application:
    """Her application, asked for by a cleared enrolment."""
    one = enrolled(person)
    return actions.request(
        enrolment_id=one.pk, person_id=person.pk, commune_code=one.commune_code, simulated=one.simulated,
        by=make.MAKER, at=now(),
    )  # fmt: skip


def proposed(person: Person, by: Actor | None = None) -> Application:
    """Her application, proposed by a first officer."""
    application = asked(person)
    actions.propose(application_ids=[application.pk], by=by or actor("card_officer"), at=now())
    application.refresh_from_db()
    return application


def released(*persons: Person) -> list[Card]:
    """Their cards, released by a second officer and not yet made."""
    ids = [proposed(person).pk for person in persons]
    return actions.release(application_ids=ids, by=actor("card_officer"), at=now())


def made(*persons: Person) -> list[Card]:
    """Their cards, made and not yet checked."""
    cards = released(*persons)
    make.run_due_jobs()
    return _fresh(cards)


def packed(*persons: Person) -> list[Card]:
    """Their cards, checked and packed into one batch."""
    cards = made(*persons)
    officer = actor("card_officer")
    actions.pass_check(card_ids=[card.pk for card in cards], by=officer, at=now())
    actions.make_batch(commune_code=cards[0].commune_code, by=officer, at=now())
    return _fresh(cards)


def sent(*persons: Person) -> list[Card]:
    """Their cards, on the way in one batch."""
    cards = packed(*persons)
    assert cards[0].batch is not None
    actions.send_batch(batch_id=cards[0].batch.pk, by=actor("card_officer"), at=now())
    return _fresh(cards)


def ready(*persons: Person) -> list[Card]:
    """Their cards, at the commune."""
    cards = sent(*persons)
    assert cards[0].batch is not None
    actions.arrive(batch_id=cards[0].batch.pk, by=actor("commune_officer"), at=now())
    return _fresh(cards)


def in_hand(person: Person) -> Card:
    """Her card, in her hand."""
    [card] = ready(person)
    return actions.hand_over(card_id=card.pk, shown=person.number, by=actor("commune_officer"), at=now())


def card_of(person: Person) -> Card | None:
    """The card that she holds."""
    return Card.objects.filter(person=person, state=CardState.HANDED_OVER).first()


def _fresh(cards: Sequence[Card]) -> list[Card]:
    return [queries.card_by_id(card.pk) for card in cards]
