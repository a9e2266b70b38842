"""Who is left: one definition, for the plan, the board and the report."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from hoaban.base.clock import now, today
from hoaban.campaign import queries
from hoaban.cards import actions as card_actions
from hoaban.people.models import Person
from hoaban.steering import queries as steering
from hoaban.steering import rules as steering_rules
from tests import database, make
from tests.cards import world

pytestmark = pytest.mark.django_db

MANY = 10_000


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.HOABAN_HOME = tmp_path
    settings.HOABAN_FILES, settings.HOABAN_KEYS = tmp_path / "files", tmp_path / "keys"


def left(on: dt.date | None = None) -> set[int]:
    return set(queries.left_in(None, on).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("born", "is_left"),
    [("{14}-12-31", False), ("{14}", False), ("{15}", True), ("{14}-01", True), ("{14}-12", False)],
)
def test_who_is_surely_14_needs_a_card(born: str, is_left: bool) -> None:
    make.person(born=born.replace("{14}", "2012").replace("{15}", "2011"))

    assert bool(left(dt.date(2026, 10, 14))) is is_left


def test_a_foreigner_is_not_left() -> None:
    make.person(nationality="LA")

    assert left() == set()


def test_who_is_enrolled_for_a_card_is_not_left() -> None:
    woman = world.holder()
    assert left() == {woman.pk}

    world.enrolled(woman)

    assert left() == set()


def test_who_was_declined_is_left_again() -> None:
    woman = world.holder()
    application = world.proposed(woman)
    assert left() == set()

    card_actions.decline(application_id=application.pk, reason="Photo", by=world.actor("card_officer"), at=now())

    assert left() == {woman.pk}


def test_whose_card_expired_or_was_lost_is_left_again() -> None:
    woman = world.holder()
    card = world.in_hand(woman)
    assert card.expires_on is not None
    assert left(card.expires_on) == set()
    assert left(card.expires_on + dt.timedelta(days=1)) == {woman.pk}

    card_actions.report_lost(card_id=card.pk, reason="River", by=world.actor("commune_officer"), at=now())

    assert left() == {woman.pk}


def test_whose_card_is_made_anew_is_not_left() -> None:
    woman = world.holder()
    [card] = world.made(woman)

    card_actions.spoil(card_id=card.pk, reason="Scratched", by=world.actor("card_officer"), at=now())

    assert left() == set()


def test_the_board_counts_as_left_whom_the_campaign_plans_for() -> None:
    make.person(nationality="LA")
    make.person()
    world.enrolled(world.holder())

    line = steering.commune(make.MAKER, make.NAM_KHAN, now())

    assert line.counts[steering_rules.LEFT.code].people == queries.count_by_commune()[make.NAM_KHAN] == 1


@pytest.mark.django_db(transaction=True)  # the tables' owner gathers statistics, and sees what was committed
def test_among_many_who_is_left_is_found_in_one_pass() -> None:
    make.person()
    _multiply(world.in_hand(world.holder()).pk, MANY)
    database.gather_statistics("people_person", "cards_card", "cards_application", "enrolment_enrolment")

    began = time.perf_counter()
    counted = queries.count_by_commune()

    assert counted == {make.NAM_KHAN: 1}
    assert time.perf_counter() - began < 3  # 0.1 s when written
    plan = queries.left_in(None, today()).order_by().explain()
    assert plan.count("Anti Join") >= 2
    assert Person.objects.count() > MANY


def _multiply(card_id: int, times: int) -> None:
    """The holder of a card, with all that led to it, so many times over, straight into the tables."""
    for table, which, changed in (
        ("people_person", "one.id = card.person_id", "'number', ''"),
        ("enrolment_packet", "one.ulid = enrolment.packet_id", "'ulid', n, 'sha256', n, 'seq', one.seq + n"),
        ("enrolment_enrolment", "one.id = enrolment.id", "'ulid', n, 'packet_id', n, 'person_id', one.person_id + n"),
        (
            "cards_application", "one.id = application.id",
            "'code', n, 'person_id', one.person_id + n, 'enrolment_id', one.enrolment_id + n",
        ),
        (
            "cards_card", "one.id = card.id",
            "'serial', n, 'person_id', one.person_id + n, 'application_id', one.application_id + n",
        ),
    ):  # fmt: skip
        key = "" if table == "enrolment_packet" else "'id', one.id + n,"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object({key} {changed}))).*"
                f" FROM cards_card card JOIN cards_application application ON application.id = card.application_id"
                f" JOIN enrolment_enrolment enrolment ON enrolment.id = application.enrolment_id"
                f" JOIN {table} one ON {which}, generate_series(1, %s) n WHERE card.id = %s",
                [times, card_id],
            )
