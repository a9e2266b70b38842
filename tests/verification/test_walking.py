"""Forms checked in a row in Chromium, by keys alone, over a line that is cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page

from hoaban.base.clock import now
from hoaban.intake import queries as intake
from hoaban.people import actions as people
from hoaban.synth.engine import drawing
from hoaban.verification.models import Lot, SampledForm
from tests import database, make
from tests.browser import chromium
from tests.running import serving, until_it_answers
from tests.verification import walking, world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FORMS, DIFFER = 12, 3
FRAME = """() => {
  const view = document.querySelector(".sheet .view").getBoundingClientRect();
  const frame = document.querySelector(".sheet .mark");
  const box = frame.getBoundingClientRect();
  const inside = box.width > 20 && box.left >= view.left - 1 && box.right <= view.right + 1
    && box.top >= view.top - 1 && box.bottom <= view.bottom + 1;
  return [inside, frame.style.left + frame.style.top];
}"""


@pytest.fixture
def drawn(tmp_path: Path) -> Lot:
    """A lot of a few forms, in some of which the register was changed since they were typed."""
    for person in world.forms(tmp_path, FORMS)[:DIFFER]:
        people.correct(
            person_id=person.pk, changes={"father_name": "GIÀNG A SÙNG"}, source="update:1", by=make.MAKER, at=now()
        )
    return world.drawn()


@pytest.fixture
def page(drawn: Lot, worker_id: str) -> Iterator[Page]:
    """A browser at the lot's first form, signed in as a checker; a click of the mouse is an error."""
    client = Client()
    client.force_login(make.officer("checker"))
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    with serving(f"test_hoaban_{worker_id}") as (_process, port), chromium() as browser:
        until_it_answers(f"http://localhost:{port}/suc-khoe")
        page = browser.new_page(base_url=f"http://localhost:{port}")
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": f"http://localhost:{port}"}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"/kiem-tra/lo/{drawn.pk}/to-khai/1")
        yield page


@pytest.fixture
def drawn_image(drawn: Lot) -> Iterator[Path]:
    """The image of the lot's first form, where the server looks for it."""
    one = SampledForm.objects.get(lot=drawn.pk, place=1)
    path = intake.image_path(one.serial)
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing.draw(intake.form(one.serial).values | {"form_serial": one.serial}, path.parent)
    yield path
    path.unlink()


def count(table: str, where: str) -> int:
    """How many rows there are, asked beside Django, which doesn't speak in the browser's loop."""
    name = str(django_settings.DATABASES["default"]["NAME"])
    [[found]] = database.as_owner(name, f"SELECT count(*) FROM verification_{table} WHERE {where}")
    return int(found)


def checked() -> int:
    return count("sampledform", "outcome <> ''")


def test_an_equal_form_takes_one_key_and_one_difference_two(page: Page) -> None:
    keys = []
    while walking.at_form(page):
        keys.append((walking.has_difference(page), walking.answer(page)))

    assert sorted(keys) == [(False, 1)] * (FORMS - DIFFER) + [(True, 2)] * DIFFER
    assert checked() == FORMS
    assert count("finding", "verdict = 'form' AND field = 'father_name'") == DIFFER


def test_an_answer_that_the_cut_line_lost_is_sent_when_it_is_back(page: Page) -> None:
    walking.answer(page)
    before = page.url
    page.context.set_offline(True)
    for key in ("ArrowDown", "3", *"LO PAO DIA", "Enter"):
        page.keyboard.press(key)
    page.locator("#cut").wait_for(state="visible")
    checked_offline = checked()

    page.context.set_offline(False)
    walking.wait_for_another(page, before)

    assert checked_offline == 1
    assert checked() == 2
    assert count("finding", "verdict = 'rekeyed' AND paper_value = 'Lo Pao Dia'") == 1


def test_ten_checks_are_taken_back_one_after_the_other(page: Page) -> None:
    for _ in range(10):
        walking.answer(page)
    for left in range(9, -1, -1):
        before = page.url
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("z")
        walking.wait_for_another(page, before)
        assert checked() == left


def test_the_paper_follows_the_field_in_hand(drawn_image: Path, page: Page) -> None:
    page.reload()
    assert drawn_image.exists()
    seen = []

    for _ in range(5):
        page.keyboard.press("ArrowDown")
        seen.append(page.evaluate(FRAME))

    assert all(inside for inside, _where in seen)
    assert len({where for _inside, where in seen}) == 5
