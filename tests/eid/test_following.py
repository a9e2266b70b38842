"""Two records joined and parted: one person has one account, and whoever is locked out is out at once."""

from __future__ import annotations

import pytest
from django.test import Client

from hoaban.base.clock import now
from hoaban.eid import actions, queries
from hoaban.people import rules as people_rules
from hoaban.site.middleware import CITIZEN_SIGNED_IN_AT
from tests import make
from tests.cards import world as cards
from tests.eid import world
from tests.people.joins import joined, part

pytestmark = pytest.mark.django_db
OTHER = "011185005678"
HOME = "/toi"


def a_minute_ago(browser: Client) -> None:
    """She signed in a minute ago: times of sessions are whole seconds."""
    session = browser.session
    session[CITIZEN_SIGNED_IN_AT] -= 60
    session.save()


def test_the_second_account_is_locked_with_its_reason_and_unlocked_by_a_parting(client: Client) -> None:
    stays, goes = cards.holder(), cards.holder(OTHER)
    kept, second = world.active(stays), world.signed_in(client, goes)
    assert client.get(HOME).status_code == 200
    a_minute_ago(client)

    done = joined(stays, goes)

    second.refresh_from_db()
    assert (second.state, second.person) == ("locked", goes)
    assert second.reason
    assert client.get(HOME).status_code != 200
    assert queries.account_of(stays.pk) == kept
    with pytest.raises(people_rules.RecordJoined):
        actions.unlock(account_id=second.pk, by=make.MAKER, at=now())

    part(done)

    second.refresh_from_db()
    assert (second.state, second.reason) == ("active", "")
    assert client.get(HOME).status_code != 200
    client.post("/dinh-danh/dang-nhap", {"number": OTHER, "password": world.PASSWORD})
    assert client.get(HOME).status_code == 200


def test_an_officer_sees_the_locked_account_beside_the_one_that_stays(client: Client) -> None:
    stays, goes = cards.holder(), cards.holder(OTHER)
    kept, second = world.active(stays), world.active(goes)
    joined(stays, goes)
    second.refresh_from_db()
    client.force_login(make.officer("commune_officer"))

    page = client.get(f"/dinh-danh/to-kich-hoat/{kept.pk}").content.decode()
    other = client.get(f"/dinh-danh/to-kich-hoat/{second.pk}").content.decode()

    assert f"/dinh-danh/to-kich-hoat/{second.pk}" in page
    assert second.reason in page
    assert second.reason in other


def test_the_only_account_goes_to_the_record_that_stays_and_its_sessions_end(client: Client) -> None:
    stays, goes = cards.holder(), cards.holder(OTHER)
    account = world.signed_in(client, goes)
    a_minute_ago(client)

    done = joined(stays, goes)

    assert queries.account_of(stays.pk) == account
    assert client.get(HOME).status_code != 200
    client.post("/dinh-danh/dang-nhap", {"number": stays.number, "password": world.PASSWORD})
    assert client.get(HOME).status_code == 200
    a_minute_ago(client)

    part(done)
    assert queries.account_of(goes.pk) == account
    assert queries.account_of(stays.pk) is None
    assert client.get(HOME).status_code != 200


def test_an_account_that_was_locked_before_stays_so() -> None:
    stays, goes = cards.holder(), cards.holder(OTHER)
    world.active(stays)
    second = world.active(goes)
    actions.lock(account_id=second.pk, reason="her phone is lost", by=make.MAKER, at=now())

    part(joined(stays, goes))

    second.refresh_from_db()
    assert (second.state, second.reason) == ("locked", "her phone is lost")
