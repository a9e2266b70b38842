"""What all tests stand on: a database made from a template, as the app's role, and the job actor."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from hoaban.site.commands import ensure_database

    # Tests that are about it turn it on. The settings are read before this file; later processes read the other.
    settings.HOABAN_SECOND_FACTOR = False
    os.environ["HOABAN_SECOND_FACTOR"] = "0"

    ensure_database()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud what was not tried and why; `-q` would swallow it."""
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"NOT TRIED: {report.nodeid}: {report.longrepr[-1]}", red=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    from tests import database

    with django_db_blocker.unblock():
        database.use_scratch(f"test_hoaban_{worker_id}")
        yield
        database.drop_scratch(f"test_hoaban_{worker_id}")


@pytest.fixture(autouse=True)
def _acting(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with a database act as the program itself, which sees all, unless they say otherwise."""
    names = set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not names & {"db", "transactional_db"}:
        yield
        return
    request.getfixturevalue("transactional_db" if _commits(request.node) else "db")
    from hoaban.web.actor import acting_as, job_actor

    with acting_as(job_actor("test")):
        yield


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, settings: Settings) -> None:
    """The slow hash of passwords only where processes of their own check it."""
    if not any(request.node.get_closest_marker(name) for name in ("browser", "flow")):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: Any, nextitem: pytest.Item | None) -> Iterator[None]:
    """A fresh database once a test that commits has been flushed: the units are gone with the rest."""
    yield
    if nextitem is not None and _commits(item):
        from tests import database

        database.use_scratch(f"test_hoaban_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")


def _commits(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def worker_id() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def migrations_fingerprint() -> str:
    """Changes whenever a migration changes, or the loaded data or how they are loaded."""
    files = [
        *ROOT.glob("hoaban/*/migrations/*.py"),
        *ROOT.glob("hoaban/data/places/*"),
        *ROOT.glob("hoaban/places/[aerm]*/*.py"),
        ROOT / "tests/database.py",
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()[:12]
