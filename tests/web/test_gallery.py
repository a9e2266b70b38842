"""Every piece that pages are made of can be read and used by everybody, on screens and on paper."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.browser import chromium, look_over, served, small_targets, small_text

GALLERY = {
    "gallery": "/_mau", "faults": "/_mau?wrong=1",
    **{f"error-{status}": f"/_mau/loi/{status}" for status in (403, 404, 500, 503)},
}  # fmt: skip
A4_PX = 681  # what the margins leave of 210 mm at 96 dpi


def test_the_stylesheet_is_light_enough_for_a_mountain_line() -> None:
    sheet = Path(str(finders.find("web/hb.css"))).read_bytes()

    assert len(gzip.compress(sheet, 9)) <= 4096


@pytest.mark.django_db
def test_a_form_with_faults_names_each_of_them_twice(client: Client) -> None:
    page = client.get("/_mau?wrong=1").content.decode()

    assert page.count('href="#id_born"') == 1
    assert page.count("aria-invalid") >= 3


@pytest.mark.django_db
@pytest.mark.browser
def test_each_piece_hinders_nobody_at_each_width(client: Client, tmp_path: Path) -> None:
    assert look_over(client, GALLERY, tmp_path) == []


@pytest.mark.django_db
@pytest.mark.browser
def test_words_and_targets_are_big_enough_and_paper_shows_what_belongs_on_it(client: Client, tmp_path: Path) -> None:
    look_over(client, {"gallery": "/_mau"}, tmp_path)

    with served(tmp_path) as origin, chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto(f"{origin}/gallery.html")
        assert small_targets(page) == []
        assert small_text(page, 12) == []
        page.set_viewport_size({"width": A4_PX, "height": 1000})
        page.emulate_media(media="print")
        shown = page.evaluate(
            "() => [...document.querySelectorAll('nav, body > header, .acts')].filter(e => e.offsetHeight)"
        )
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        paper = page.locator(".paper").first.is_visible()

    assert shown == []
    assert wide <= A4_PX + 2  # borders
    assert paper
