"""The worker as a process: killed over a job, and cut from its database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from procrastinate.contrib.django import app as jobs_app

from hoaban.audit import actions as audit
from hoaban.audit import queries
from hoaban.base.clock import now
from tests import database, make
from tests.running import Killable

OTHERS_ARE_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = session_user AND pid <> pg_backend_pid()"  # not the owner's, nor those who clean up
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker() -> Iterator[Killable]:
    made = Killable("work", environment=database.environment(connection.settings_dict["NAME"]))
    yield made
    made.kill()


def _asked(sql: str, *values: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _until_done(what: str) -> None:
    """Wait until a job of that name has succeeded, and forget it."""
    succeeded = "DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'succeeded' RETURNING id"
    _until(lambda: bool(_asked(succeeded, what)))


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it's so."""
    over = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < over, _asked("SELECT task_name, status FROM procrastinate_jobs")
        time.sleep(0.2)


def test_a_worker_that_is_cut_from_its_database_works_on(worker: Killable) -> None:
    audit.later(jobs_app.tasks["audit.seal_entries"])
    _until_done("audit.seal_entries")

    _asked(OTHERS_ARE_CUT)
    audit.record("test.done", "test.Thing:1", by=make.MAKER, at=now())
    audit.later(jobs_app.tasks["audit.seal_entries"])

    _until(lambda: queries.count_waiting() == 0)  # the clock may have asked for the same job a moment before


def test_what_is_due_is_run_though_every_connection_was_cut_since_the_last_time() -> None:
    audit.run_due()
    _asked(OTHERS_ARE_CUT)
    audit.record("test.done", "test.Thing:1", by=make.MAKER, at=now())
    audit.later(jobs_app.tasks["audit.seal_entries"])

    audit.run_due()

    assert queries.count_waiting() == 0


def test_a_job_over_which_the_worker_was_killed_is_done_by_the_next(worker: Killable) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
    _asked(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
        " SELECT 'default', 'audit.seal_entries', '{}', 'doing', max(id) FROM procrastinate_workers"
    )

    audit.later(jobs_app.tasks["audit.take_up_left_jobs"])

    _until_done("audit.seal_entries")
