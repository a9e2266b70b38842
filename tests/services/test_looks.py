"""The pages of services and of oversight in Chromium: nothing hinders, nothing sticks out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from hoaban.audit import actions as audit
from hoaban.audit.models import Entry
from hoaban.base.clock import now, today
from hoaban.people.models import Person
from hoaban.services import actions
from hoaban.services.models import Application
from tests import browser, make
from tests.services import world

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def another(family: world.Family, number: str) -> Application:
    """A declaration for somebody else of Nam Tin."""
    other = make.person("Lo Thi Xuan", born="19" + number[4:6], number=number, commune_code=make.NAM_TIN)
    who = world.the_nephew(number=number, full_name=other.full_name, born=other.born)
    return world.declared(family, who=who)


def returned(family: world.Family, number: str, mender: str) -> Application:
    """One that was sent back."""
    return actions.send_back(
        application_id=another(family, number).pk, field="period", reason="It begins earlier than the day she came",
        rule="art. 27", mender=mender, by=world.officer(), at=now(),
    )  # fmt: skip


def test_a_citizens_pages_hinder_nobody_and_fit_every_screen(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    make.person(
        "Lo Van Sung", sex="M", born="1990", commune_code=make.NAM_TIN, mother_name="Lo Thi Mai",
        mother_number=family.aunt.number,
    )  # fmt: skip
    sent, mine = another(family, "011199000003"), returned(family, "011199000004", "citizen")
    ours, done = returned(family, "011199000005", "officer"), another(family, "011199000006")
    actions.approve(application_id=done.pk, by=world.officer(), at=now())
    audit.looked([family.aunt.pk], by=world.officer(), at=now(), purpose="service", fields=["record"])
    world.sign_in(client, monkeypatch, family.aunt)
    last = today() + dt.timedelta(days=200)
    client.post(
        "/dich-vu-cong/tam-tru/cau/1",
        {"person_id": "other", "number": world.NEPHEW_NUMBER, "full_name": "Lo Van Nam", "born": "14/03/2009"},
    )
    client.post("/dich-vu-cong/tam-tru/cau/2", {"first_day": f"{today():%d/%m/%Y}", "last_day": f"{last:%d/%m/%Y}"})
    client.post("/dich-vu-cong/tam-tru/cau/3", {"address": "own"})
    pages = {
        "services": "/dich-vu-cong",
        "service": "/dich-vu-cong/tam-tru",
        "question-1": "/dich-vu-cong/tam-tru/cau/1",
        "question-2": "/dich-vu-cong/tam-tru/cau/2",
        "question-3": "/dich-vu-cong/tam-tru/cau/3",
        "check": "/dich-vu-cong/tam-tru/xem-lai",
        "citizen-home": "/toi",
        "citizen-looks": "/toi/ai-da-xem",
    } | {f"result-{one.state}-{n}": f"/toi/ho-so/{one.code}" for n, one in enumerate(_fresh(sent, mine, ours, done))}

    assert browser.look_over(client, pages, tmp_path) == []


def test_the_desk_and_the_audit_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    family = world.family()
    sent = world.declared(family)
    back = returned(family, "011199000005", "officer")
    client.force_login(make.officer("clerk"))
    desk = {
        "desk": "/dich-vu-cong/quay",
        "desk-application": f"/dich-vu-cong/quay/{sent.code}",
        "desk-returned": f"/dich-vu-cong/quay/{back.code}",
    }
    (tmp_path / "desk").mkdir()
    wrong = browser.look_over(client, desk, tmp_path / "desk")
    client.force_login(make.officer("auditor", "11", "province"))
    person = Person.objects.get(pk=family.aunt.pk)
    audit_pages = {
        "audit": "/giam-sat",
        "audit-of-somebody": f"/giam-sat?number={person.number}",
        "audit-wrong": "/giam-sat?first_day=yesterday",
        "audit-seals": "/giam-sat/niem-phong",
        "audit-entry": f"/giam-sat/{_an_entry().ulid}",
    }
    (tmp_path / "audit").mkdir()

    assert wrong + browser.look_over(client, audit_pages, tmp_path / "audit") == []


def _fresh(*applications: Application) -> list[Application]:
    return [Application.objects.get(pk=one.pk) for one in applications]


def _an_entry() -> Entry:
    entry = Entry.objects.first()
    assert entry is not None
    return entry
