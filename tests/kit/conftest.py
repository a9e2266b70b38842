"""A province with its keys in a folder of the test's own, and one station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hoaban.kit.store import Station
from tests import make_station


@pytest.fixture
def _province(tmp_path: Path, db: None) -> Iterator[None]:
    with make_station.province(tmp_path / "province"):
        yield


@pytest.fixture
def station(tmp_path: Path, _province: None) -> Station:
    return make_station.station(tmp_path / "station")
