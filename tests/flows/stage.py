"""The stage of a story: the server with its worker, a station, the line between them, and people at their screens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page

from hoaban.base.clock import now
from hoaban.officers import actions as officers
from hoaban.rehearsal.queries import totp_code, totp_secret
from hoaban.web.actor import acting_as
from tests import make
from tests.browser import axe, chromium, overflow
from tests.running import Killable, SlowLine, free_port, until_it_answers

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PASSWORD = "a-long-password"


@dataclass
class Stage:
    """Everything that runs, and one screen for each person."""

    browser: Browser
    home: Path
    port: int
    environment: dict[str, str]
    screens: dict[str, Page] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Where the province's pages are."""
        return f"http://localhost:{self.port}"

    def hoaban(self, *words: str | Path) -> str:
        """Run a command as somebody at a terminal would; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "hoaban", *map(str, words)],
            env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def leave_pictures(self) -> None:
        """What everybody sees at the end, in the folder HOABAN_PICTURES, if it is named."""
        folder = os.environ.get("HOABAN_PICTURES")
        for who, page in self.screens.items():
            if folder:
                page.screenshot(path=f"{folder}/{who}.png", full_page=True)

    def screen(self, who: str, base: str = "", width: int = 1366) -> Page:
        """A screen for somebody who isn't signed in."""
        context = self.browser.new_context(
            base_url=base or self.site, viewport={"width": width, "height": 800}, locale="vi-VN",
            accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        self.screens[who] = context.new_page()
        return self.screens[who]

    def officer(self, role: str, unit: str = make.NAM_KHAN, level: str = "commune", name: str = "") -> Page:
        """The screen of an officer of that role who has signed in already."""
        client = Client()
        with acting_as(make.MAKER):  # Playwright's thread of thought has a connection of its own
            client.force_login(make.officer(role, unit, level, name=name))
        page = self.screen(f"{role} {len(self.screens)}")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}])
        return page

    def officer_who_signs_in(self, role: str, unit: str, level: str) -> Page:
        """The screen of an officer who types password and the code of their authenticator."""
        with acting_as(make.MAKER):
            made = make.officer(role, unit, level)
            officers.give_totp(officer=made, secret=totp_secret(made.username), by=make.MAKER, at=now())
        page = self.screen(made.username)
        page.goto("/dong-chi/login/")
        page.locator("[name=login]").fill(made.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main .primary").click()
        page.locator("[name=code]").fill(totp_code(made.username))
        page.locator("main .primary").click()
        page.wait_for_url(lambda address: "/dong-chi/" not in address)
        return page


@contextmanager
def set_up(home: Path, database_name: str) -> Iterator[Stage]:
    """Start the server with its worker over a scratch database, files and keys in `home`; stop all at the end."""
    port = free_port()
    environment = {
        **os.environ,
        "HOABAN_HOME": str(home),
        "DATABASE_URL": _address("default", database_name),
        "HOABAN_OWNER_DATABASE_URL": _address("owner", database_name),
        "HOABAN_BASE_URL": f"http://localhost:{port}",
        "HOABAN_PORT": str(port),
        "HOABAN_SECRET_KEY": settings.SECRET_KEY,
        "HOABAN_SECOND_FACTOR": "0",
    }
    server = Killable("serve", "--port", str(port), environment=environment)
    try:
        until_it_answers(f"http://localhost:{port}/suc-khoe")
        with chromium(*CAMERA) as browser:
            stage = Stage(browser, home, port, environment)
            try:
                yield stage
            finally:
                stage.leave_pictures()
    finally:
        server.kill()


@contextmanager
def station_run(stage: Stage, home: Path, line: SlowLine) -> Iterator[str]:
    """The station as a process of its own, behind a line that can be cut; its address."""
    port = free_port()
    run = Killable(
        "kit", "run", "--home", str(home), "--port", str(port), "--server", f"http://localhost:{line.port}",
        environment=stage.environment,
    )  # fmt: skip
    try:
        until_it_answers(f"http://localhost:{port}/dong-bo")
        yield f"http://localhost:{port}"
    finally:
        run.kill()


def press(page: Page, onward: str | re.Pattern[str] | None = None) -> None:
    """Press the one button that leads on."""
    go(page, page.locator("main .primary").first, onward)


def go(page: Page, button: Locator, onward: str | re.Pattern[str] | None = None) -> None:
    """Press a button and wait for the page that it leads to, which may have the same address."""
    with page.expect_navigation():
        button.click()
    if onward is not None:
        page.wait_for_url(onward)


def looks_right(page: Page) -> None:
    """The page can be read by everybody, on a phone and on a desk."""
    assert axe(page) == [], page.url
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, (page.url, width)


def until(page: Page, there: Callable[[], bool], seconds: float = 20) -> None:
    """Open the page again until it's there: a job of the server is at work."""
    ends = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < ends, (page.url, page.locator("main").inner_text()[:600])
        time.sleep(0.4)
        page.reload()


def until_true(there: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what a job of the server is at work on."""
    ends = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < ends, "it didn't come about"
        time.sleep(0.4)


def _address(alias: str, name: str) -> str:
    at = settings.DATABASES[alias]
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"


__all__ = [
    "PASSWORD",
    "Stage",
    "go",
    "looks_right",
    "press",
    "set_up",
    "station_run",
    "until",
    "until_true",
]
