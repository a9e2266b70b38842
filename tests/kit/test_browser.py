"""An operator's evening at a real station in Chromium, and the line home that is cut once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment import queries as enrolments
from hoaban.kit import queries
from hoaban.kit.store import Station
from tests import make, make_station
from tests.browser import axe, chromium, overflow, small_targets
from tests.make import MAKER
from tests.running import Killable, SlowLine, free_port, until_it_answers

NAME = "L\u00f2 Th\u1ecb M\u00e0y"
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def station(server: tuple[Killable, int], tmp_path: Path) -> Station:
    """A station with an operator and one woman on its list."""
    made = make_station.station(tmp_path / "station")
    officer, kit = make.officer("kit_operator", name="Ly A Sua"), enrolments.kit("NK01")
    enrolment.admit_operator(kit=kit, username=officer.username, pin=make_station.PIN, by=MAKER, at=now())
    make_station.give_list(made, make.person(NAME, number="011158001234").pk)
    return made


@pytest.fixture
def line(server: tuple[Killable, int]) -> Iterator[SlowLine]:
    """The line home."""
    _process, port = server
    until_it_answers(f"http://127.0.0.1:{port}/suc-khoe")
    made = SlowLine(port)
    made.start()
    yield made
    made.close()


@pytest.fixture
def address(station: Station, line: SlowLine) -> Iterator[str]:
    """Where the station's pages are."""
    port = free_port()
    words = ("kit", "run", "--home", str(station.home), "--port", str(port))
    run = Killable(*words, "--server", f"http://127.0.0.1:{line.port}", environment=dict(os.environ))
    until_it_answers(f"http://localhost:{port}/dong-bo")
    yield f"http://localhost:{port}"
    run.kill()


def _sound(page: Page) -> None:
    """The page can be read and used by everybody, at two widths."""
    assert axe(page) == []
    assert small_targets(page) == []
    for width in (320, 1366, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert overflow(page) == 0, (page.url, width)


@pytest.mark.browser
def test_an_evening_at_the_station_and_a_line_cut_once(address: str, station: Station, line: SlowLine) -> None:
    with chromium(*CAMERA) as browser:
        screen = browser.new_page(viewport={"width": 360, "height": 740}, base_url=address)
        screen.set_default_timeout(10_000)
        code = _enrol(screen)
        _cut_while_sending(screen, line)
        [row] = queries.outbox(station)
        assert (row["state"], row["slip_code"]) == ("waiting", code)
        screen.locator("main .primary").click()
        screen.locator("main .tag.done").wait_for()
        _sound(screen)
    make.run_due_jobs()

    found = enrolments.by_ulid(row["ulid"])
    assert (found.full_name, found.capture_source, found.slip_code) == (NAME, "mixed", code)


def _enrol(screen: Page) -> str:
    """From the PIN to the slip; the code on it."""
    screen.goto("/")
    _sound(screen)
    screen.get_by_label("Ly A Sua").check()
    screen.locator("[name=pin]").fill(make_station.PIN)
    _go_on(screen, "/")
    screen.goto("/tim?q=1234 may")
    _sound(screen)
    screen.get_by_role("button", name=NAME).click()
    screen.wait_for_url("**/dung-nguoi")
    _sound(screen)
    _go_on(screen, "**/anh")
    screen.wait_for_function("document.getElementById('view').videoWidth > 0")
    _sound(screen)
    screen.locator("#shoot").click()
    for press in ("right-four", "left-four", "thumbs"):
        screen.wait_for_url(f"**/van-tay/{press}")
        _sound(screen)
        while press in screen.url:
            screen.locator("main .primary").click()
    screen.wait_for_url("**/ky")
    _sound(screen)
    screen.locator("[value=thumb]").check()
    _go_on(screen, "**/bien-nhan/*")
    _sound(screen)
    return screen.locator(".code").first.inner_text()


def _go_on(page: Page, address: str) -> None:
    """Press the one button that leads on."""
    page.locator("main .primary").click()
    page.wait_for_url(address)


def _cut_while_sending(page: Page, line: SlowLine) -> None:
    page.goto("/dong-bo")
    page.evaluate("document.querySelector('main form').submit()")
    line.wait_until_carried(6_000)
    line.cut()
    page.locator("main .msg.warning").first.wait_for()
