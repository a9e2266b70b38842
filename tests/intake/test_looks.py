"""The pages of intake in Chromium: nothing hinders, nothing sticks out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from hoaban.base.clock import now
from hoaban.intake import actions
from tests import browser, make
from tests.intake.forms import form, unnumbered, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_pages_of_intake_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path, settings: Any) -> None:
    settings.HOABAN_FILES = tmp_path / "files"
    forms = [form(), unnumbered(father_name="", perm_address=""), unnumbered(full_name="LÒ PAO DIA", dob="never")]
    path = write_csv(tmp_path / "DC01_03174.csv", *forms)
    batch = actions.load(path=path, by=make.MAKER, at=now())
    sent = actions.receive(path=write_csv(tmp_path / "g.csv", unnumbered()), name="g.csv", by=make.MAKER, at=now())
    client.force_login(make.officer("province_officer", "11", "province"))
    pages = {
        "intake-batches": "/phieu",
        "intake-send": "/phieu/gui",
        "intake-waiting": "/phieu/cho-sua",
        "intake-batch": f"/phieu/{batch.pk}",
        "intake-being-read": f"/phieu/{sent.pk}",
        "intake-rows": f"/phieu/{batch.pk}/dong",
        "intake-catalogue": "/phieu/quy-tac",
        "intake-mend": f"/phieu/{batch.pk}/sua/4",
        "intake-no-rows": f"/phieu/{batch.pk}/dong?loi=synthetic_refused",
    }

    assert browser.look_over(client, pages, tmp_path / "site") == []


def test_a_row_is_mended_by_the_keyboard_alone(client: Client, tmp_path: Path, settings: Any) -> None:
    settings.HOABAN_FILES = tmp_path / "files"
    bad = form(gender="Nam", rel_to_head="26", marital="1", spouse_name="")
    batch = actions.load(path=write_csv(tmp_path / "f.csv", bad), by=make.MAKER, at=now())
    client.force_login(make.officer("commune_officer"))
    site = tmp_path / "site"
    shutil.copytree(Path(str(finders.find("intake/mend.js"))).parent, site / "static" / "intake")
    (site / "mend.html").write_bytes(client.get(f"/phieu/{batch.pk}/sua/2").content)

    with browser.served(site) as origin, browser.chromium() as chromium:
        page = chromium.new_page()
        page.goto(f"{origin}/mend.html")
        box = page.locator("input[name=gender]")
        written, proposed = box.input_value(), str(box.get_attribute("data-proposal"))
        box.focus()
        page.keyboard.press("F2")
        taken = box.input_value()
        page.keyboard.press("F8")
        undone = box.input_value()
        box.fill("x")
        page.keyboard.press("F4")
        as_it_was = box.input_value()
        page.keyboard.press("Alt+ArrowDown")
        following = page.evaluate("document.activeElement.name")

    assert (written, taken, undone, as_it_was) == ("Nam", proposed, "Nam", "Nam")
    assert proposed
    assert following not in ("", "gender")
