"""The register's pages in Chromium: nothing hinders, nothing sticks out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from hoaban.base.clock import now
from hoaban.people import actions
from hoaban.people.rules import Deed
from tests import browser, make

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_pages_of_the_register_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    make.person("Giàng A Chu", sex="M")
    make.person("Lò Pao Sung", sex="M", born="1960", household="H1", relation_to_head="01")
    child = make.person(
        "Lò Pao Dia", born="1990-03", number="011190000001", birth_reg_place="Dien Bien", household="H1",
        relation_to_head="04",
        father_name="Lò Pao Sung", mother_name="Lò Pao Vi", current_address="Nam Tin", source="form:SYN03174000123",
    )  # fmt: skip
    actions.correct(person_id=child.pk, changes={"marital": "2"}, source="finding:1", by=make.MAKER, at=now())
    gone = make.person("Lò Thi Dia", born="1990")
    actions.join(stays_id=child.pk, goes_id=gone.pk, source="decision:4", by=make.MAKER, at=now())
    actions.cancel_number(person_id=child.pk, source="update:9", by=make.MAKER, at=now())
    asked = {"life": "dead", "day": "2026-03-01", "reason": "old age"}
    waiting = actions.propose(
        deed=Deed.CLOSE, person_id=child.pk, facts=asked, source="death:9@2026-03-02", by=make.MAKER, at=now()
    )
    home = child.household_id
    twin = make.person("Lò Pao Dià", born="1990", phone="0912345678")
    facts = {"goes_id": twin.pk, "evidence": "both forms, one house"}
    join = actions.propose(
        deed=Deed.JOIN, person_id=child.pk, facts=facts, source="decision:9@2026-03-02", by=make.MAKER, at=now()
    )
    facts = {"changes": {"full_name": "Lò Pao Dìa", "born": "1990-04", "ethnicity": "08"}, "reason": "her papers"}
    correction = actions.propose(
        deed=Deed.CORRECT, person_id=child.pk, facts=facts, source="update:9@2026-03-02", by=make.MAKER, at=now()
    )
    client.force_login(make.officer("commune_officer"))
    asking = client.get("/dan-cu/ly-do").content
    client.post("/dan-cu/ly-do", {"purpose": "check"})
    pages = {
        "people-find": "/dan-cu",
        "people-found": "/dan-cu?text=lo+pao",
        "people-nobody": "/dan-cu?text=nobody",
        "people-nothing-written": "/dan-cu?text=",
        "people-otherwise": "/dan-cu?text=dang",
        "people-then": f"/dan-cu/{child.pk}?ngay=01/03/2026",
        "people-not-yet": f"/dan-cu/{child.pk}?biet=01/03/2020",
        "people-birth": f"/dan-cu/{child.pk}/khai-sinh",
        "people-move": f"/dan-cu/{child.pk}/thuong-tru",
        "people-close": f"/dan-cu/{child.pk}/khai-tu",
        "people-correct": f"/dan-cu/{child.pk}/sua-thong-tin",
        "people-choose-other": f"/dan-cu/{child.pk}/gop",
        "people-no-other": f"/dan-cu/{child.pk}/gop?text=nobody",
        "people-join": f"/dan-cu/{child.pk}/gop?voi={twin.pk}",
        "people-part": f"/dan-cu/{child.pk}/tach-lai",
        "people-decide-join": f"/dan-cu/cho-duyet/{join.pk}",
        "people-decide-correction": f"/dan-cu/cho-duyet/{correction.pk}",
        "people-joined": f"/dan-cu/{gone.pk}",
        "people-household": f"/ho/{home}",
        "people-head": f"/ho/{home}/chu-ho",
        "people-split": f"/ho/{home}/tach",
        "people-waiting": "/dan-cu/cho-duyet",
        "people-decide": f"/dan-cu/cho-duyet/{waiting.pk}",
        "people-purpose": "/dan-cu/ly-do",
        "people-person": f"/dan-cu/{child.pk}",
        "people-history": f"/dan-cu/{child.pk}/lich-su",
        "people-who-looked": f"/dan-cu/{child.pk}/ai-da-xem",
    }

    assert asking
    assert browser.look_over(client, pages, tmp_path) == []
