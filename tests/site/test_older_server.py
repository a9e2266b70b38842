"""The promises that lean on the server hold on PostgreSQL 15 too, the oldest that we take."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hoaban.base.postgres import OWNER, Embedded

ROOT = Path(__file__).parent.parent.parent
SERVERS = Path("/usr/lib/postgresql")  # where Debian puts them, by version
OLDEST = 15
SMALLER_SUITE = [
    "tests/audit/test_actions.py",  # seals, jobs in the change's own transaction
    "tests/people/test_queries.py",  # row security, plans as the bound role
    "tests/people/test_actions.py",  # constraints of the register
    "tests/intake/test_actions.py",  # COPY under row security
]


def binaries() -> Path:
    """The programs of the oldest server here that we take; the test is skipped, aloud, where there is none."""
    found = {int(path.parent.parent.name): path.parent for path in SERVERS.glob("[0-9]*/bin/initdb")}
    taken = sorted(version for version in found if version >= OLDEST)
    if not taken:
        pytest.skip(
            f"no PostgreSQL {OLDEST} or later under {SERVERS} (apt install postgresql-{OLDEST}): not tried on it"
        )
    return found[taken[0]]


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedded]:
    """A cluster of that server in a folder of its own, which its user may enter; stopped and removed after."""
    monkeypatch.setenv("HOABAN_PG_BIN", str(binaries()))
    home = Path(tempfile.mkdtemp(prefix="hoaban-older-"))
    home.chmod(0o755)
    server = Embedded(home)
    try:
        server.ensure()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def test_a_smaller_suite_passes_on_the_oldest_server_that_we_take(older: Embedded) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:xdist", *SMALLER_SUITE],
        cwd=ROOT, env={**kept, "HOABAN_HOME": str(older.home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-4000:]
    with psycopg.connect(older.url(OWNER, "postgres")) as server:
        assert f"PostgreSQL {binaries().parent.name}" in str(server.execute("SELECT version()").fetchone())
