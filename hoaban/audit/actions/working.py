"""The jobs that run later or follow an entry, and the worker that runs them.

A job is a row in PostgreSQL written in the same transaction as the change that asks for it
(procrastinate). `follows` runs a job for every entry of a kind: it's stored, runs after commit, is
retried and listed, and so isn't a signal.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import signal
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import procrastinate
import psycopg
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection, connections, transaction
from procrastinate.contrib.django import app as jobs_app
from procrastinate.exceptions import ConnectorException

from hoaban.base.errors import Refusal
from hoaban.web.actor import acting_as, job_actor

Job = Callable[..., None]
MOST_ATTEMPTS = 6
PATIENCE_S = 5  # between tries to reach a database that went away
DEAD_AFTER_S = 120  # without a sign of life of the worker
_followers: dict[str, list[Any]] = {}
_in_passing: ContextVar[bool] = ContextVar("in_passing", default=False)  # the worker's threads end with its work


def job(*, cron: str | None = None) -> Callable[[Job], Any]:
    """Mark a function in `jobs.py` as one that runs later, or by the clock (`cron`).

    It runs as the program itself. A Refusal ends it; anything else is tried again, waiting longer each
    time. With `cron` it's called without arguments.
    """

    def mark(function: Job) -> Any:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"

        @functools.wraps(function)
        def run(**args: Any) -> None:
            args.pop("timestamp", None)
            if not connection.in_atomic_block:  # the database may have been restarted since the last job
                connection.close_if_unusable_or_obsolete()
            try:
                with acting_as(job_actor(name)):
                    function(**args)
            finally:
                if _in_passing.get():
                    connection.close()

        task: Any = jobs_app.task(name=name, retry=_RefusalsAreFinal())(run)
        if cron:
            jobs_app.periodic(cron=cron)(task)
        return task

    return mark


def follows(*actions: str) -> Callable[[Job], Any]:
    """Mark a job that runs with `entry_id` after every entry of that action, or of any of these."""

    def mark(function: Job) -> Any:
        task = job()(function)
        for action in actions:
            _followers.setdefault(action, []).append(task)
        return task

    return mark


def defer_followers(action: str, entry_id: int) -> None:
    """Have the jobs run that follow an action, for this entry of it."""
    for follower in _followers.get(action, []):
        follower.defer(entry_id=entry_id)


def followers() -> dict[str, list[str]]:
    """Which jobs follow which action, by name."""
    return {action: [task.name for task in tasks] for action, tasks in sorted(_followers.items())}


def later(task: Any, **args: Any) -> None:
    """Run a job with these plain arguments after the present transaction."""
    task.defer(**args)


def run_due() -> None:
    """Run the jobs that are due, one after the other, until there are none."""
    token = _in_passing.set(True)
    try:
        asyncio.run(_run_due())
    finally:
        _in_passing.reset(token)


async def _run_due() -> None:
    connector: Any = jobs_app.connector
    async with jobs_app.with_connector(connector.get_worker_connector()).open_async() as app:
        try:
            await app.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)
        finally:
            await sync_to_async(connections.close_all)()  # that of the thread where jobs by the clock are asked for


def work_on(*, say: Callable[[str], None]) -> None:
    """Run jobs as they come due, until told to stop (SIGTERM, Ctrl+C); the job in hand is finished first.

    A database that goes away is waited for. The jobs' own connection stays Django's, so that what a job
    asks for is in the transaction of its change.
    """
    asyncio.run(_work_on(say))


async def _work_on(say: Callable[[str], None]) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    while not told.is_set():
        await sync_to_async(close_old_connections)()  # that of the thread where jobs are asked for may be broken
        with contextlib.suppress(psycopg.OperationalError, ConnectorException):
            await _work_until(told)
        if not told.is_set():
            say(f"the database went away; tried again in {PATIENCE_S} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), PATIENCE_S)


async def _work_until(told: asyncio.Event) -> None:
    """Work on one connection until told to stop, or until it breaks."""
    connector: Any = jobs_app.connector
    async with jobs_app.with_connector(connector.get_worker_connector()).open_async() as app:
        run = asyncio.ensure_future(app.run_worker_async(concurrency=1, install_signal_handlers=False))
        stop = asyncio.ensure_future(told.wait())
        await asyncio.wait({run, stop}, return_when=asyncio.FIRST_COMPLETED)
        (run if stop.done() else stop).cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run


class _RefusalsAreFinal(procrastinate.RetryStrategy):
    """Try again with longer waits, unless a rule said no."""

    def __init__(self) -> None:
        super().__init__(max_attempts=MOST_ATTEMPTS, exponential_wait=4)

    def get_retry_decision(self, *, exception: BaseException, job: Any) -> Any:
        if isinstance(exception, Refusal):
            return None
        return super().get_retry_decision(exception=exception, job=job)


@transaction.atomic
def take_up_left() -> int:
    """Give jobs back whose worker died over them; how many. One that was begun too often is left as failed.

    A worker tells every ten seconds that it lives.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.attempts FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"
            " WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))"
            " ORDER BY j.id FOR UPDATE OF j SKIP LOCKED",
            [DEAD_AFTER_S],
        )
        left = cursor.fetchall()
        for job_id, attempts in left:
            if attempts + 1 < MOST_ATTEMPTS:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
            else:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])
    return len(left)
