"""Promise: the audit holds nobody up, and a million entries are verified while one waits.

Eight writers write entries by the statement of `audit.record`, each in a transaction of its own, while a sealer
seals every second; an entry counts once it is sealed. The yardstick in the same run is a row-by-row hash chain in
the same table: each writer takes the head's row FOR UPDATE, hashes, inserts and moves the head. Then the audit is
filled to 1,000,000 sealed entries at scale 1 and verified whole.

2026-11: 5,740 entries/s sealed, 5.7 times the chain (4.9 with one index more); 1,000,000 entries verified in 5.4 s,
on 2 shared cores.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection, connections

from benchmarks import Result
from hoaban.audit import actions as audit
from hoaban.audit import queries, rules
from hoaban.audit.actions import recording
from hoaban.audit.models import Entry
from hoaban.base.clock import now
from hoaban.base.ids import new_ulid
from hoaban.web.actor import acting_as, job_actor
from tests import database

WRITERS = 8
SPAN_S = 15.0
ENTRIES = 1_000_000
IN_AN_EPOCH = 20_000
GOAL, GOAL_S = 5.0, 20.0
BY = job_actor("bench.audit")


def run(scale: float) -> Result:
    """Write and seal, chain, fill, verify."""
    name = "bench_audit"
    database.use_scratch(name)
    span = max(SPAN_S * min(scale, 1.0), 2.0)
    with acting_as(BY):
        _make_head()
        chained_s = _rate(_chained, span, sealing=False)
        sealed_s = _rate(_free, span, sealing=True)
        _fill(int(ENTRIES * scale))
        began = time.perf_counter()
        check = queries.check_seals()
        verify_s = time.perf_counter() - began
    assert check.holds, check.first_bad
    database.drop_scratch(name)
    ratio = sealed_s / chained_s
    return Result(
        name="audit", value=round(sealed_s), unit="entries/s sealed, 8 writers",
        yardstick="row-by-row chain, head row FOR UPDATE", ratio=round(ratio, 1),
        goal=f"ratio >= {GOAL}; {ENTRIES} entries verified in <= {GOAL_S} s",
        met=ratio >= GOAL and verify_s <= GOAL_S * max(scale, 0.05), scale=scale,
        details={
            "chain_entries_s": round(chained_s), "verified": check.entries, "epochs": check.epochs,
            "verify_s": round(verify_s, 1),
        },
    )  # fmt: skip


def _rate(write: Callable[[psycopg.Connection[Any], int], None], span: float, *, sealing: bool) -> float:
    """Entries a second by eight writers, from their start until the last is sealed."""
    before = Entry.objects.count()
    connection.close()
    context = multiprocessing.get_context("fork")
    ready, go = context.Barrier(WRITERS + 1), context.Event()
    writers = [context.Process(target=_writer, args=(write, span, ready, go)) for _ in range(WRITERS)]
    for one in writers:
        one.start()
    ready.wait()
    began = time.perf_counter()
    go.set()
    while sealing and any(one.is_alive() for one in writers):
        time.sleep(1)
        with acting_as(BY):
            audit.seal()
    for one in writers:
        one.join()
    with acting_as(BY):
        while sealing and queries.count_waiting():
            audit.seal()
        taken = time.perf_counter() - began
        return (Entry.objects.count() - before) / taken


def _writer(write: Callable[[psycopg.Connection[Any], int], None], span: float, ready: Any, go: Any) -> None:
    """One writer on a connection of its own, as the app's role, past Django: what is measured is the audit."""
    login = connection.settings_dict
    with psycopg.connect(
        host=login["HOST"], port=login["PORT"], user=login["USER"], password=login["PASSWORD"], dbname=login["NAME"],
        prepare_threshold=1, autocommit=True,
    ) as mine:  # fmt: skip
        mine.execute("SELECT set_config('hoaban.communes', '*', false)")
        write(mine, 0)
        ready.wait()
        go.wait()
        ends, n = time.perf_counter() + span, 0
        while time.perf_counter() < ends:
            n += 1
            write(mine, n)


def _values(n: int) -> list[Any]:
    """What `audit.record` hands to its statement for one look."""
    at, subject = now(), f"people.Person:{n}"
    return [
        new_ulid(), at, "people.looked", subject, "officer", "officer:1", "Officer", "10.0.0.1", "Firefox 128, Windows",
        "check", '{"fields": ["record"]}', [n], "03174", [n], "",
    ]  # fmt: skip


def _free(mine: psycopg.Connection[Any], n: int) -> None:
    """An entry in a transaction of its own, sealed later."""
    mine.execute(recording.WRITE, _values(n))


def _chained(mine: psycopg.Connection[Any], n: int) -> None:
    """The same entry, chained to the one before by a head that all writers wait for."""
    values = _values(n)
    leaf = rules.leaf({"ulid": values[0], "at": values[1], "subject": values[3], "actor": values[5]})
    with mine.transaction():
        row = mine.execute("SELECT hash FROM bench_head FOR UPDATE").fetchone()
        assert row is not None
        mine.execute(recording.WRITE, values)
        mine.execute("UPDATE bench_head SET hash = %s", [hashlib.sha256(bytes(row[0]) + leaf).digest()])


def _make_head() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_head (hash bytea)")
        cursor.execute("INSERT INTO bench_head VALUES ('x')")
        cursor.execute("GRANT SELECT, UPDATE ON bench_head TO hoaban_app")
    connections["owner"].close()


def _fill(upto: int) -> None:
    """Fill the audit to so many entries, as looks of a hundred officers, sealed as in busy minutes."""
    while (lacking := upto - Entry.objects.count()) > 0:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_entry (ulid, at, action, subject, commune_code, actor_kind, actor_id, actor_name,"
                " address, terminal, purpose, facts, person_ids)"
                " SELECT md5(random()::text)::varchar(26), now() - random() * interval '90 days', 'people.looked',"
                " 'people.Person:' || n, '03174', 'officer', 'officer:' || n %% 100, 'Officer ' || n %% 100,"
                " '10.0.0.1', 'Firefox 128, Windows', 'check', '{\"fields\": [\"record\"]}', ARRAY[n]"
                " FROM generate_series(1, %s) n",
                [min(lacking, IN_AN_EPOCH)],
            )
        audit.seal()
    while queries.count_waiting():
        audit.seal()
