"""The register's pages in Chromium: nothing hinders, nothing sticks out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from hoaban.base.clock import now
from hoaban.people import actions
from tests import browser, make

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_pages_of_the_register_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    make.person("Lò Pao Sung", sex="M", born="1960", household="H1", relation_to_head="01")
    child = make.person(
        "Lò Pao Dia", born="1990-03", number="011190000001", household="H1", relation_to_head="04",
        father_name="Lò Pao Sung", mother_name="Lò Pao Vi", current_address="Nam Tin", source="form:SYN03174000123",
    )  # fmt: skip
    actions.correct(person_id=child.pk, changes={"marital": "2"}, source="finding:1", by=make.MAKER, at=now())
    client.force_login(make.officer("commune_officer"))
    asking = client.get("/dan-cu/ly-do").content
    client.post("/dan-cu/ly-do", {"purpose": "check"})
    pages = {
        "people-find": "/dan-cu",
        "people-found": "/dan-cu?text=lo+pao",
        "people-nobody": "/dan-cu?text=nobody",
        "people-nothing-written": "/dan-cu?text=",
        "people-purpose": "/dan-cu/ly-do",
        "people-person": f"/dan-cu/{child.pk}",
        "people-history": f"/dan-cu/{child.pk}/lich-su",
        "people-who-looked": f"/dan-cu/{child.pk}/ai-da-xem",
    }

    assert asking
    assert browser.look_over(client, pages, tmp_path) == []
