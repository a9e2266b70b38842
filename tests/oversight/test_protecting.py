"""Requests, looks told of later, breaches: their deadlines, their two officers, and what the citizen reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hoaban.audit import actions as audit_actions
from hoaban.audit import queries as audit
from hoaban.base.clock import VIETNAM, now, today, travel
from hoaban.base.errors import NotAllowed
from hoaban.officers import queries as officer_queries
from hoaban.officers.rules import ProposalUnexplained, SameOfficer
from hoaban.oversight import actions, queries, rules
from hoaban.oversight.models import Breach, Withholding
from hoaban.oversight.rules import RequestKind
from hoaban.people.models import Person
from hoaban.web.actor import Actor, Kind, acting_as
from tests import make
from tests.browser import look_over
from tests.services import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def protector(unit: str = "11", level: str = "province") -> Actor:
    return make.actor("auditor", unit, level)


def citizen(person: Person) -> Actor:
    return Actor(Kind.CITIZEN, f"citizen:{person.pk}", "", frozenset({"citizen"}), frozenset(), person.pk)


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


# --- requests -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "hours"), [("object", 72), ("restrict", 72), ("see", 240), ("correct", 240)])
def test_each_kind_of_request_has_its_day_by_the_rule_of_its_time(kind: str, hours: int) -> None:
    received = dt.datetime(2026, 3, 2, 9, tzinfo=VIETNAM)

    assert rules.due(RequestKind(kind), received) == received + dt.timedelta(hours=hours)
    assert rules.due(RequestKind.SEE, received.replace(year=2024)).day == 5


def test_a_citizen_objects_by_one_button_and_reads_the_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    aunt = world.family().aunt
    look = audit_actions.looked([aunt.pk], by=make.actor("clerk"), at=now(), purpose="service")
    world.sign_in(client, monkeypatch, aunt)
    assert "I don't agree" in text_of(client.get("/toi/ai-da-xem"))

    for _twice in range(2):
        assert client.post(f"/toi/ai-da-xem/khong-dong-y/{look.ulid}").status_code == 302
    mine = text_of(client.get("/toi/du-lieu"))
    [request] = queries.requests_of(aunt.pk)
    actions.answer(request_id=request.pk, grants=True, answer="The clerk had no task.", by=protector(), at=now())

    assert "an objection" in mine
    assert "waits for the answer" in mine
    assert "The clerk had no task." in text_of(client.get("/toi/du-lieu"))
    assert "You didn't agree: see the answer" in text_of(client.get("/toi/ai-da-xem"))
    assert client.get(f"/toi/ai-da-xem/khong-dong-y/{look.ulid}").status_code == 405


def test_nobody_objects_to_a_look_at_somebody_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = world.family()
    look = audit_actions.looked([family.nephew.pk], by=make.actor("clerk"), at=now(), purpose="service")
    world.sign_in(client, monkeypatch, family.aunt)

    assert client.post(f"/toi/ai-da-xem/khong-dong-y/{look.ulid}").status_code == 404


def test_an_answer_has_words_comes_once_and_not_from_who_looked() -> None:
    person, mine = make.person(), protector()
    look = audit_actions.looked([person.pk], by=mine, at=now(), purpose="protection")
    request = actions.ask(
        person_id=person.pk, kind="object", text="", entry_ulid=look.ulid, by=citizen(person), at=now()
    )

    with pytest.raises(rules.OwnLooks):
        actions.answer(request_id=request.pk, grants=True, answer="fine", by=mine, at=now())
    with pytest.raises(rules.AnswerMissing):
        actions.answer(request_id=request.pk, grants=False, answer=" ", by=protector(), at=now())
    with pytest.raises(NotAllowed):
        actions.answer(request_id=request.pk, grants=False, answer="no", by=make.actor("clerk"), at=now())
    actions.answer(request_id=request.pk, grants=False, answer="art. 5", by=protector(), at=now())
    with pytest.raises(rules.Answered):
        actions.answer(request_id=request.pk, grants=True, answer="yes", by=protector(), at=now())


def test_requests_are_seen_in_their_commune_and_by_their_citizen_alone() -> None:
    person, other = make.person(), make.person()
    actions.ask(person_id=person.pk, kind="see", text="all", by=citizen(person), at=now())

    for actor, sees in [(citizen(person), 1), (citizen(other), 0), (make.actor("clerk", make.NAM_TIN), 0)]:
        with acting_as(actor):
            assert queries.requests_of(person.pk).count() == sees


# --- looks told of later ----------------------------------------------------------------------------------


def held_back(person: Person, looker: str, by: Actor | None = None) -> Withholding:
    return actions.propose_withholding(
        person_id=person.pk, officer=looker, since=now() - dt.timedelta(days=1), until=today() + dt.timedelta(days=30),
        ground="crime", reason="decision 12/QD", by=by or make.actor("province_officer", "11", "province"), at=now(),
    )  # fmt: skip


def test_a_withheld_look_is_counted_and_not_shown_until_its_day(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    aunt, looker = world.family().aunt, make.officer("province_officer", "11", "province", name="Quang Van Kin")
    audit_actions.looked([aunt.pk], by=officer_queries.actor_of(looker), at=now(), purpose="check")
    one = held_back(aunt, looker.username)
    world.sign_in(client, monkeypatch, aunt)
    assert "Quang Van Kin" in text_of(client.get("/toi/ai-da-xem"))

    actions.approve_withholding(withholding_id=one.pk, reason="the order is here", by=protector(), at=now())

    page = text_of(client.get("/toi/ai-da-xem"))
    assert "Quang Van Kin" not in page
    assert "1 more entry is told of later" in page
    with acting_as(citizen(aunt)):
        assert not audit.entries().filter(actor_id=f"officer:{looker.pk}").exists()
        assert not audit.who_looked(aunt.pk).exists()
        assert not Withholding.objects.exists()
    assert audit.who_looked(aunt.pk).count() == 1
    with travel(now() + dt.timedelta(days=31)):
        assert actions.disclose_ended(by=make.MAKER, at=now()) == 1
        assert actions.disclose_ended(by=make.MAKER, at=now()) == 0
    after = text_of(client.get("/toi/ai-da-xem"))
    assert "Quang Van Kin" in after
    assert "told of later" not in after


def test_withholding_needs_a_ground_a_reason_an_end_and_a_second_officer() -> None:
    person, looker = make.person(), make.officer("province_officer", "11", "province")
    first = make.actor("province_officer", "11", "province")
    whose: dict[str, Any] = {"person_id": person.pk, "officer": looker.username}
    asked = whose | {"since": now(), "by": first, "at": now()}

    with pytest.raises(rules.TooLong):
        actions.propose_withholding(**asked, until=today() + dt.timedelta(days=91), ground="crime", reason="x")
    with pytest.raises(rules.EndsBefore):
        actions.propose_withholding(**asked, until=today(), ground="crime", reason="x")
    with pytest.raises(ProposalUnexplained):
        actions.propose_withholding(**asked, until=today() + dt.timedelta(days=9), ground="crime", reason=" ")
    with pytest.raises(ValueError, match="convenience"):
        actions.propose_withholding(**asked, until=today() + dt.timedelta(days=9), ground="convenience", reason="x")
    one = held_back(person, looker.username, first)
    with pytest.raises(SameOfficer):
        actions.approve_withholding(withholding_id=one.pk, reason="x", by=first, at=now())
    with pytest.raises(NotAllowed):
        actions.approve_withholding(withholding_id=one.pk, reason="x", by=make.actor("clerk"), at=now())
    with pytest.raises(rules.OwnLooks):
        actions.approve_withholding(withholding_id=one.pk, reason="x", by=officer_queries.actor_of(looker), at=now())
    assert not audit.touching(person.pk).filter(action__startswith="oversight").exists()


def test_a_proposal_to_withhold_is_made_and_decided_on_its_pages(client: Client) -> None:
    person, looker = make.person(number="011158000009", born="1958"), make.officer("checker", "11", "province")
    client.force_login(make.officer("province_officer", "11", "province"))
    asked = {
        "number": person.number, "officer": looker.username, "since": f"{today():%d/%m/%Y}",
        "until": f"{today() + dt.timedelta(days=9):%d/%m/%Y}", "ground": "danger", "reason": "order 7",
    }  # fmt: skip
    assert client.post("/giam-sat/bao-sau/de-nghi", asked).status_code == 302
    [one] = queries.withholdings()
    client.force_login(make.officer("auditor", "11", "province"))
    assert "Telling a citizen later of a look" in text_of(client.get("/nguoi-thu-hai"))

    answer = client.post(f"/giam-sat/bao-sau/{one.pk}", {"approves": "no", "reason": "no such order"})

    assert answer.status_code == 302
    assert "declined" in text_of(client.get("/giam-sat/bao-sau"))
    assert client.get("/giam-sat/bao-sau/987654").status_code == 404


# --- breaches ----------------------------------------------------------------------------------------------


def breach(officer: str = "", hours_ago: int = 1, terminal: str = "") -> Breach:
    return actions.record_breach(
        kind="looked_at", what="An officer sold look-ups.", happened_from=now() - dt.timedelta(days=2),
        happened_to=now(), noticed_at=now() - dt.timedelta(hours=hours_ago), officer=officer, terminal=terminal,
        by=protector(), at=now(),
    )  # fmt: skip


def test_whom_a_breach_touched_is_counted_from_the_audit() -> None:
    officer, people = make.officer("clerk"), [make.person() for _n in range(3)]
    by = officer_queries.actor_of(officer)
    audit_actions.looked([people[0].pk, people[1].pk], by=by, at=now() - dt.timedelta(hours=2), purpose="service")
    audit_actions.looked([people[0].pk], by=by, at=now() - dt.timedelta(hours=1), purpose="service")
    audit_actions.looked([people[2].pk], by=make.actor("clerk"), at=now() - dt.timedelta(hours=1), purpose="service")

    touched = queries.touched_by(breach(officer.username))

    assert (touched.entries, touched.people) == (2, 2)
    assert touched.communes == [(make.NAM_KHAN, 2)]
    assert not touched.is_all
    assert queries.touched_by(breach(terminal="10.9.9.9")).people == 0
    assert queries.touched_by(breach()).is_all


def test_the_ministry_is_told_within_72_hours_or_told_why_not() -> None:
    said = {"consequences": "none known", "measures": "locked out", "people_told": True, "at": now()}
    early, late = breach(), breach(hours_ago=73)
    assert (early.due_at - early.noticed_at) == dt.timedelta(hours=72)

    with pytest.raises(rules.NotNotified):
        actions.close_breach(breach_id=early.pk, by=protector(), at=now())
    told = actions.notify(breach_id=early.pk, late_because="", by=protector(), **said)  # type: ignore[arg-type]
    with pytest.raises(rules.LateUnexplained):
        actions.notify(breach_id=late.pk, late_because="", by=protector(), **said)  # type: ignore[arg-type]
    actions.notify(breach_id=late.pk, late_because="line cut", by=protector(), **said)  # type: ignore[arg-type]

    assert told.notified_at is not None
    assert told.people_told_at is not None
    assert actions.close_breach(breach_id=early.pk, by=protector(), at=now()).closed_at is not None
    with pytest.raises(IntegrityError, match="a_late_notice_says_why"), transaction.atomic():
        Breach.objects.filter(pk=late.pk).update(late_because="")


def test_a_breach_is_recorded_notified_and_closed_on_its_pages(client: Client) -> None:
    client.force_login(make.officer("auditor", "11", "province"))
    moment = f"{now().astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    new = {
        "kind": "taken",
        "what": "A stick was lost.",
        "happened_from": moment,
        "happened_to": moment,
        "noticed_at": moment,
    }
    assert client.post("/giam-sat/su-co", {**new, "happened_to": "01/01/2020 10:00"}).status_code == 200
    assert client.post("/giam-sat/su-co", new).status_code == 302
    [one] = queries.breaches()
    address = f"/giam-sat/su-co/{one.code}"

    before = text_of(client.get(address))
    client.post(address, {"consequences": "none", "measures": "found again"})
    client.post(f"{address}/dong")

    assert "71 hours left" in before
    after = text_of(client.get(address))
    assert "notice sent" in after
    assert "found again" in after
    assert "closed" in text_of(client.get("/giam-sat/su-co"))


# --- pages -------------------------------------------------------------------------------------------------


def test_the_impact_file_names_every_processing_its_ground_and_how_long(client: Client) -> None:
    client.force_login(make.officer("auditor", "11", "province"))

    page = text_of(client.get("/giam-sat/tac-dong"))

    assert "Keeping the population register" in page
    assert "adjudicator" in page
    assert "Religion is never a field of searching" in page
    assert "oversight.breach_hours" in page


@pytest.mark.browser
def test_the_pages_hinder_nobody(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aunt = world.family().aunt
    client.cookies["django_language"] = "vi"
    looker = make.officer("clerk", name="Quang Van Kin")
    look = audit_actions.looked([aunt.pk], by=officer_queries.actor_of(looker), at=now(), purpose="service")
    audit_actions.looked(
        [make.person(commune_code=make.NAM_TIN).pk], by=officer_queries.actor_of(looker), at=now(), purpose="service"
    )
    request = actions.ask(person_id=aunt.pk, kind="object", text="", entry_ulid=look.ulid, by=citizen(aunt), at=now())
    other, one = breach(looker.username), held_back(aunt, looker.username)
    client.force_login(make.officer("auditor", "11", "province"))
    pages = {
        "unusual": "/giam-sat/bat-thuong", "day": f"/giam-sat/bat-thuong/officer:{looker.pk}/{today()}",
        "requests": "/giam-sat/yeu-cau", "request": f"/giam-sat/yeu-cau/{request.code}",
        "withholdings": "/giam-sat/bao-sau", "withholding": f"/giam-sat/bao-sau/{one.pk}",
        "breaches": "/giam-sat/su-co", "breach": f"/giam-sat/su-co/{other.code}", "impact": "/giam-sat/tac-dong",
        "second": "/nguoi-thu-hai", "entries": "/giam-sat", "seals": "/giam-sat/niem-phong",
    }  # fmt: skip
    wrong = look_over(client, pages, tmp_path)
    client.logout()
    client.cookies["django_language"] = "vi"
    (mine := tmp_path / "mine").mkdir()
    world.sign_in(client, monkeypatch, aunt)
    wrong += look_over(client, {"who": "/toi/ai-da-xem", "mine": "/toi/du-lieu"}, mine)

    assert wrong == []
