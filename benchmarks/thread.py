"""Promise: the whole thread, played in a browser by one citizen and everybody she meets, takes three minutes at most.

The story is `tests/flows/test_thread.py`, run in a process of its own. The yardstick is the same stage with nothing
played on it: a server and a browser started and one page opened. Scale changes nothing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks import Result
from tests import browser, database, running

GOAL_S = 180
ROOT = Path(__file__).parent.parent


def run(scale: float) -> Result:
    """Play the story, open one page on the same stage, compare."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "tests/flows"], cwd=ROOT, check=False
    )
    story_s = time.perf_counter() - began
    began = time.perf_counter()
    _one_page()
    page_s = time.perf_counter() - began
    return Result(
        name="thread", value=round(story_s, 1), unit="s", yardstick="the same stage with one page opened",
        ratio=round(story_s / page_s, 1), goal=f"passes in <= {GOAL_S} s",
        met=done.returncode == 0 and story_s <= GOAL_S, scale=scale, details={"page_s": round(page_s, 1)},
    )  # fmt: skip


def _one_page() -> None:
    database.use_scratch("bench_thread")
    try:
        with running.serving("bench_thread") as (_server, port):
            running.until_it_answers(f"http://localhost:{port}/suc-khoe")
            with browser.chromium() as chromium:
                chromium.new_page().goto(f"http://localhost:{port}/")
    finally:
        database.drop_scratch("bench_thread")
