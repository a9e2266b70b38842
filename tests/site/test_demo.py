"""The demo knows whose database it is, and leaves others' alone."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from hoaban.site import commands
from tests import database, make

Say = tuple[int, str]


@pytest.fixture
def scratch(django_db_setup: None, worker_id: str) -> Iterator[str]:
    """A migrated database of the test's own, outside Django's connections."""
    name = f"test_demo_{worker_id}"
    database.make_scratch(name)
    yield name
    database.drop_scratch(name)


def _demo(name: str, *words: str, **environment: str) -> Say:
    """Prepare a demo as `make demo` does; how it ended and what it said."""
    return _run(name, "demo", "--no-serve", "--people", "400", *words, **environment)


def _run(name: str, *words: str, **environment: str) -> Say:
    done = subprocess.run(
        [sys.executable, "-m", "hoaban", *words],
        env={**database.environment(name), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_tables_of_another_version_are_recognised_and_not_migrated_over(scratch: str) -> None:
    other = '{"rehearsal.0001_initial": "written otherwise"}'
    database.as_owner(
        scratch,
        f"CREATE OR REPLACE FUNCTION hoaban_made_from() RETURNS text LANGUAGE sql AS $$ SELECT '{other}' $$",
    )

    for code, said in (_demo(scratch), _run(scratch, "db", "migrate"), _demo(scratch)):
        assert code == 1
        assert "make demo-reset" in said
        assert "Traceback" not in said


def test_migrations_that_wait_are_named(scratch: str) -> None:
    database.as_owner(scratch, "DELETE FROM django_migrations WHERE app = 'rehearsal'")

    code, said = _demo(scratch)

    assert code == 1
    assert "rehearsal.0001_initial" in said
    assert "hoaban db migrate" in said


@pytest.mark.django_db(transaction=True)
def test_a_register_that_no_demo_made_is_not_thrown_away(worker_id: str) -> None:
    person = make.person()

    code, said = _demo(f"test_hoaban_{worker_id}", "--reset")

    assert code == 1
    assert "HOABAN_HOME" in said
    assert type(person).objects.filter(pk=person.pk).exists()


def test_nothing_is_thrown_away_where_synthetic_people_are_not_taken(scratch: str) -> None:
    code, said = _demo(scratch, "--reset", HOABAN_SYNTHETIC="0")

    assert code == 1
    assert "Traceback" not in said


def test_a_taken_port_is_named_before_anything_is_rehearsed(scratch: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        code, said = _run(scratch, "demo", "--people", "400", "--station-port", port)

    assert code == 1
    assert port in said


def test_ctrl_c_ends_a_command_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*, only_kit: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "application", interrupted)
    monkeypatch.setattr(sys, "argv", ["hoaban", "synth"])

    with pytest.raises(SystemExit) as ended:
        commands.main()

    assert ended.value.code == 130
