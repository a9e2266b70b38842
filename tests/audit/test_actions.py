"""The audit: entries, seals, followers."""

from __future__ import annotations

import time

import pytest
from django.db import ProgrammingError, connection, transaction

from hoaban.audit import actions as audit
from hoaban.audit import queries, rules
from hoaban.audit.models import Entry, Epoch
from hoaban.base.clock import now
from tests.make import MAKER


def _write(count: int) -> None:
    for number in range(count):
        audit.record("test.done", f"test.Thing:{number}", by=MAKER, at=now(), facts={"n": number})


def _all_sealed() -> Epoch:
    """Seal all there is; the last epoch. A transaction open anywhere on the server, another test's, holds it back."""
    for _ in range(600):
        audit.seal()
        if not Entry.objects.filter(epoch=None).exists():
            return Epoch.objects.latest("number")
        time.sleep(0.1)
    raise AssertionError("not everything was sealed within a minute")


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_can_be_proved_and_checked() -> None:
    _write(5)

    _all_sealed()

    assert queries.check_seals().holds
    for entry in Entry.objects.select_related("epoch"):
        assert entry.epoch is not None
        assert rules.leads_to(bytes(entry.leaf), queries.proof_of(entry), bytes(entry.epoch.root))


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_an_open_transaction_is_not_sealed_before_it_ends() -> None:
    _write(1)
    _all_sealed()
    with transaction.atomic():
        _write(1)
        assert audit.seal() is None

    assert _all_sealed().count == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry"])
def test_the_app_cannot_change_or_remove_an_entry(change: str) -> None:
    _write(1)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(change)


def _left_by_a_worker(seconds_ago: int, attempts: int = 0) -> int:
    """A job that a worker was doing which gave its last sign of life so long ago; its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
        )
        [worker] = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id, attempts)"
            " VALUES ('default', 'audit.seal_entries', '{}', 'doing', %s, %s) RETURNING id",
            [worker, attempts],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_what_a_dead_worker_was_doing_is_begun_again_and_not_without_end() -> None:
    dead, gone, hopeless = _left_by_a_worker(600), _left_by_a_worker(600), _left_by_a_worker(600, attempts=9)
    alive = _left_by_a_worker(20)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET worker_id = NULL WHERE id = %s", [gone])
        assert (audit.take_up_left(), audit.take_up_left()) == (3, 0)
        cursor.execute("SELECT id, status FROM procrastinate_jobs ORDER BY id")
        states = dict(cursor.fetchall())

    assert [states[one] for one in (dead, gone, hopeless, alive)] == ["todo", "todo", "failed", "doing"]
