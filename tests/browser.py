"""Chromium for tests: one launch, and the questions that every page is asked.

`axe(page)` answers what hinders people who can't see or can't use a mouse, `overflow(page)` how many
pixels stick out to the right, `small_text(page)` which words are too small to read.
"""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).parent / "web" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """Where Chromium is; a test that needs it fails loudly without, or is skipped by HOABAN_NO_BROWSER=1."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found:
        return found
    if os.environ.get("HOABAN_NO_BROWSER") == "1":
        pytest.skip("HOABAN_NO_BROWSER=1: pages were not tried in a browser")
    pytest.fail("Chromium is missing: install it (apt install chromium) or set HOABAN_NO_BROWSER=1")


@contextmanager
def chromium(*extra: str) -> Iterator[Browser]:
    """A headless Chromium that speaks to nobody but the page."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable(), args=[*QUIET, *extra])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder of files on a free loopback port; answers with the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def look_over(client: Client, pages: dict[str, str], site: Path) -> list[str]:
    """Draw each page (name: address) as the client gets it, on a phone and on a desk; what hinders, by page.

    HOABAN_PICTURES names a folder in which pictures of the pages are left.
    """
    for folder in sorted(Path(str(finders.find("web"))).parents[2].glob("*/static/*")):
        shutil.copytree(folder, site / "static" / folder.name)
    for name, address in pages.items():
        (site / f"{name}.html").write_bytes(client.get(address).content)
    wrong: list[str] = []
    with served(site) as origin, chromium() as browser:
        page = browser.new_page()
        for name in pages:
            page.set_viewport_size({"width": 320, "height": 900})
            page.goto(f"{origin}/{name}.html")
            wrong += [f"{name}: {fault}" for fault in axe(page)]
            for width in (320, 360, 1366):
                page.set_viewport_size({"width": width, "height": 900})
                if pictures := os.environ.get("HOABAN_PICTURES"):
                    page.screenshot(path=f"{pictures}/{name}-{width}.png", full_page=True)
                if overflow(page):
                    wrong.append(f"{name} sticks out by {overflow(page)} px at {width}")
    return wrong


def axe(page: Page) -> list[str]:
    """Every violation that axe finds on the page, as `rule: what, where`; empty when there is none."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: Any = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{violation['id']}: {violation['help']}, {' '.join(map(str, node['target']))}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def small_text(page: Page, least: float) -> list[str]:
    """Visible words smaller than `least` CSS pixels as drawn, words in scaled drawings included."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll('body *')].flatMap(element => {
            const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.data.trim());
            const box = element.getBoundingClientRect();
            if (!words.length || !box.width || box.width < 2 || element.closest('title,desc,style')) return [];
            const svg = element.closest('svg');
            const scale = svg && svg.viewBox.baseVal.width
                ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
            const size = parseFloat(getComputedStyle(element).fontSize) * scale;
            return size < least ? [`${size.toFixed(1)} px: ${words[0].data.trim()}`] : [];
        })""",
        least,
    )
    return found


def small_targets(page: Page, least: float = 24) -> list[str]:
    """Buttons, fields and links standing alone that are lower than `least` CSS pixels."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll('button, .button, select, input:not([type=hidden]), textarea')]
            .filter(e => { const b = e.getBoundingClientRect(); return b.width && b.height < least; })
            .map(e => e.outerHTML.slice(0, 80))""",
        least,
    )
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""
