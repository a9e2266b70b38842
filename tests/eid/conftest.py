"""Keys and stations of the e-ID's tests stay in the test's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.HOABAN_HOME = tmp_path
    settings.HOABAN_FILES = tmp_path / "files"
    settings.HOABAN_KEYS = tmp_path / "keys"
    settings.HOABAN_BASE_URL = "http://localhost"


@pytest.fixture
def client() -> Client:
    """A browser at localhost: OAuth speaks only to https or to one's own machine."""
    made = Client(SERVER_NAME="localhost")
    made.cookies["django_language"] = "en"
    return made
