"""The office's pages can be read and used by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from hoaban.base.clock import now
from hoaban.enrolment import actions
from tests import make, make_station
from tests.browser import axe, chromium, overflow, small_targets
from tests.make import MAKER
from tests.running import serving, until_it_answers


def _filled(home: Path) -> list[str]:
    """A station with a held enrolment and a withdrawn one beside it; the addresses that show them."""
    actions.make_keys(by=MAKER, at=now())
    station = make_station.station(home)
    person = make.person("L\u00f2 Th\u1ecb M\u00e0y")
    make_station.give_list(station, person.pk)
    ulid = make_station.enrol(station, person.pk, corrections="1957")
    content = (station.packets / f"{ulid}.hbp").read_bytes()
    for one in (content, b"noise"):
        actions.receive_whole(content=one, came_by="usb", by=MAKER, at=now())
    make.run_due_jobs()
    return [f"/thu-nhan/{end}" for end in (f"goi/{ulid}", f"luot/{ulid}", "tram/NK01", "tram/NK01/thu-hoi")]


@pytest.mark.browser
def test_pages_are_sound_at_each_width(transactional_db: None, worker_id: str, tmp_path: Path) -> None:
    addresses = ["/thu-nhan", *_filled(tmp_path / "station")]
    client = Client()
    client.force_login(make.officer("province_officer", "11", "province"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    with serving(f"test_hoaban_{worker_id}") as (_process, port), chromium() as browser:
        until_it_answers(f"http://localhost:{port}/suc-khoe")
        page = browser.new_page(base_url=f"http://localhost:{port}")
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": f"http://localhost:{port}"}]
        )
        for address in addresses:
            assert page.goto(address).status == 200, address  # type: ignore[union-attr]
            assert axe(page) == [], address
            assert small_targets(page) == [], address
            for width in (320, 360, 1366):
                page.set_viewport_size({"width": width, "height": 740})
                assert overflow(page) == 0, (address, width)
