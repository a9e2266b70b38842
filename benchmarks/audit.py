"""Promise: the audit holds nobody up, and a million entries are verified while one waits.

Eight writers write looks by `audit.looked`, as a page does, as the app's role under row security, while a sealer
seals every second; an entry counts once it is sealed. The yardstick in the same run is a row-by-row hash chain
written by the same route: each writer takes the head's row FOR UPDATE, calls `audit.looked`, hashes, moves the head.
So both pay for Django alike. `details` has the same of changes (an entry in a transaction that was opened for it) and
of the bare statement by psycopg. Then the audit is filled to 1,000,000 sealed entries at scale 1 and verified whole.

2026-11: 4,042 looks/s sealed, 5.1 times the chain; changes, each with a BEGIN and a COMMIT of its own: 1,584/s, 2.4
times (3,042/s, 3.8 times, in a quiet minute); bare 4,623/s, 6.0 times. 1,000,000 entries verified in 7.7 s, on 2
shared cores with other work beside.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection, connections, transaction

from benchmarks import Result
from hoaban.audit import actions as audit
from hoaban.audit import queries, rules
from hoaban.audit.actions import recording
from hoaban.audit.models import Entry
from hoaban.base.clock import now
from hoaban.base.ids import new_ulid
from hoaban.web.actor import Actor, Kind, acting_as, coming_from, job_actor
from tests import database

WRITERS = 8
SPAN_S = 15.0
ENTRIES = 1_000_000
IN_AN_EPOCH = 20_000
GOAL, GOAL_S = 5.0, 20.0
BY = job_actor("bench.audit")
OFFICER = Actor(Kind.OFFICER, "officer:1", "Officer", communes=frozenset({"03174"}))
HEAD = "SELECT hash FROM bench_head FOR UPDATE"
MOVE = "UPDATE bench_head SET hash = %s"
Write = Callable[[int], object]


def run(scale: float) -> Result:
    """Write and seal, chain, fill, verify."""
    name = "bench_audit"
    database.use_scratch(name)
    span = max(SPAN_S * min(scale, 1.0), 2.0)
    with acting_as(BY):
        _make_head()
        rates = {
            label: (_rate(chained, span, sealing=False), _rate(free, span, sealing=True))
            for label, (chained, free) in ROUTES.items()
        }
        _fill(int(ENTRIES * scale))
        began = time.perf_counter()
        check = queries.check_seals()
        verify_s = time.perf_counter() - began
    assert check.holds, check.first_bad
    database.drop_scratch(name)
    chained_s, sealed_s = rates["looks"]
    ratio = sealed_s / chained_s
    return Result(
        name="audit", value=round(sealed_s), unit="looks/s sealed, 8 writers by audit.looked",
        yardstick="row-by-row chain by the same route, head row FOR UPDATE", ratio=round(ratio, 1),
        goal=f"ratio >= {GOAL}; {ENTRIES} entries verified in <= {GOAL_S} s",
        met=ratio >= GOAL and verify_s <= GOAL_S * max(scale, 0.05), scale=scale,
        details={
            **{
                label: {"sealed_s": round(free), "chain_s": round(chained), "ratio": round(free / chained, 1)}
                for label, (chained, free) in rates.items()
            },
            "verified": check.entries, "epochs": check.epochs, "verify_s": round(verify_s, 1),
        },
    )  # fmt: skip


def _rate(route: Callable[[], Write], span: float, *, sealing: bool) -> float:
    """Entries a second by eight writers, from their start until the last is sealed."""
    before = Entry.objects.count()
    connection.close()
    context = multiprocessing.get_context("fork")
    ready, go = context.Barrier(WRITERS + 1), context.Event()
    writers = [context.Process(target=_writer, args=(route, span, ready, go)) for _ in range(WRITERS)]
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


def _writer(route: Callable[[], Write], span: float, ready: Any, go: Any) -> None:
    """One writer in a process of its own: an officer of one commune at a browser."""
    with acting_as(OFFICER), coming_from("10.0.0.1", "Firefox 128, Windows"):
        write = route()
        write(0)
        ready.wait()
        go.wait()
        ends, n = time.perf_counter() + span, 0
        while time.perf_counter() < ends:
            n += 1
            write(n)


def _look(n: int) -> Entry:
    """One look, written as pages write it: the entry is a transaction of its own."""
    return audit.looked([n + 1], by=OFFICER, at=now(), purpose="check", fields=["record"])


def _change(n: int) -> Entry:
    """The same in a transaction that was opened for a change."""
    with transaction.atomic():
        return _look(n)


def _chained_look(n: int) -> None:
    """The same entry, chained to the one before by a head that all writers wait for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HEAD)
        before = bytes(cursor.fetchone()[0])
        one = _look(n)
        cursor.execute(MOVE, [_link(before, one.ulid, one.at, one.subject, one.actor_id)])


def _bare() -> psycopg.Connection[Any]:
    login = connection.settings_dict
    mine: psycopg.Connection[Any] = psycopg.connect(
        host=login["HOST"], port=login["PORT"], user=login["USER"], password=login["PASSWORD"], dbname=login["NAME"],
        prepare_threshold=1, autocommit=True,
    )  # fmt: skip
    mine.execute("SELECT set_config('hoaban.communes', '03174', false)")
    return mine


def _bare_free() -> Write:
    """The statement alone, past Django."""
    mine = _bare()
    return lambda n: mine.execute(recording.WRITE, _values(n))


def _bare_chained() -> Write:
    """The chain by bare statements, past Django."""
    mine = _bare()

    def write(n: int) -> None:
        values = _values(n)
        with mine.transaction():
            row = mine.execute(HEAD).fetchone()
            assert row is not None
            mine.execute(recording.WRITE, values)
            mine.execute(MOVE, [_link(bytes(row[0]), values[0], values[1], values[3], values[5])])

    return write


def _values(n: int) -> list[Any]:
    """What `audit.looked` hands to its statement."""
    return [
        new_ulid(), now(), "people.looked", f"people.Person:{n + 1}", "officer", "officer:1", "Officer", "10.0.0.1",
        "Firefox 128, Windows", "check", '{"fields": ["record"]}', f"{{{n + 1}}}", "", f"{{{n + 1}}}", "03174",
    ]  # fmt: skip


def _link(before: bytes, ulid: str, at: object, subject: str, actor: str) -> bytes:
    leaf = rules.leaf({"ulid": ulid, "at": at, "subject": subject, "actor": actor})
    return hashlib.sha256(before + leaf).digest()


ROUTES: dict[str, tuple[Callable[[], Write], Callable[[], Write]]] = {
    "looks": (lambda: _chained_look, lambda: _look),
    "changes": (lambda: _chained_look, lambda: _change),
    "bare": (_bare_chained, _bare_free),
}


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
