"""Real processes and real lines for tests: killed without warning, slow, and cut in the middle of a word."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests import database


def free_port() -> int:
    """A port on loopback that nobody uses."""
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


@contextmanager
def serving(database_name: str) -> Iterator[tuple[Killable, int]]:
    """The server over a scratch database, without a worker, and its port."""
    port = free_port()
    words = ("serve", "--port", str(port), "--no-worker")
    known = {"HOABAN_BASE_URL": f"http://localhost:{port}"}
    made = Killable(*words, environment=database.environment(database_name) | known)
    try:
        yield made, port
    finally:
        made.kill()


def until_it_answers(address: str) -> None:
    """Wait until somebody answers there. AssertionError after twenty seconds."""
    for _try in range(200):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address, timeout=2)
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} doesn't answer")
