"""Every card page in Chromium: nothing hinders, nothing sticks out, on a phone and on a desk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from hoaban.cards.models import Application
from tests import browser, make
from tests.cards import world

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.browser]


def test_card_pages_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(str(finders.find("web")), site / "static" / "web")
    for name, address in _pages(client).items():
        (site / f"{name}.html").write_bytes(client.get(address).content)

    with browser.served(site) as origin, browser.chromium() as chromium:
        for file in sorted(site.glob("*.html")):
            for width in (320, 1366):
                page = chromium.new_page(viewport={"width": width, "height": 900})
                page.goto(f"{origin}/{file.name}")
                if os.environ.get("HOABAN_PICTURES"):
                    page.screenshot(path=f"{os.environ['HOABAN_PICTURES']}/{file.stem}-{width}.png", full_page=True)
                assert browser.overflow(page) == 0, f"{file.stem} at {width}"
                if width == 320:
                    assert browser.axe(page) == [], file.stem
                page.close()


def _pages(client: Client) -> dict[str, str]:
    """Addresses of every page with something on it, seen by somebody who may see it."""
    world.asked(world.holder("011185000001"))
    application = world.proposed(world.holder("011185000002"))
    [made] = world.made(world.holder("011185000003"))
    [packed] = world.packed(world.holder("011185000004"))
    [sent] = world.sent(world.holder("011185000005"))
    [ready] = world.ready(world.holder("011185000006"))
    late = world.asked(world.holder("011185000007"))
    Application.objects.filter(pk=late.pk).update(requested_at=late.requested_at.replace(year=2025))
    client.force_login(make.officer("card_officer"))
    assert packed.batch is not None
    assert sent.batch is not None
    return {
        "where": "/the",
        "wrong-code": "/the/ZZZZZZ",
        "track": f"/the/{sent.code}",
        "track-late": f"/the/{late.code}",
        "desk": "/the/ban",
        "propose": "/the/ban/de-nghi",
        "release": "/the/ban/duyet",
        "application": f"/the/ban/don/{application.code}",
        "check": "/the/ban/kiem",
        "late": "/the/ban/cham",
        "batches": "/the/ban/lo",
        "batch-packed": f"/the/ban/lo/{packed.batch.code}",
        "batch-sent": f"/the/ban/lo/{sent.batch.code}",
        "counter": "/the/ban/phat",
        "handover": f"/the/ban/phat/{ready.serial}",
        "card": f"/the/ban/the/{made.serial}",
    }
