"""Unusual look-ups: each sign has one that shows it and one that doesn't; nobody is scored."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl
import pytest
from django.test import Client

from hoaban.audit import actions as audit_actions
from hoaban.audit import queries as audit
from hoaban.audit.queries.looking import SCHEMA
from hoaban.base.clock import VIETNAM, now, today
from hoaban.officers import queries as officers
from hoaban.oversight import actions, queries, rules
from hoaban.oversight.engine import unusual
from hoaban.oversight.engine.unusual import Limits, Sign, Unusual
from tests import make

LIMITS = Limits(night_begins=22, night_ends=5, quick_minutes=10, quick_people=5, idle_people=4, namesakes=2)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=VIETNAM)


def looked(
    people: list[int], *, at: dt.datetime = NOON, apart_s: int = 900, who: str = "officer:1", **facts: object
) -> pl.DataFrame:
    """One look after the other."""
    usual = {"commune_code": "03174", "alone": True, "has_task": True} | facts
    rows = [
        [n, who, "Officer", (at + dt.timedelta(seconds=n * apart_s)).astimezone(dt.UTC), usual["commune_code"], one,
         usual["alone"], usual["has_task"]]
        for n, one in enumerate(people)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def found(looks: pl.DataFrame, **known: object) -> list[Unusual]:
    given: dict[str, Any] = {
        "families": {}, "own_family": {}, "kin": {}, "areas": {"officer:1": frozenset({"03174"}), "officer:2": None}
    } | known  # fmt: skip
    families = {"person_id": list(given["families"]), "family": list(given["families"].values())}
    given["families"] = pl.DataFrame(families, schema={"person_id": pl.Int64, "family": pl.String})
    return unusual.find(looks, limits=LIMITS, **given)


def signs(looks: pl.DataFrame, **known: object) -> dict[Sign, tuple[int, ...]]:
    return {reason.sign: reason.person_ids for one in found(looks, **known) for reason in one.reasons}


def test_ordinary_work_by_day_in_ones_own_commune_is_not_unusual() -> None:
    assert found(looked([1, 2, 3])) == []
    assert found(pl.DataFrame(schema=SCHEMA)) == []


def test_known_people_night_and_other_communes_are_named() -> None:
    assert signs(looked([1, 7]), kin={"officer:1": frozenset({7, 8})}) == {Sign.KNOWN: (7,)}
    assert signs(looked([1], at=NOON.replace(hour=23))) == {Sign.NIGHT: (1,)}
    assert signs(looked([1], at=NOON.replace(hour=4))) == {Sign.NIGHT: (1,)}
    assert signs(looked([1, 2], commune_code="03156")) == {Sign.OUTSIDE: (1, 2)}
    assert signs(looked([1, 2], commune_code="03156", who="officer:2")) == {}
    assert signs(looked([1], commune_code="")) == {}


def test_many_within_minutes_and_many_without_a_task_are_named() -> None:
    assert signs(looked([1, 2, 3, 4, 5], apart_s=60)) == {Sign.QUICK: (1, 2, 3, 4, 5)}
    assert signs(looked([1, 2, 3, 4, 5], apart_s=600)) == {}
    assert signs(looked([1, 1, 1, 1, 1, 1], apart_s=10)) == {}
    assert signs(looked([1, 2, 3, 4], has_task=False)) == {Sign.IDLE: (1, 2, 3, 4)}
    assert signs(looked([1, 2, 3, 4], has_task=False, alone=False)) == {}


def test_ones_own_family_name_counts_where_it_is_looked_at_oftener_than_it_is_found() -> None:
    families = {1: "lo", 2: "lo", 3: "giang", 4: "giang", 5: "vang", 6: "vang"}
    looks = pl.concat([looked([1, 2]), looked([3, 4, 5, 6], who="officer:2")])

    assert signs(looks, families=families, own_family={"officer:1": "lo"}) == {Sign.FAMILY: (1, 2)}
    assert signs(looks, families=families, own_family={"officer:2": "lo"}) == {}
    assert signs(looked([1, 2]), families={1: "lo", 2: "lo"}, own_family={"officer:1": "lo"}) == {}


def test_a_known_person_stands_before_a_look_by_night() -> None:
    looks = pl.concat([looked([7]), looked([1], at=NOON.replace(hour=23), who="officer:2")])

    first, second = found(looks, kin={"officer:1": frozenset({7})})

    assert (first.actor_id, second.actor_id) == ("officer:1", "officer:2")


def test_nothing_adds_up_over_an_officers_days() -> None:
    looks = pl.concat([looked([1], at=NOON.replace(hour=23)), looked([2], at=NOON.replace(day=4, hour=23))])

    assert [one.day.day for one in found(looks)] == [2, 4]
    assert {field.name for field in dataclasses.fields(Unusual)} == {
        "actor_id", "actor_name", "day", "people", "reasons"
    }  # fmt: skip


@pytest.mark.django_db
def test_the_page_names_reasons_and_people_and_keeps_what_came_of_it(client: Client) -> None:
    mother = make.person("Lo Thi May", household="H1", number="011158000001", born="1958")
    child = make.person("Lo Van Ban", household="H1", sex="M", born="1990")
    officer = make.officer("commune_officer", name="Giang A Chu")
    officer.number = mother.number
    officer.save()
    who = officers.actor_of(officer)
    audit_actions.looked([child.pk], by=who, at=now(), purpose="check")
    make.assign(auditor := make.officer("auditor", "11", "province"), "auditor")
    client.cookies["django_language"] = "en"
    client.force_login(auditor)

    listed = client.get("/giam-sat/bat-thuong").content.decode()
    address = f"/giam-sat/bat-thuong/{who.id}/{today()}"
    page = client.get(address).content.decode()
    answer = client.post(address, {"result": "talk", "note": "a question of the son"})
    later = client.get("/giam-sat/bat-thuong").content.decode()
    as_file = client.get("/giam-sat/bat-thuong", {"dang": "csv"}).content.decode("utf-8-sig")

    assert "Giang A Chu" in listed
    assert "household, or related" in listed
    assert "There is no score of an officer" in listed
    assert child.full_name in page
    assert answer.status_code == 302
    assert "talked over with the officer" in later
    assert who.id in as_file
    assert audit.touching(child.pk).filter(action="oversight.unusual_read").exists()
    assert client.get(f"/giam-sat/bat-thuong/{who.id}/2020-01-01").status_code == 404


@pytest.mark.django_db
def test_nobody_looks_into_their_own() -> None:
    auditor = make.actor("auditor", "11", "province")

    with pytest.raises(rules.OwnLooks):
        actions.look_into(actor_id=auditor.id, day=today(), result="all_right", note="x", by=auditor, at=now())


@pytest.mark.django_db
def test_a_task_at_hand_makes_a_look_usual() -> None:
    officer, idle, busy = make.actor("clerk"), make.person(), make.person()
    at, hour = dt.datetime.combine(today(), NOON.timetz()), dt.timedelta(hours=1)
    audit_actions.looked([idle.pk], by=officer, at=at, purpose="check")
    audit_actions.looked([busy.pk], by=officer, at=at, purpose="check")
    audit_actions.record("services.approved", "services.Application:1", by=officer, at=at, person_ids=[busy.pk])

    looks = audit.looks_between(at - hour, at + hour, rules.LOOKS)

    assert dict(looks.select("person_id", "has_task").iter_rows()) == {idle.pk: False, busy.pk: True}
    assert set(looks["commune_code"]) == {make.NAM_KHAN}
    assert queries.ranked(today(), today(), make.MAKER) == []
