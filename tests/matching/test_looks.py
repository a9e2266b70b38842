"""The pages of pairs in Chromium: nothing hinders, nothing sticks out, the keyboard is enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from hoaban.matching.rules import Verdict
from tests import browser, make
from tests.matching import world

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.browser]


def test_pages_of_pairs_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    client.force_login(make.officer("adjudicator"))
    nothing = client.get("/mot-hay-hai").content
    case = world.suspected()
    make.person("Lò Thi Mài", born="1962", mother_name="Quàng Thi Inh")
    world.looked_at(case.enrolment_id)
    pages = {
        "matching-cases": "/mot-hay-hai",
        "matching-case": f"/mot-hay-hai/{case.pk}",
    }
    site = tmp_path / "site"
    assert nothing
    assert browser.look_over(client, pages, site) == []

    world.judged(case, Verdict.SAME, Verdict.SAME)
    assert browser.look_over(client, {"matching-same": f"/mot-hay-hai/{case.pk}"}, tmp_path / "decided") == []


def test_a_verdict_needs_no_mouse(client: Client, tmp_path: Path) -> None:
    case = world.suspected()
    client.force_login(make.officer("adjudicator"))
    (tmp_path / "case.html").write_bytes(client.get(f"/mot-hay-hai/{case.pk}").content)

    with browser.served(tmp_path) as origin, browser.chromium() as chromium:
        page = chromium.new_page()
        page.goto(f"{origin}/case.html")
        page.focus("a[href='#verdict']")
        for key in ("Enter", "Tab", "Space", "ArrowDown", "Tab"):
            page.keyboard.press(key)
        page.keyboard.type("asked both")

        assert page.input_value("[name=reason]") == "asked both"
        assert page.input_value("[name=verdict]:checked") == "different"
        assert page.evaluate("() => document.activeElement.form.querySelector('[type=submit]') !== null")
