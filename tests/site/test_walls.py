"""The second wall: what the database itself shows to whom, table by table, whatever a page forgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from hoaban.audit import actions as audit_actions
from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.officers import actions as officers
from hoaban.officers import queries as officer_queries
from hoaban.web.actor import NOBODY, Actor, Kind, acting_as
from tests import make
from tests.cards import world as cards
from tests.eid import world as eid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.HOABAN_HOME = tmp_path
    settings.HOABAN_FILES = tmp_path / "files"
    settings.HOABAN_KEYS = tmp_path / "keys"


# No person is named in these, or only by the id of a row that has its own wall
OPEN = {
    "audit_epoch", "campaign_team", "eid_client", "eid_tries", "enrolment_kit", "enrolment_kitkey",
    "enrolment_kitoperator", "enrolment_packet", "enrolment_quarantined", "enrolment_receipt", "enrolment_worklist",
    "intake_batch", "officers_assignment", "officers_officer", "places_mark",
    "places_neighbour", "places_reform", "places_shape", "places_spelling", "places_stated", "places_succession",
    "places_unit", "places_village", "places_villagepast", "rehearsal_played",
    "steering_closedfigure", "steering_closing",
}  # fmt: skip
NOT_OURS = ("account_", "auth_", "django_", "mfa_", "procrastinate_", "usersessions_")


def _tables(*, walled: bool) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'm', 'v') AND relrowsecurity = %s",
            [walled],
        )
        return {name for (name,) in cursor.fetchall() if not name.startswith(NOT_OURS)}


def _seen(actor: Actor) -> dict[str, int]:
    """How many rows of each walled table the database shows to that actor, where it shows any."""
    counts = {}
    with acting_as(actor), connection.cursor() as cursor:
        for table in sorted(_tables(walled=True)):
            cursor.execute(f"SELECT count(*) FROM {table}")
            if count := cursor.fetchone()[0]:
                counts[table] = count
    return counts


def test_every_table_that_names_people_has_its_wall() -> None:
    assert _tables(walled=False) == OPEN


def test_strangers_other_communes_and_other_citizens_see_nobody() -> None:
    woman, other = cards.holder(), make.person("Giang A Chu", sex="M", commune_code=make.NAM_TIN)
    eid.active(woman)
    cards.in_hand(make.person("Lo Thi Ban", number="011190001111", born="1990"))
    citizen = Actor(Kind.CITIZEN, f"citizen:{other.pk}", "", communes=frozenset(), person_id=other.pk)
    agency = Actor(Kind.AGENCY, "client:x", "", communes=frozenset(), person_id=other.pk)

    assert {"people_person", "cards_card", "eid_account", "audit_entry"} <= set(_seen(make.MAKER))
    assert _seen(NOBODY) == {}
    for one in (citizen, agency):
        assert set(_seen(one)) <= {
            "people_person",
            "people_change",
            "people_number",
            "people_namekey",
            "people_residence",
            "audit_entry",
        }
        assert _seen(one)["people_person"] == 1
    assert set(_seen(cards.actor("commune_officer", "03316"))) == {"audit_entry"}


def test_a_citizen_sees_of_the_audit_what_is_about_them_or_by_them() -> None:
    mine, others = make.person(), make.person()
    me = Actor(Kind.CITIZEN, f"citizen:{mine.pk}", "", communes=frozenset(), person_id=mine.pk)
    with acting_as(me):
        by_me = audit_actions.record("test.tried", "test.Thing:1", by=me, at=now())

        assert {one.person_ids[0] if one.person_ids else 0 for one in audit.entries()} == {mine.pk, 0}
        assert by_me in audit.done_by(me.id, "test.tried", by_me.at)
        assert audit.touching(mine.pk).exists()
        assert not audit.touching(others.pk).exists()
    with acting_as(NOBODY):
        assert not audit.entries().exists()
        assert not audit.touching(others.pk).exists()


def test_what_waits_for_a_second_officer_is_seen_in_its_commune_alone() -> None:
    officers.propose(
        kind="test.change", subject="test.Thing:1", commune_code=make.NAM_KHAN, payload={"name": "x"},
        by=make.actor("commune_officer"), at=now(),
    )  # fmt: skip

    with acting_as(cards.actor("commune_officer", make.NAM_TIN)):
        assert not officer_queries.approvals_on("test.Thing:1").exists()
    with acting_as(cards.actor("commune_officer")):
        assert officer_queries.approvals_on("test.Thing:1").exists()


def test_the_index_on_people_serves_the_audit_under_its_wall() -> None:
    person = make.person()
    with acting_as(cards.actor("commune_officer")), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = audit.touching(person.pk).explain()

    assert "audit_touching" in plan
    assert "Seq Scan" not in plan
