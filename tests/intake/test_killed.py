"""A load that is killed at any moment and run again ends as if it had never been killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hoaban.base.clock import now
from hoaban.intake import actions, queries, rules
from hoaban.web.actor import acting_as
from tests import database, make
from tests.intake.forms import unnumbered, write_csv

KILLS, ROWS, AT_ONCE = 20, 240, 8
# A process that starts one of its own for each line it's given, which says its id and loads in small spans.
LOADER = """
import os, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from hoaban.base.clock import now
from hoaban.intake import actions, rules
from hoaban.web.actor import acting_as, job_actor
settings.HOABAN_FILES = Path(sys.argv[2])
rules.ROWS_AT_ONCE = int(sys.argv[3])
actor = job_actor("test.killed")
for _line in sys.stdin:
    child = os.fork()
    if not child:
        with acting_as(actor):
            os.write(1, b"%d\\n" % os.getpid())
            actions.load(path=Path(sys.argv[1]), by=actor, at=now())
        os._exit(0)
    os.write(1, b"%d\\n" % os.waitpid(child, 0)[1])
"""
TABLES = ("people_person", "people_namekey", "people_relation", "people_residence", "people_change",
          "people_household", "intake_formrow", "intake_finding", "intake_batch")  # fmt: skip


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
        return found


def told() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.line, r.serial, r.state, p.full_name, coalesce(string_agg(f.code, ' ' ORDER BY f.code), '')"
            " FROM intake_formrow r LEFT JOIN people_person p ON p.id = r.person_id"
            " LEFT JOIN intake_finding f ON f.row_id = r.id GROUP BY 1, 2, 3, 4 ORDER BY 1"
        )
        return list(cursor.fetchall())


def shares() -> list[Any]:
    """What is counted beside the rows, which must be what the rows say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT batch_id, commune_code, accepted, questioned, returned FROM intake_share ORDER BY 1, 2")
        kept = list(cursor.fetchall())
        states = ", ".join(f"count(*) FILTER (WHERE state = '{state}')" for state in rules.RowState)
        cursor.execute(f"SELECT batch_id, commune_code, {states} FROM intake_formrow GROUP BY 1, 2 ORDER BY 1, 2")
        assert kept == list(cursor.fetchall())
    return kept


@pytest.mark.django_db(transaction=True)
def test_a_load_killed_at_twenty_points_ends_as_if_never_killed(tmp_path: Path, settings: Any) -> None:
    settings.HOABAN_FILES = tmp_path / "unkilled"
    forms = [
        unnumbered(book_no=f"11{n:06d}", **({"gender": "?"} if n % 17 == 3 else {}), mother_name="" if n % 5 else "X Y")
        for n in range(ROWS)
    ]
    path = write_csv(tmp_path / "f.csv", *forms)
    actions.load(path=path, by=make.MAKER, at=now())
    expected, rows = counts(), told()
    database.use_scratch(str(settings.DATABASES["default"]["NAME"]))

    rng, killed = random.Random(6), 0
    with _loader(path, tmp_path, settings) as loader:
        for _ in range(KILLS):
            killed += _load(loader, killed_after_s=rng.uniform(0, 0.6)) == signal.SIGKILL
        assert _load(loader) == 0

    assert killed >= KILLS // 4  # the others had ended before
    with acting_as(make.MAKER):
        assert (counts(), told()) == (expected, rows)
        assert shares()
        assert queries.batches().get().loaded_at is not None


def _loader(path: Path, tmp_path: Path, settings: Any) -> subprocess.Popen[bytes]:
    name = str(settings.DATABASES["default"]["NAME"])
    told = {**database.environment(name), "DJANGO_SETTINGS_MODULE": "hoaban.site.settings"}
    arguments = [str(path), str(tmp_path / "killed"), str(AT_ONCE)]
    command = [sys.executable, "-c", LOADER, *arguments]
    return subprocess.Popen(command, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _load(loader: subprocess.Popen[bytes], killed_after_s: float | None = None) -> int:
    """Load in a process of its own, killed after that time unless it ended before; how it ended."""
    assert loader.stdin is not None
    assert loader.stdout is not None
    loader.stdin.write(b"load\n")
    loader.stdin.flush()
    pid = int(loader.stdout.readline())
    if killed_after_s is not None:
        time.sleep(killed_after_s)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return int(loader.stdout.readline())
