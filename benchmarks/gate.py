"""Promise: 40 checkers at once: no form decided twice, no form seen by two, no deadlock in 100,000 decisions.

A round of level one is drawn over four communes, every form of it; each checker is a process of its own with a
connection as the app's role, takes the next form of a lot and says how it compares, one in fifty wrong; all begin in
the same lot. One time in twenty a checker also tries to decide a form that a neighbour has just taken or decided,
which must be refused. In the end all lots go through the gate. The yardstick is one checker alone in the same run,
whose rate shows what company costs. Scale 1 is 100,000 decisions.

2026-11: see docs/performance.md.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from benchmarks import Result
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.intake import actions as intake
from hoaban.places import actions as places
from hoaban.synth import actions as synth
from hoaban.verification import actions, queries
from hoaban.verification.rules import LotState, Mark, PlanKind, PlanSpec, Verdict
from hoaban.web.actor import Actor, acting_as, job_actor
from tests import database, make

DATABASE = "bench_gate"
DECISIONS, CHECKERS = 100_000, 40
ALONE = 0.02  # part of the decisions made by one checker alone
WRONG, MEDDLES = 50, 20  # one form in so many is wrong; one decision in so many is tried on a neighbour's form
COMMUNES = ("03174", "03165", "03167", "03156")
TWICE = """
SELECT count(*) FROM (SELECT subject FROM audit_entry WHERE action = 'verification.checked'
                       GROUP BY subject HAVING count(*) > 1) AS twice
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
BENCH = job_actor("bench.gate")


@dataclass(frozen=True)
class Work:
    """What one checker did: the forms taken, decided, and how often a neighbour's form was refused or let through."""

    taken: list[int]
    decided: list[int]
    refused: int
    let_through: int


def run(scale: float) -> Result:
    """Draw a round, let one checker work alone, then all at once; count what went wrong."""
    database.use_scratch(DATABASE)
    _disconnect()
    with _checkers(1) as one:  # the library of columns may not have run in a process that forks
        lots, checkers, drew_s = one.apply(_draw, (int(DECISIONS * scale),))
        alone_s, alone = _timed(one, checkers[:1], lots, max(CHECKERS, int(DECISIONS * scale * ALONE)))
    with _checkers(CHECKERS) as pool:
        took, together = _timed(pool, checkers[1:], lots, DECISIONS)
    with _checkers(1) as one:
        found = one.apply(_looked_over, (lots,))
    database.drop_scratch(DATABASE)
    every = alone + together
    taken = Counter(form for work in every for form in work.taken)
    decided = Counter(form for work in every for form in work.decided)
    by_two = sum(1 for count in taken.values() if count > 1)
    let_through = sum(work.let_through for work in every)
    company, lonely = sum(len(work.decided) for work in together), sum(len(work.decided) for work in alone)
    wrong = found["twice"] + found["deadlocks"] + by_two + let_through + (len(decided) - found["checked"])
    return Result(
        name="gate", value=round(company / took), unit="decisions/s", yardstick="one checker alone",
        ratio=round(company / took / (lonely / alone_s), 2),
        goal="no form decided twice, none seen by two, no deadlock", met=wrong == 0 and found["left"] == 0,
        scale=scale,
        details={
            "decisions": len(decided), "checkers": CHECKERS, "decided_twice": found["twice"], "seen_by_two": by_two,
            "deadlocks": found["deadlocks"], "meddling_refused": sum(work.refused for work in every),
            "meddling_let_through": let_through, "left": found["left"], "alone_per_s": round(lonely / alone_s),
            "drawn_in_s": round(drew_s, 1), "seconds": round(took, 1),
        },
    )  # fmt: skip


def _checkers(how_many: int) -> Pool:
    return multiprocessing.get_context("fork").Pool(how_many)


def _disconnect() -> None:
    for alias in ("default", "owner"):
        connections[alias].close()


def _draw(people: int) -> tuple[list[int], list[Actor], float]:
    """Enter the forms, draw every one of them; the lots, the checkers, the seconds of the draw."""
    with acting_as(BENCH), tempfile.TemporaryDirectory() as folder:
        settings.HOABAN_FILES = Path(folder) / "files"
        synth.write(folder=Path(folder) / "world", people=people, seed=7, communes=COMMUNES, images=0)
        places.load_villages(path=Path(folder) / "world" / "places" / "villages.csv", by=BENCH, at=now())
        intake.load_all(paths=sorted((Path(folder) / "world" / "forms").glob("*.csv")), by=BENCH, at=now())
        checkers = [make.actor("province_officer", "11", "province") for _n in range(CHECKERS + 1)]
        began = time.perf_counter()
        made = actions.draw_round(communes=COMMUNES, level=1, plan=PlanSpec(PlanKind.FULL), seed=7, by=BENCH, at=now())
        took = time.perf_counter() - began
        return [one.pk for one in queries.lots_of(made.pk)], checkers, took


def _timed(pool: Pool, checkers: list[Actor], lots: list[int], most: int) -> tuple[float, list[Work]]:
    began = time.perf_counter()
    works = pool.starmap(_check, [(one, lots, most) for one in checkers], chunksize=1)
    return time.perf_counter() - began, works


def _check(checker: Actor, lots: list[int], most: int) -> Work:
    """Check forms until none is left, or so many."""
    work = Work([], [], 0, 0)
    refused = let_through = 0
    with acting_as(checker):
        for lot in lots:
            while len(work.decided) < most and (one := actions.take_next(lot_id=lot, by=checker, at=now())):
                work.taken.append(one.pk)
                if len(work.taken) % MEDDLES == 0:
                    got = _meddle(one.pk + len(work.taken) // MEDDLES % CHECKERS - CHECKERS // 2, one.pk, checker)
                    refused, let_through = refused + (got == "refused"), let_through + (got == "let through")
                marks = {"father_name": Mark(Verdict.REKEYED, "LO VAN MOT")} if one.place % WRONG == 0 else {}
                work.decided.append(actions.check(form_id=one.pk, marks=marks, by=checker, at=now()).pk)
    return Work(work.taken, work.decided, refused, let_through)


def _meddle(form_id: int, mine: int, checker: Actor) -> str:
    """Try to decide a form that a neighbour holds or has decided; forms that nobody has taken are left alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT held_by_id || checker_id FROM verification_sampledform WHERE id = %s", [form_id])
        row = cursor.fetchone()
    if form_id == mine or row is None or row[0] in ("", checker.id):
        return ""
    try:
        actions.check(form_id=form_id, marks={}, by=checker, at=now())
    except Refusal:
        return "refused"
    return "let through"


def _looked_over(lots: list[int]) -> dict[str, int]:
    """What the database and the audit say, and how many lots the gate doesn't let through."""
    with acting_as(BENCH):
        tallies = queries.tallies(queries.lots().filter(pk__in=lots))
        with connection.cursor() as cursor:
            cursor.execute(TWICE)
            twice = cursor.fetchone()[0]
            cursor.execute(DEADLOCKS)
            deadlocks = cursor.fetchone()[0]
    return {
        "twice": int(twice), "deadlocks": int(deadlocks), "checked": sum(one.done for one in tallies.values()),
        "left": sum(one.left for one in tallies.values()),
        "open": queries.lots().filter(pk__in=lots, state=LotState.OPEN).count(),
    }  # fmt: skip
