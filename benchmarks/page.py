"""Promise: the first visit brings at most 40 KB, and something to read within 2.0 s at 400 kbit/s.

Chromium visits the front page of a served site with an empty cache, throttled to 400 kbit/s with 400 ms
for every request to begin (a slow 3G line). Bytes are counted as they pass the line, heads of answers
included. The yardstick of bytes is the same answers uncompressed and without heads; of time, the paint
of a page of one word under the same line. The median of several visits counts. Scale 1 is 5 visits.

2026-11: 30.5 KB, of which 24 KB are the two fonts, and 1.1 s, on 2 shared cores; 36.7 KB before text was compressed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import Browser, CDPSession, Page

from benchmarks import Result
from tests import browser, database, running

VISITS = 5
LINE_BITS_S = 400_000
WAIT_MS = 400
GOAL_KB = 40
GOAL_PAINT_S = 2.0
DATABASE = "bench_page"
PAINT = """() => new Promise(done => {
  const name = 'first-contentful-paint', seen = performance.getEntriesByName(name)[0];
  if (seen) return done(seen.startTime);
  const watch = new PerformanceObserver(list => list.getEntriesByName(name).forEach(one => done(one.startTime)));
  watch.observe({type: 'paint', buffered: true});
})"""


@dataclass
class Visit:
    """What one visit brought: bytes over the line by address, and seconds to the first paint."""

    bytes_by_address: dict[str, int] = field(default_factory=dict)
    paint_s: float = 0.0

    @property
    def total(self) -> int:
        """Bytes of all answers."""
        return sum(self.bytes_by_address.values())


def run(scale: float) -> Result:
    """Serve the site, visit it on a slow line, compare with the same answers uncompressed."""
    visits = max(1, round(VISITS * scale))
    with _served() as origin, browser.chromium() as chromium:
        seen = [_visit(chromium, f"{origin}/") for _ in range(visits)]
        empty = [_visit(chromium, f"{origin}/suc-khoe") for _ in range(visits)]
        raw = sum(_raw_bytes(address) for address in seen[0].bytes_by_address)
    kilobytes = statistics.median(one.total for one in seen) / 1000
    paint_s = statistics.median(one.paint_s for one in seen)
    empty_s = statistics.median(one.paint_s for one in empty)
    return Result(
        name="page", value=round(kilobytes, 1), unit="KB of a first visit",
        yardstick="the same answers uncompressed and without heads", ratio=round(kilobytes * 1000 / raw, 2),
        goal=f"<= {GOAL_KB} KB and first paint <= {GOAL_PAINT_S} s at 400 kbit/s",
        met=kilobytes <= GOAL_KB and paint_s <= GOAL_PAINT_S, scale=scale,
        details={
            "first_paint_s": round(paint_s, 2), "first_paint_of_one_word_s": round(empty_s, 2),
            "paint_ratio": round(paint_s / empty_s, 2), "line_kbit_s": LINE_BITS_S // 1000, "wait_ms": WAIT_MS,
            "visits": visits, "raw_kb": round(raw / 1000, 1),
            "bytes": {address.removeprefix(origin): size for address, size in seen[0].bytes_by_address.items()},
        },
    )  # fmt: skip


@contextmanager
def _served() -> Iterator[str]:
    database.use_scratch(DATABASE)
    try:
        with running.serving(DATABASE) as (_process, port):
            origin = f"http://127.0.0.1:{port}"
            running.until_it_answers(f"{origin}/suc-khoe")
            httpx.get(origin)  # the first answer after a start compiles templates
            yield origin
    finally:
        database.drop_scratch(DATABASE)


def _visit(chromium: Browser, address: str) -> Visit:
    """One visit by somebody who was never here."""
    context = chromium.new_context(viewport={"width": 360, "height": 720})
    try:
        page = context.new_page()
        visit = Visit()
        _listen(context.new_cdp_session(page), visit)
        page.goto(address, wait_until="networkidle")
        visit.paint_s = page.evaluate(PAINT) / 1000
        _let_answers_end(page, visit)
        return visit
    finally:
        context.close()


def _listen(line: CDPSession, visit: Visit) -> None:
    """Slow the line down and count what passes it."""
    addresses: dict[str, str] = {}

    def began(event: dict[str, object]) -> None:
        addresses[str(event["requestId"])] = str(event["request"]["url"])  # type: ignore[index]

    def ended(event: dict[str, object]) -> None:
        address = addresses[str(event["requestId"])]
        if not address.startswith("data:"):
            visit.bytes_by_address[address] = int(str(event["encodedDataLength"]).split(".")[0])

    line.on("Network.requestWillBeSent", began)
    line.on("Network.loadingFinished", ended)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False, "latency": WAIT_MS,
            "downloadThroughput": LINE_BITS_S / 8, "uploadThroughput": LINE_BITS_S / 8,
        },
    )  # fmt: skip


def _let_answers_end(page: Page, visit: Visit) -> None:
    before, over = -1, time.monotonic() + 10
    while visit.total != before and time.monotonic() < over:
        before = visit.total
        page.wait_for_timeout(300)


def _raw_bytes(address: str) -> int:
    return len(httpx.get(address, headers={"Accept-Encoding": "identity"}).content)
