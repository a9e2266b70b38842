"""Entries as they are written, sealing, and jobs whose worker died."""

from __future__ import annotations

import threading

import pytest
from django.db import ProgrammingError, connection, transaction

from hoaban.audit import actions as audit
from hoaban.audit import queries
from hoaban.audit.models import Entry, Epoch
from hoaban.base.clock import now
from hoaban.web.actor import Actor, Kind, acting_as, coming_from
from tests.audit.tampering import as_owner, seal_all, write
from tests.make import MAKER, NAM_KHAN


@pytest.mark.django_db
def test_an_entry_says_from_where_and_in_which_place() -> None:
    officer = Actor(Kind.OFFICER, "officer:1", "Officer", communes=frozenset({NAM_KHAN}))

    with coming_from("10.1.2.3", "Firefox 128, Windows"), coming_from(terminal="kit NK01"):
        inside = audit.record("test.done", "test.Thing:1", by=officer, at=now())
    named = audit.record("test.done", "test.Thing:2", by=officer, at=now(), commune_code="03156")

    assert (inside.address, inside.terminal, inside.commune_code) == ("10.1.2.3", "kit NK01", NAM_KHAN)
    assert inside.thing == "test.Thing"
    assert (named.address, named.terminal, named.commune_code) == ("", "", "03156")
    assert Entry.objects.get(pk=inside.pk).facts == {}


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_an_open_transaction_is_not_sealed_before_it_ends() -> None:
    write(1)
    seal_all()
    with transaction.atomic():
        write(1)
        assert audit.seal() is None

    assert seal_all().count == 1


def _in_a_thread(work: object, *waits: threading.Event) -> threading.Thread:
    def run() -> None:
        try:
            with acting_as(MAKER):
                work()  # type: ignore[operator]
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_who_commits_late_is_sealed_later_and_once() -> None:
    wrote, may_end = threading.Event(), threading.Event()
    early = queries.count_waiting()  # of what the units were loaded with

    def long_import() -> None:
        with transaction.atomic():
            write(3)
            wrote.set()
            may_end.wait(30)

    thread = _in_a_thread(long_import)
    assert wrote.wait(30)
    write(2)
    while (epoch := audit.seal()) is not None:
        assert epoch.count <= 2 + early
    may_end.set()
    thread.join()
    seal_all()

    check = queries.check_seals()
    assert check.holds
    assert (check.entries, check.waiting) == (Entry.objects.count(), 0)


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_seal_each_entry_once() -> None:
    write(40)
    threads = [_in_a_thread(audit.seal) for _ in range(4)]
    for thread in threads:
        thread.join()
    seal_all()

    check = queries.check_seals()
    assert check.holds
    assert check.entries == Entry.objects.count()
    ids = [one for epoch in Epoch.objects.all() for one in epoch.entry_ids]
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry", "UPDATE audit_epoch SET count = 9"],
)
def test_the_app_cannot_change_or_remove_an_entry(change: str) -> None:
    write(1)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(change)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shift", [-1, 1_000_000_000])
def test_what_came_unsealed_with_a_dump_from_another_server_is_sealed_once(shift: int) -> None:
    write(5)
    seal_all()
    write(3)
    as_owner("UPDATE audit_epoch SET server = '4711', upto_xid = upto_xid + %s", [shift])
    as_owner("UPDATE audit_entry SET xid = (greatest(xid::text::bigint + %s, 3))::text::xid8", [shift])
    before = write(2)
    assert queries.count_waiting() >= 5

    epoch = audit.seal()
    after = write(2)
    seal_all()

    assert epoch is not None
    assert {one.pk for one in before} <= set(epoch.entry_ids)
    check = queries.check_seals()
    assert check.holds
    assert check.entries == Entry.objects.count()
    assert queries.epoch_of(after[0]) == epoch.number + 1


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
