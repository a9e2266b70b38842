"""A province with its keys in a folder of the test's own, one station, and a server that can be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.kit.store import Station
from tests import make_station
from tests.make import MAKER
from tests.running import Killable, serving


@pytest.fixture
def _province(tmp_path: Path, db: None) -> Iterator[None]:
    with make_station.province(tmp_path / "province"):
        yield


@pytest.fixture
def station(tmp_path: Path, _province: None) -> Station:
    return make_station.station(tmp_path / "station")


@pytest.fixture
def server(transactional_db: None, worker_id: str) -> Iterator[tuple[Killable, int]]:
    """The province's server as a process of its own, over this test's database."""
    enrolment.make_keys(by=MAKER, at=now())
    with serving(f"test_hoaban_{worker_id}") as made:
        yield made
