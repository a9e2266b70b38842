"""Every page of steering and the front page in Chromium: nothing hinders, nothing sticks out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from hoaban.base.clock import now, today
from hoaban.steering import actions
from tests import make
from tests.browser import look_over
from tests.cards import world as cards
from tests.steering import world

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.browser]


def test_the_pages_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    front = {"front": "/"}
    assert look_over(client, front, site) == []
    world.people()
    cards.ready(cards.holder("011185000012"))
    actions.close_day(by=make.MAKER, at=now())
    client.force_login(make.officer("province_officer", "11", "province"))
    pages = {
        "home": "/viec",
        "board": "/tinh",
        "commune": f"/xa/{make.NAM_KHAN}",
        "names": f"/xa/{make.NAM_KHAN}/ten/left",
        "nobody": f"/xa/{make.NAM_TIN}/ten/carded",
        "register": "/so-dan-cu",
        "register-of-a-commune": f"/so-dan-cu/{make.NAM_KHAN}",
        "households": f"/so-dan-cu/{make.NAM_KHAN}/ho",
        "weekly": f"/bao-cao/tuan?den={today()}",
        "weekly-not-closed": "/bao-cao/tuan?den=01/01/2020",
    }
    (site / "static").rename(tmp_path / "static-before")

    assert look_over(client, pages, site) == []
    client.force_login(make.officer("administrator"))
    (site / "static").rename(tmp_path / "static-between")
    assert look_over(client, {"home-empty": "/viec", "board-none": "/tinh"}, site) == []
    client.force_login(make.officer("village_member"))
    (site / "static").rename(tmp_path / "static-last")
    doors = {"villages": "/tung-nha", "doors": f"/tung-nha/{make.NAM_KHAN}/0", "home-doors": "/viec"}
    assert look_over(client, doors, site) == []
