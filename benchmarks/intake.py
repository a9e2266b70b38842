"""Promise: forms enter the register, judged by every rule, at a speed near that of COPYing the finished rows.

The yardstick copies the very rows that the load made, as the owner of the tables, into the same tables of a
fresh database, with the same indexes and constraints. Scale 1 is 640,000 people of every commune; 0.1, for
daily use, those of each tenth commune, so that files are as big. At scale 1 the time of a row is compared
with that at 0.1 in the same run.

2026-11: 3,838 rows/s, 2.23 times the COPY, peak 576 MB, on 2 cores.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from benchmarks import Result
from hoaban.base.clock import now
from hoaban.intake import actions
from hoaban.places import actions as places
from hoaban.places import queries as place_queries
from hoaban.web.actor import acting_as, job_actor
from tests import database

PEOPLE, EACH = 640_000, 10
GOAL, SLOWER, PEAK_MB = 2.5, 1.2, 1536
TABLES = [
    "intake_batch", "people_household", "people_person", "people_namekey", "people_number", "people_relation",
    "people_residence", "people_change", "intake_formrow", "intake_finding", "intake_share",
]  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One load and the copying of what it made."""

    rows: int
    load_s: float
    copy_s: float
    peak_mb: int

    @property
    def row_us(self) -> float:
        """Microseconds of a row."""
        return 1e6 * self.load_s / self.rows


def run(scale: float) -> Result:
    """Write forms, load them, copy the finished rows elsewhere, compare; at full scale with a tenth of them too."""
    tenth = _measure(0.1) if scale > 0.1 else None
    whole = _measure(scale)
    ratio = whole.load_s / whole.copy_s
    slower = whole.row_us / tenth.row_us if tenth else 1.0
    return Result(
        name="intake", value=round(whole.rows / whole.load_s), unit="rows/s",
        yardstick="COPY of the finished rows into the same tables", ratio=round(ratio, 2),
        goal=f"ratio <= {GOAL}, peak <= {PEAK_MB} MB, a row <= {SLOWER} times that at a tenth",
        met=ratio <= GOAL and whole.peak_mb <= PEAK_MB and slower <= SLOWER, scale=scale,
        details={
            "rows": whole.rows, "load_s": round(whole.load_s, 2), "copy_s": round(whole.copy_s, 2),
            "peak_mb": whole.peak_mb, "row_us": round(whole.row_us, 1), "row_against_tenth": round(slower, 3),
            "ratio_at_tenth": round(tenth.load_s / tenth.copy_s, 2) if tenth else None,
        },
    )  # fmt: skip


def _measure(scale: float) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        settings.HOABAN_FILES = Path(folder) / "files"
        database.use_scratch("bench_intake")
        forms = Path(folder) / "synth"
        _write(forms, scale)  # in a process of its own, whose memory isn't ours
        rows, load_s = _load(forms)
        peak_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        copy_s = _copy_into_fresh(Path(folder))
        database.drop_scratch("bench_intake")
    return Measured(rows, load_s, copy_s, peak_mb)


def _write(folder: Path, scale: float) -> None:
    with acting_as(job_actor("bench.intake")):
        codes = [unit.code for unit in place_queries.communes()]
    chosen = codes if scale > 0.5 else codes[::EACH]
    told = ["--people", str(int(PEOPLE * scale)), "--seed", "1", "--images", "0", "--communes", ",".join(chosen)]
    subprocess.run(
        [sys.executable, "-m", "hoaban", "synth", "write", str(folder), *told], check=True, stdout=subprocess.DEVNULL
    )


def _load(forms: Path) -> tuple[int, float]:
    actor = job_actor("bench.intake")
    with acting_as(actor):
        places.load_villages(path=forms / "places" / "villages.csv", by=actor, at=now())
        began = time.perf_counter()
        batches = actions.load_all(paths=sorted((forms / "forms").glob("*.csv")), by=actor, at=now())
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
            with (
                cursor.copy(f'COPY "{table}" ({columns[table]}) FROM STDIN (FORMAT binary)') as copy,
                (folder / table).open("rb") as rows,
            ):
                while piece := rows.read(1 << 20):
                    copy.write(piece)
    return time.perf_counter() - began
