"""The story's family: an aunt in Nam Khan, her nephew registered in Nam Tin, and how far her declaration came."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from django.test import Client

from hoaban.base.clock import now, today
from hoaban.base.partial_date import PartialDate
from hoaban.eid import queries as eid
from hoaban.officers.rules import permissions_of
from hoaban.people.models import Person
from hoaban.services import actions
from hoaban.services.models import Application
from hoaban.services.rules import Who
from hoaban.web.actor import Actor, Kind, acting_as
from hoaban.web.permissions import CITIZEN
from tests import make

_seq = itertools.count(1)
NEPHEW_NUMBER = "011209000017"
NEPHEW_BORN = "2009-03-14"


@dataclass(frozen=True)
class Family:
    """Who is in the story."""

    aunt: Person
    nephew: Person


def family() -> Family:
    """Lo Thi Mai, head of her house in Nam Khan, and Lo Van Nam, a minor, registered in Nam Tin."""
    aunt = make.person(
        "Lo Thi Mai", born="1966-05-02", number="011166000060", household="H1", relation_to_head="01",
        permanent_address="Nam Khan 1",
    )  # fmt: skip
    nephew = make.person(
        "Lo Van Nam", sex="M", born=NEPHEW_BORN, number=NEPHEW_NUMBER, commune_code=make.NAM_TIN,
        father_name="Lo Van Pao", permanent_address="Nam Tin 3",
    )  # fmt: skip
    return Family(aunt, nephew)


def citizen(person: Person) -> Actor:
    """Somebody signed in with their e-ID, as an actor."""
    return Actor(Kind.CITIZEN, f"citizen:{person.pk}", person.full_name, frozenset({CITIZEN}), person_id=person.pk)


def officer(role: str = "clerk", commune: str = make.NAM_KHAN) -> Actor:
    """An officer of one commune as an actor, without an account."""
    return Actor(
        Kind.OFFICER, f"officer:test{next(_seq)}", "Officer", permissions_of({role}), communes=frozenset({commune})
    )


def the_nephew(**other: object) -> Who:
    """As whom the aunt names him, right unless told otherwise."""
    told: dict[str, object] = {
        "number": NEPHEW_NUMBER, "full_name": "LO VAN NAM", "born": PartialDate.parse(NEPHEW_BORN)
    }  # fmt: skip
    return Who(**(told | other))  # type: ignore[arg-type]


def declared(
    people: Family, *, key: str = "", who: Who | None = None, days: int = 200, first_day: dt.date | None = None,
    agreed: bool = True, at: dt.datetime | None = None,
) -> Application:  # fmt: skip
    """The aunt's declaration, sent as herself, as the database shows things to her."""
    begins = first_day or today()
    aunt = citizen(people.aunt)
    with acting_as(aunt):
        return actions.apply_for_temporary_residence(
            key=key or f"key{next(_seq)}", who=who or the_nephew(), first_day=begins,
            last_day=begins + dt.timedelta(days=days), agreed=agreed, by=aunt, at=at or now(),
        )  # fmt: skip


def sign_in(client: Client, monkeypatch: pytest.MonkeyPatch, person: Person) -> Actor:
    """Sign somebody in as the site sees it, without a station and an account, which take long."""
    monkeypatch.setattr(eid, "citizen_actor", lambda account_id, _since: citizen(Person.objects.get(pk=account_id)))
    session = client.session
    session["citizen_account"] = person.pk
    session.save()
    return citizen(person)
