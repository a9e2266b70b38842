"""A real station and a real server, killed again and again, on a line that is cut."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment.models import Enrolment, Packet, Receipt
from hoaban.kit import queries
from hoaban.kit.store import Station
from tests import database, make, make_station
from tests.make import MAKER

PEOPLE = 6
KILLS = 6


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class SlowLine(threading.Thread):
    """A line from a port to another that carries little at a time; `cut()` drops all who use it."""

    def __init__(self, to_port: int) -> None:
        super().__init__(daemon=True)
        self._to_port, self._open = to_port, set[socket.socket]()
        self.carried = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])

    def run(self) -> None:
        """Carry until the door is shut."""
        while True:
            try:
                near, _address = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:
                if self._door.fileno() < 0:
                    return
                near.close()
                continue
            self._open |= {near, far}
            for source, goal in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, goal), daemon=True).start()

    def _carry(self, source: socket.socket, goal: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while some := source.recv(512):
                goal.sendall(some)
                self.carried += len(some)
                time.sleep(0.004)
        for end in (source, goal):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def wait_until_carried(self, more: int) -> None:
        """Return when that many more bytes went through, or nothing has for a while."""
        goal, over = self.carried + more, time.monotonic() + 10
        while self.carried < goal and time.monotonic() < over:
            time.sleep(0.005)

    def cut(self) -> None:
        """Drop everybody in the middle of a word."""
        while self._open:
            end = self._open.pop()
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """Carry nothing more."""
        self.cut()
        self._door.close()


class Killable:
    """A process of ours in a group of its own, to be killed without warning."""

    def __init__(self, *words: str, environment: dict[str, str]) -> None:
        self._words, self._environment = words, environment
        self.start()

    def start(self) -> None:
        """Start it (again)."""
        self._run = subprocess.Popen(
            [sys.executable, "-m", "hoaban", *self._words], env=self._environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """kill -9."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._run.pid, signal.SIGKILL)
        self._run.wait(timeout=20)

    def wait(self, seconds: float) -> None:
        """Let it come to its end, or not."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._run.wait(timeout=seconds)


@pytest.fixture
def server(transactional_db: None, worker_id: str) -> Iterator[tuple[Killable, int]]:
    """The province's server as a process of its own, over this test's database."""
    enrolment.make_keys(by=MAKER, at=now())
    port = _free_port()
    environment = database.environment(f"test_hoaban_{worker_id}")
    made = Killable("serve", "--port", str(port), "--no-worker", environment=environment)
    yield made, port
    made.kill()


def _until_it_answers(address: str) -> None:
    for _try in range(200):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address, timeout=2)
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} doesn't answer")


def test_killed_stations_and_servers_lose_and_double_nothing(server: tuple[Killable, int], tmp_path: Path) -> None:
    process, server_port = server
    station = make_station.station(tmp_path / "station")
    persons = [make.person(f"Lo Pao May {n}") for n in range(PEOPLE)]
    make_station.give_list(station, *(person.pk for person in persons))
    ulids = {make_station.enrol(station, person.pk) for person in persons}
    _until_it_answers(f"http://127.0.0.1:{server_port}/dong-bo/lists")
    line, chance = SlowLine(server_port), random.Random(7)
    line.start()

    for kill in range(KILLS):
        sync = _sync(station, line.port)
        line.wait_until_carried(chance.randrange(500, 40_000))
        (line.cut, process.kill, sync.kill)[kill % 3]()
        sync.kill()
        if kill % 3 == 1:
            process.start()
            _until_it_answers(f"http://127.0.0.1:{server_port}/dong-bo/lists")
    last = _sync(station, line.port)
    last.wait(30)
    line.close()
    make.run_due_jobs()

    assert set(Packet.objects.exclude(state="announced").values_list("ulid", flat=True)) == ulids
    assert Receipt.objects.count() == Enrolment.objects.count() == PEOPLE
    assert queries.condition(station).waiting == 0


def _sync(station: Station, port: int) -> Killable:
    words = ("kit", "sync", "--home", str(station.home), "--server", f"http://127.0.0.1:{port}")
    return Killable(*words, environment=dict(os.environ))


def test_the_stations_pages_answer_on_loopback_and_survive_a_kill(tmp_path: Path, transactional_db: None) -> None:
    with make_station.province(tmp_path / "province"):
        station = make_station.station(tmp_path / "station")
    port = _free_port()
    run = Killable("kit", "run", "--home", str(station.home), "--port", str(port), environment=dict(os.environ))

    for _again in range(2):
        _until_it_answers(f"http://127.0.0.1:{port}/dong-bo")
        page = httpx.get(f"http://127.0.0.1:{port}/dong-bo")
        style = httpx.get(f"http://127.0.0.1:{port}/static/web/hb.css")
        run.kill()
        run.start()
    run.kill()

    assert (page.status_code, style.status_code) == (200, 200)
    assert "NK01" in page.text
