"""Promise: 32 writers give a million numbers at once, none twice, at 2,000 a second or more.

Each writer is a process of its own with a connection as the app's role, and gives numbers to its share of
people by `give_numbers`, in chunks of 5,000: lock, draw, write the number, the person, the change and the
audit. All people were born in four years of one province, so that at scale 1 an eighth of the numbers
there are is given. The yardstick is one writer in the same run, whose rate shows what company costs;
`single_per_s` is the rate of 32 writers who give one number in a transaction. Scale 1 is 1,000,000 people.

2026-11: 18,307 numbers/s, 1.4 times one writer alone; 330 a second one by one; 0 duplicates; on 2 cores.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.pool import Pool

import polars as pl
from django.db import connection, connections

from benchmarks import Result
from hoaban.base.clock import now
from hoaban.people import actions
from hoaban.web.actor import acting_as, job_actor
from tests import database

DATABASE = "bench_number"
PEOPLE, WRITERS, GOAL = 1_000_000, 32, 2_000
ALONE, SINGLE = 0.02, 0.005  # parts of the people given by one writer, and one by one
YEARS = (1988, 1989, 1990, 1991)
CHUNK = 50_000


def run(scale: float) -> Result:
    """Enter people without numbers, let the writers loose, count duplicates."""
    total = int(PEOPLE * scale)
    few, singly = max(1, int(total * ALONE)), max(WRITERS, int(total * SINGLE))
    database.use_scratch(DATABASE)
    _disconnect()
    with _writers(1) as one:  # the library of columns may not have run in a process that forks
        ids = one.apply(_enter, (few + singly + total,))
        alone_per_s = few / _timed(one, _give_many, ids[:few], 1)
    with _writers(WRITERS) as pool:
        single_per_s = singly / _timed(pool, _give_singly, ids[few : few + singly], WRITERS)
        took = _timed(pool, _give_many, ids[few + singly :], WRITERS)
    given, twice = _counted()
    database.drop_scratch(DATABASE)
    rate = total / took
    return Result(
        name="number", value=round(rate), unit="numbers/s", yardstick="one writer alone",
        ratio=round(rate / alone_per_s, 2), goal=f"0 duplicates and >= {GOAL}/s",
        met=twice == 0 and given == len(ids) and rate >= GOAL, scale=scale,
        details={
            "people": total, "writers": WRITERS, "duplicates": twice, "given": given, "wanted": len(ids),
            "alone_per_s": round(alone_per_s), "single_per_s": round(single_per_s), "seconds": round(took, 1),
        },
    )  # fmt: skip


def _writers(how_many: int) -> Pool:
    return multiprocessing.get_context("fork").Pool(how_many)


def _disconnect() -> None:
    for alias in ("default", "owner"):
        connections[alias].close()


def _enter(how_many: int) -> list[int]:
    actor, ids = job_actor("bench.number"), []
    with acting_as(actor):
        for first in range(0, how_many, CHUNK):
            numbers = range(first, min(first + CHUNK, how_many))
            people = pl.DataFrame(
                {
                    "full_name": "Lo Van Mot", "sex": ["MF"[n % 2] for n in numbers],
                    "born": [str(YEARS[n // 2 % len(YEARS)]) for n in numbers], "commune_code": "03174",
                    "birth_reg_place": "Dien Bien", "source": "form:BENCH", "simulated": True,
                }
            )  # fmt: skip
            ids += actions.establish_many(people=people, by=actor, at=now())
    return ids


def _timed(pool: Pool, give: Callable[[list[int]], None], ids: list[int], writers: int) -> float:
    shares = [ids[n::writers] for n in range(writers)]
    began = time.perf_counter()
    pool.map(give, shares, chunksize=1)
    return time.perf_counter() - began


def _give_many(ids: list[int]) -> None:
    actor = job_actor("bench.number")
    with acting_as(actor):
        actions.give_numbers(person_ids=ids, by=actor, at=now())


def _give_singly(ids: list[int]) -> None:
    actor = job_actor("bench.number")
    with acting_as(actor):
        for pk in ids:
            actions.give_number(person_id=pk, by=actor, at=now())


def _counted() -> tuple[int, int]:
    with acting_as(job_actor("bench.number")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) - count(DISTINCT p.number) FROM people_person p"
            " JOIN people_number n ON n.number = p.number AND n.person_id = p.id AND n.cancelled_at IS NULL"
        )
        row = cursor.fetchone()
        return int(row[0]), int(row[1])
