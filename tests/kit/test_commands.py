"""A station joins, works and sends its packets on a stick with commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hoaban.enrolment import commands as office
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.rules import station as joining
from hoaban.kit import commands as station
from hoaban.kit import rules
from hoaban.kit.store import Station
from tests import make, make_station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_province")]


def _run(app: typer.Typer, *words: object) -> str:
    answer = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_whole_road_by_stick(tmp_path: Path) -> None:
    home, stick = tmp_path / "station", tmp_path / "stick"
    stick.mkdir()
    person, officer = make.person(number="011158001234"), make.officer("kit_operator")

    _run(office.app, "make-keys")
    _run(station.app, "init", "NK01", "--home", home)
    _run(office.app, "register-kit", "NK01", "--home", home, "--team", "T1")
    _run(office.app, "operator", "NK01", officer.username, "--pin", make_station.PIN)
    _run(office.app, "expect", "NK01", person.number)
    _run(office.app, "list", "NK01", "--out", stick / "list")
    _run(station.app, "load-list", stick / "list", "--home", home)
    make_station.enrol(Station(home), person.pk)
    _run(station.app, "export", stick / "packets.zip", "--home", home)
    taken = json.loads(_run(office.app, "import", stick / "packets.zip", "--json"))
    _run(station.app, "receipts", taken["receipts"], "--home", home)

    assert (taken["taken"], taken["put_aside"]) == (1, 0)
    found = json.loads(_run(station.app, "status", "--home", home, "--json"))
    assert (found["done"], found["waiting"], found["received"]) == (1, 0, 1)
    assert json.loads(_run(office.app, "kits", "--json"))[0]["received"] == 1
    assert make.run_due_jobs()
    assert enrolments.of_person(person.pk).count() == 1


def test_what_cant_be_done_is_one_clear_refusal(tmp_path: Path) -> None:
    home = tmp_path / "station"
    with pytest.raises(rules.NoSuchStation):
        _run(station.app, "status", "--home", home)
    _run(station.app, "init", "NK01", "--home", home)
    with pytest.raises(rules.AlreadyThere):
        _run(station.app, "init", "NK01", "--home", home)
    with pytest.raises(rules.NotRegistered):
        _run(station.app, "sync", "--home", home)
    with pytest.raises(joining.OtherCode):
        _run(office.app, "register-kit", "NK02", "--home", home)
    with pytest.raises(rules.NotAnExport):
        _run(station.app, "load-list", home / "none", "--home", home)
    with pytest.raises(office.UnreadableFile):
        _run(office.app, "import", home / "request.json")
