"""Files, keys and stations stay in the test's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.HOABAN_HOME = tmp_path
    settings.HOABAN_FILES = tmp_path / "files"
    settings.HOABAN_KEYS = tmp_path / "keys"
