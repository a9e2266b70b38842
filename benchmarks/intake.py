"""Promise: forms enter the register at a speed near that of COPYing the finished rows.

The yardstick copies the very rows that the load made, as the owner of the tables, into the same tables
of a fresh database, with the same indexes and constraints. Scale 1 is 20,000 people.

2026-11: 4,370 rows/s, 2.4 times the COPY, on 2 shared cores.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from benchmarks import Result
from hoaban.base.clock import now
from hoaban.intake import actions
from hoaban.places import actions as places
from hoaban.synth import actions as synth
from hoaban.web.actor import acting_as, job_actor
from tests import database

COMMUNES = ("03174", "03165", "03167", "03156")
PEOPLE = 20_000
GOAL = 2.5
TABLES = [
    "intake_batch", "people_household", "people_person", "people_namekey", "people_number", "people_relation",
    "people_residence", "people_change", "intake_formrow", "intake_finding",
]  # fmt: skip


def run(scale: float) -> Result:
    """Write forms, load them, copy the finished rows elsewhere, compare."""
    with tempfile.TemporaryDirectory() as folder:
        settings.HOABAN_FILES = Path(folder) / "files"
        forms = Path(folder) / "synth"
        synth.write(folder=forms, people=int(PEOPLE * scale), seed=1, communes=COMMUNES, images=0)
        database.use_scratch("bench_intake")
        rows, load_s = _load(forms)
        copy_s = _copy_into_fresh(Path(folder))
        database.drop_scratch("bench_intake")
    return Result(
        name="intake", value=round(rows / load_s), unit="rows/s",
        yardstick="COPY of the finished rows into the same tables", ratio=round(load_s / copy_s, 2),
        goal=f"ratio <= {GOAL}", met=load_s / copy_s <= GOAL, scale=scale,
        details={
            "rows": rows, "load_s": round(load_s, 2), "copy_s": round(copy_s, 2),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        },
    )  # fmt: skip


def _load(forms: Path) -> tuple[int, float]:
    actor = job_actor("bench.intake")
    with acting_as(actor):
        places.load_villages(path=forms / "places" / "villages.csv", by=actor, at=now())
        began = time.perf_counter()
        batches = [actions.load(path=path, by=actor, at=now()) for path in sorted((forms / "forms").glob("*.csv"))]
        return sum(batch.rows for batch in batches), time.perf_counter() - began


def _copy_into_fresh(folder: Path) -> float:
    columns = {}
    for table in TABLES:
        with connections["owner"].cursor() as cursor, (folder / table).open("wb") as out:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns[table] = ", ".join(f'"{column.name}"' for column in cursor.description)
            with cursor.copy(f'COPY "{table}" ({columns[table]}) TO STDOUT (FORMAT binary)') as copy:
                for piece in copy:
                    out.write(piece)
    database.use_scratch("bench_intake")
    began = time.perf_counter()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f'COPY "{table}" ({columns[table]}) FROM STDIN (FORMAT binary)') as copy:
                copy.write((folder / table).read_bytes())
    return time.perf_counter() - began
